"""Countries and languages by the names that people write, and which is spoken where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from language.datafile import DataFile, load_data
from language.tags import data_language
from language.taxonomy_files import terms_languages

__all__ = [
    "country_code",
    "country_name",
    "language_code",
    "languages_of",
    "names_in_text",
    "region_of",
]

_SHORTEST = 4  # letters of another name that running text is searched for: not "D", "GER"


class _Country(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str  # taxonomy id, "" for Antarctica
    languages: tuple[str, ...]  # BCP 47, the default first
    names: Mapping[str, str]  # by language, where they differ from those of CLDR
    also: tuple[str, ...] = ()
    text: tuple[str, ...] = ()  # short names that are also looked for in running text
    not_in_text: tuple[str, ...] = ()  # languages in which its name is a common word as well


class _Countries(DataFile):
    countries: Mapping[str, _Country]


class _Languages(DataFile):
    languages: Mapping[str, tuple[str, ...]]


def country_code(text: str) -> str:
    """ISO 3166-1 alpha-2 of a country's name or code, "" if it is not known.

    Takes alpha-2 and alpha-3 codes, names in every language that the taxonomy has names in,
    in the country's own languages, and forms in common use ("USA", "UK", "VR China"). Case,
    accents, full-width letters, dots and spaces make no difference. A name that could be
    two countries is none.
    """
    key = _key(text)
    found = _country_index().get(key)
    return _cldr_index().get(key, "") if found is None else found


def country_name(code: str, language: str) -> str:
    """What speakers of `language` call the country `code` (alpha-2): its name in the Unicode
    CLDR unless the data has one; its English name where that has none, "" if the code is not
    known."""
    code = code.strip().upper()
    country = _countries().get(code)
    if country is None:
        return ""
    tag = data_language(language)
    return country.names.get(tag) or _cldr_names(tag).get(code) or country.names["en"]


def names_in_text(language: str) -> tuple[tuple[str, str], ...]:
    """Codes of countries with each name by which running text in `language` speaks of them:
    without codes, without names that are common words there."""
    tag = data_language(language)
    found: dict[tuple[str, str], None] = {}
    for code, country in _countries().items():
        if not country.region or tag in country.not_in_text:
            continue
        also = (name for name in country.also if len(name) >= _SHORTEST and "." not in name)
        for name in (country_name(code, tag), *country.text, *also):
            found[code, name] = None
    return tuple(found)


def languages_of(code: str) -> tuple[str, ...]:
    """Main languages of the country `code` (alpha-2), the default first; () if not known.

    Several where mail in one of them cannot be assumed to be read by all: CH, BE, CA, SG …
    """
    country = _countries().get(code.strip().upper())
    return country.languages if country else ()


def region_of(code: str) -> str:
    """Sales region of the country `code` as the taxonomy names it, "" if not known.

    One of europe, north-america, china (with Hong Kong and Macao), asia-pacific,
    latin-america, middle-east, africa.
    """
    country = _countries().get(code.strip().upper())
    return country.region if country else ""


def language_code(text: str) -> str:
    """BCP 47 as the product writes it of a language's name or tag, "" if it is not known.

    "deutsch", "German", "DE", "de_AT" -> "de"; "中文", "zh-CN", "Chinesisch" ->
    "zh-Hans"; "zh-TW", "繁體中文" -> "zh-Hant"; "EN-GB" -> "en"; "pt-BR" -> "pt-BR".
    """
    index = _language_index()
    found = index.get(_key(text), "")
    if found:
        return found
    # A tag with regions or variants that no list has: "de-AT", "en_GB.UTF-8", "zh-Hant-HK".
    tag = unicodedata.normalize("NFKC", text).strip().split(".")[0].split("@")[0].split(";")[0]
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})+", tag):
        return ""
    parts = re.split("[-_]", tag)
    while len(parts) > 1:
        parts.pop()
        found = index.get(_key("-".join(parts)), "")
        if found:
            return found
    return ""


def _key(text: str) -> str:
    """What is left of a name when spelling habits are taken away."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c) or ord(c) > 0x06FF)
    return "".join(c for c in plain if c.isalnum() or (ord(c) > 0x06FF and not c.isspace()))


@cache
def _countries() -> Mapping[str, _Country]:
    return load_data("language", "countries.yaml", _Countries).countries


@cache
def _country_index() -> Mapping[str, str]:
    index: dict[str, str] = {}
    for code, country in _countries().items():
        for name in (code, *country.names.values(), *country.also):
            key = _key(name)
            index[key] = code if index.get(key, code) == code else ""
    return index


@cache
def _cldr_names(tag: str) -> Mapping[str, str]:
    """Names of countries by code; none in a language that CLDR does not know."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(tag.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {code: territories[code] for code in _countries() if code in territories}


@cache
def _cldr_index() -> Mapping[str, str]:
    """Names in the languages of the taxonomy that the data file has not: read only for a name
    that it does not know."""
    index: dict[str, str] = {}
    for tag in terms_languages():
        for code, name in _cldr_names(tag).items():
            key = _key(name)
            index[key] = code if index.get(key, code) == code else ""
    return index


@cache
def _language_index() -> Mapping[str, str]:
    index: dict[str, str] = {}
    for tag, names in load_data("language", "languages.yaml", _Languages).languages.items():
        for name in (tag, *names):
            key = _key(name)
            index[key] = tag if index.get(key, tag) == tag else ""
    return index
