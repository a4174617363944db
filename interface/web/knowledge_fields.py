"""What is still missing on a case: a form with just the fields that nobody stated."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import streamlit as st

from contracts.case import Case
from contracts.decision import User
from interface.web.knowledge_names import field_name, label, language_name
from interface.web.names import sentence
from interface.web.parts import plain
from interface.web.session import Studio, say, shown_errors
from interface.web.texts import text
from language import country_name, region_of
from language.taxonomy import load_taxonomy
from workflow.case_fields import ANSWERABLE, set_fields
from workflow.people import why_not

__all__ = ["asked_fields", "fields_missing", "lacks_fields", "show_missing"]

_LATEST = date(2099, 12, 31)  # that can be chosen as the last day of use
# What is asked for together: other names matter as soon as the customer does, and a country
# tells the region.
_ALONG = {"also_known_as": ("customer", "name_public"), "country": ("region",)}


def lacks_fields(case: Case) -> bool:
    """Whether there is anything to ask for."""
    return bool(asked_fields(case))


def asked_fields(case: Case) -> tuple[str, ...]:
    """The fields to ask for, in the order of the form: those that nobody stated, those whose
    value is not known, and what is asked for along with them."""
    lacking = {*case.missing, *case.unrecognised} & set(ANSWERABLE)
    along = {name for name, others in _ALONG.items() if lacking.intersection(others)}
    order = ["customer", "also_known_as", *ANSWERABLE]
    return tuple(name for name in dict.fromkeys(order) if name in lacking | along)


def fields_missing(case: Case) -> str:
    """How many fields nobody stated, in words; "" where none is missing."""
    count = len({*case.missing, *case.unrecognised} & set(ANSWERABLE))
    if not count:
        return ""
    several = text("knowledge.missing_count", count=count)
    return text("knowledge.missing_one") if count == 1 else several


def show_missing(studio: Studio, user: User, case: Case, place: str) -> None:
    """The form for a case, nothing where it lacks no field.

    Args:
        place: where on the page it stands; the same case may be asked for in two places.
    """
    asked = asked_fields(case)
    if not asked:
        return
    refusal = why_not(user, "manage_cases")
    key = f"{place}-{case.id}"
    given: dict[str, Any] = {}
    with st.form(f"fields-{key}", border=True):
        st.caption(text("knowledge.missing_lead"))
        # In rows of two, so that a narrow screen, which has one column, keeps the order.
        for pair in (asked[at : at + 2] for at in range(0, len(asked), 2)):
            for name, column in zip(pair, st.columns(2, gap="medium"), strict=False):
                with column:
                    given[name] = _INPUTS[name](case, f"{key}-{name}", bool(refusal))
                    if name in case.unrecognised:
                        st.caption(plain(text("knowledge.stated", value=case.unrecognised[name])))
        sent = st.form_submit_button(
            text("knowledge.save_button"), key=f"save-{key}", disabled=bool(refusal)
        )
    if refusal:
        st.caption(plain(sentence(refusal)))
    if sent and not refusal:
        _save(studio, user, case, {name: value for name, value in given.items() if _said(value)})


def _save(studio: Studio, user: User, case: Case, fields: Mapping[str, Any]) -> None:
    if not fields:
        st.error(text("knowledge.nothing_given"))
        return
    if fields.get("name_public") and not (fields.get("customer") or any(case.customer.values())):
        st.error(text("knowledge.named_nobody"))
        return
    with shown_errors():
        with studio.busy:
            changed = set_fields(studio.house, case.id, fields, user)
        said = "saved" if lacks_fields(changed) else "saved_all"
        names = ", ".join(field_name(name) for name in fields)
        say(text(f"knowledge.{said}", title=case.title, fields=names))
        st.rerun()


def _said(value: Any) -> bool:
    return value is not None and value not in ("", [])


# --- one input for each field; each gives what front matter would have, or nothing ----------

_Input = Callable[[Case, str, bool], Any]


def _line(name: str) -> _Input:
    def show(_: Case, key: str, disabled: bool) -> str:
        helped = text("knowledge.help_source") if name == "source" else None
        given = st.text_input(field_name(name), key=key, disabled=disabled, help=helped)
        return (given or "").strip()

    return show


def _lines(name: str) -> _Input:
    def show(_: Case, key: str, disabled: bool) -> list[str]:
        given = st.text_area(
            field_name(name),
            key=key,
            disabled=disabled,
            height=80,
            help=text(f"knowledge.help_{name}"),
        )
        return [line.strip() for line in (given or "").splitlines() if line.strip()]

    return show


def _choice(name: str, options: Callable[[], Sequence[str]], named: Callable[[str], str]) -> _Input:
    def show(_: Case, key: str, disabled: bool) -> str | None:
        chosen: str | None = st.selectbox(
            field_name(name),
            sorted(options(), key=named),
            index=None,
            format_func=named,
            placeholder=text("knowledge.choose_one"),
            key=key,
            disabled=disabled,
            help=text("knowledge.help_country") if name == "country" else None,
        )
        return chosen

    return show


def _roles(_: Case, key: str, disabled: bool) -> list[str]:
    return st.multiselect(
        field_name("roles"),
        sorted(load_taxonomy().ids("role"), key=_role_name),
        format_func=_role_name,
        placeholder=text("knowledge.choose_one"),
        key=key,
        disabled=disabled,
        help=text("knowledge.help_roles"),
    )


def _role_name(role: str) -> str:
    return label("role", role)


def _may_be_named(_: Case, key: str, disabled: bool) -> bool | None:
    return st.radio(
        field_name("name_public"),
        [True, False],
        index=None,
        format_func=lambda yes: text("app.yes" if yes else "app.no"),
        horizontal=True,
        key=key,
        disabled=disabled,
    )


def _last_day(_: Case, key: str, disabled: bool) -> date | None:
    return st.date_input(
        field_name("valid_until"),
        value=None,
        max_value=_LATEST,
        format="YYYY-MM-DD",
        key=key,
        disabled=disabled,
    )


def _language(case: Case, key: str, disabled: bool) -> str | None:
    """The text was read in a language; a person can only say that this is right."""
    language = language_name(case.language)
    right = st.checkbox(
        text("knowledge.confirm_language", language=language),
        key=key,
        disabled=disabled,
        help=text("knowledge.help_language", language=language),
    )
    return case.language if right else None


@cache
def _countries() -> tuple[str, ...]:
    """Every country that has a sales region, by its code of two letters."""
    codes = ("".join(pair) for pair in product(string.ascii_uppercase, repeat=2))
    return tuple(code for code in codes if region_of(code))


_INPUTS: Mapping[str, _Input] = {
    "customer": _line("customer"),
    "also_known_as": _lines("also_known_as"),
    "name_public": _may_be_named,
    "industry": _choice(
        "industry", lambda: load_taxonomy().ids("industry"), lambda i: label("industry", i)
    ),
    "region": _choice(
        "region", lambda: load_taxonomy().ids("region"), lambda i: label("region", i)
    ),
    "country": _choice("country", _countries, lambda code: country_name(code, "en")),
    "language": _language,
    "roles": _roles,
    "products": _lines("products"),
    "valid_until": _last_day,
    "source": _line("source"),
}
