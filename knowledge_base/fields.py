"""The fields of a case as people and other systems write them, made into our words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from language import country_code, language_code, load_taxonomy, region_of

__all__ = [
    "OWN_KEYS",
    "SHARED_KEYS",
    "STATED_KEYS",
    "CaseFields",
    "FieldError",
    "nearest",
    "own_fields",
    "shared_fields",
]

OWN_KEYS = (
    "id",
    "title",
    "customer",
    "name_public",
    "industry",
    "region",
    "country",
    "language",
    "roles",
    "products",
    "valid_until",
    "source",
    "sample",
    "also_known_as",
)
# What a document or a person may state of a case beside its text.
STATED_KEYS = tuple(key for key in OWN_KEYS if key not in ("id", "title", "sample"))
SHARED_KEYS = (
    "id",
    "lang",
    "parallel_id",
    "title",
    "subtitle",
    "company",
    "company_en",
    "location",
    "location_en",
    "industry",
    "industry_en",
    "sector",
    "vendor_product",
    "kind",
    "date",
    "licence",
    "attribution",
    "source_repo",
    "source_commit",
    "source_path",
    "text",
    "chars",
    "has_metric",
    "split",
)
# What `kb check` asks for where nobody stated it.
_ASKED = (
    "customer",
    "name_public",
    "industry",
    "region",
    "language",
    "roles",
    "products",
    "valid_until",
    "source",
)
_ID = re.compile(r"[^\W_][\w./-]{0,199}")
# Days as people write them where there is no doubt which number is the month.
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})\s*[日일.]?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")


class FieldError(ValueError):
    """A field that cannot be taken; `key` tells which, the message what to do."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class CaseFields:
    """What a record states of a case; what it leaves open is named in `missing`."""

    id: str
    title: str = ""
    customer: Mapping[str, str] = field(default_factory=dict)
    name_public: bool = False
    industry: str = ""
    region: str = ""
    country: str = ""
    language: str = ""  # "" where not stated
    roles: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    valid_until: date | None = None
    source: str = ""
    sample: bool = False
    extra_names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unrecognised: Mapping[str, str] = field(default_factory=dict)  # see Case


def nearest(key: str, known: Sequence[str]) -> str:
    """'; did you mean "…"?' or, where nothing is near, the list of what is known."""
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"


def own_fields(record: Mapping[str, Any], default_id: str) -> CaseFields:
    """The fields of our own form.

    Raises:
        FieldError: a key is unknown, or a value is not of its kind or not in the taxonomy.
    """
    for key in record:
        if key not in OWN_KEYS:
            raise FieldError(key, f'unknown field "{key}"; {nearest(str(key), OWN_KEYS)}')
    language = _language(record.get("language"))
    country = _named(record, "country", country_code, "an ISO 3166 code such as DE")
    taxonomy = load_taxonomy()
    region = _named(
        record,
        "region",
        lambda text: taxonomy.find("region", text),
        ", ".join(taxonomy.ids("region")),
    )
    customer = _customer(record.get("customer"), language)
    result = CaseFields(
        id=_id(record.get("id"), default_id),
        title=_text(record, "title"),
        customer=customer,
        name_public=_flag(record, "name_public"),
        industry=_named(
            record,
            "industry",
            lambda text: taxonomy.find("industry", text),
            ", ".join(taxonomy.ids("industry")),
        ),
        region=region or region_of(country),
        country=country,
        language=language,
        roles=tuple(dict.fromkeys(_role(text) for text in _texts(record, "roles"))),
        products=_texts(record, "products"),
        valid_until=_day(record.get("valid_until")),
        source=_text(record, "source"),
        sample=_flag(record, "sample"),
        extra_names=_texts(record, "also_known_as"),
    )
    stated = {key for key, value in record.items() if value not in (None, "", [], {})}
    if result.region:
        stated.add("region")  # it follows from the country
    return _with_missing(result, stated)


def shared_fields(record: Mapping[str, Any]) -> CaseFields:
    """The fields of the shared form of published stories. What such a record calls an
    industry or a place but the taxonomy does not know is left open, not guessed.

    Raises:
        FieldError: a key is unknown, or id or language are not given.
    """
    for key in record:
        if key not in SHARED_KEYS:
            raise FieldError(key, f'unknown field "{key}"; {nearest(str(key), SHARED_KEYS)}')
    language = _language(record.get("lang"))
    if not language:
        raise FieldError("lang", "no language; give lang, such as en or zh-Hans")
    taxonomy = load_taxonomy()
    company, english = _text(record, "company"), _text(record, "company_en")
    customer: dict[str, str] = {}
    if company:
        customer = {"": english or company, language: company}
        if english:
            customer["en"] = english
    industry = next(
        (
            found
            for key in ("industry_en", "industry", "sector")
            if (found := taxonomy.find("industry", _text(record, key)))
        ),
        "",
    )
    country = ""
    for key in ("location_en", "location"):
        place = _text(record, key)
        last = re.split(r"[,，、]", place)[-1].strip() if place else ""
        country = country or country_code(place) or country_code(last)
    region = region_of(country) or taxonomy.find("region", _text(record, "location"))
    product = _text(record, "vendor_product")
    source = ", ".join(
        part
        for part in (
            _text(record, "attribution"),
            _text(record, "licence"),
            ":".join(p for p in (_text(record, "source_repo"), _text(record, "source_path")) if p),
        )
        if part
    )
    result = CaseFields(
        id=_id(record.get("id"), ""),
        title=_text(record, "title") or _text(record, "subtitle"),
        customer=customer,
        industry=industry,
        region=region,
        country=country,
        language=language,
        products=(product,) if product else (),
        source=source,
    )
    stated = {"language"} | {
        key
        for key in ("customer", "industry", "region", "products", "source")
        if getattr(result, key)
    }
    return _with_missing(result, stated)


def _with_missing(fields: CaseFields, stated: set[str]) -> CaseFields:
    return replace(fields, missing=tuple(key for key in _ASKED if key not in stated))


def _id(value: Any, default: str) -> str:
    if value is None or value == "":
        value = default
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise FieldError("id", "id must be letters, digits, and . _ / - (at most 200); mend it")
    return value


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise FieldError(key, f"{key} must be text")
    return " ".join(value.split())


def _texts(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = record.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise FieldError(key, f"{key} must be a list of texts")
    return tuple(item.strip() for item in value if item.strip())


def _flag(record: Mapping[str, Any], key: str) -> bool:
    value = record.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise FieldError(key, f"{key} must be true or false")
    return value


def _named(record: Mapping[str, Any], key: str, find: Callable[[str], str], known: str) -> str:
    text = _text(record, key)
    if not text:
        return ""
    found = find(text)
    if not found:
        raise FieldError(key, f'{key} "{text}" is not known; use {known}')
    return found


def _role(text: str) -> str:
    taxonomy = load_taxonomy()
    found = taxonomy.find("role", text) or taxonomy.find_role_in(text)
    if not found:
        raise FieldError(
            "roles", f'role "{text}" is not known; {nearest(text, taxonomy.ids("role"))}'
        )
    return found


def _language(value: Any) -> str:
    if value is None or value == "":
        return ""
    found = language_code(value) if isinstance(value, str) else ""
    if not found:
        raise FieldError(
            "language", "the language is not known; use a code such as en, de, zh-Hans"
        )
    return found


def _day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        raise FieldError("valid_until", "valid_until must be a day such as 2028-12-31")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise FieldError("valid_until", "valid_until must be a day such as 2028-12-31") from None


def _customer(value: Any, language: str) -> Mapping[str, str]:
    """The customer's name by language, with "" for where no other fits: the English form,
    else that of the case's language, else the first."""
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        return {"": " ".join(value.split())}
    if not isinstance(value, Mapping) or not value:
        raise FieldError("customer", "customer must be a name, or names by language")
    names: dict[str, str] = {}
    for key, name in value.items():
        code = language_code(str(key)) if key else ""
        if (key and not code) or not isinstance(name, str) or not name.strip():
            raise FieldError("customer", "customer must be a name, or names by language")
        names[code] = " ".join(name.split())
    default = names.get("") or names.get("en") or names.get(language) or next(iter(names.values()))
    return {"": default, **names}
