"""Countries and languages by the names that people write, and which is spoken where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from language.datafile import DataFile, load_data

__all__ = ["country_code", "country_name", "language_code", "languages_of", "region_of"]


class _Country(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str  # taxonomy id, "" for Antarctica
    languages: tuple[str, ...]  # BCP 47, the default first
    names: Mapping[str, str]  # by language
    also: tuple[str, ...] = ()


class _Countries(DataFile):
    countries: Mapping[str, _Country]


class _Languages(DataFile):
    languages: Mapping[str, tuple[str, ...]]


def country_code(text: str) -> str:
    """ISO 3166-1 alpha-2 of a country's name or code, "" if it is not known.

    Takes alpha-2 and alpha-3 codes, names in English, German and Chinese, in the
    country's own languages, and forms in common use ("USA", "UK", "VR China"). Case,
    accents, full-width letters, dots and spaces make no difference. A name that could be
    two countries is none.
    """
    return _country_index().get(_key(text), "")


def country_name(code: str, language: str) -> str:
    """What speakers of `language` call the country `code` (alpha-2); its English name where
    the data has none in that language, "" if the code is not known."""
    country = _countries().get(code.strip().upper())
    if country is None:
        return ""
    return country.names.get(language) or country.names.get("en", "")


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
def _language_index() -> Mapping[str, str]:
    index: dict[str, str] = {}
    for tag, names in load_data("language", "languages.yaml", _Languages).languages.items():
        for name in (tag, *names):
            key = _key(name)
            index[key] = tag if index.get(key, tag) == tag else ""
    return index
