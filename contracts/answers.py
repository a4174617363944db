"""Fields of a case that a person stated beside its file; they stand above what the file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from contracts.case import Case

__all__ = ["ANSWERABLE", "CaseAnswers"]

# What a field is called in files and commands, where that differs.
_WRITTEN = {"extra_names": "also_known_as"}


@dataclass(frozen=True, slots=True)
class CaseAnswers:
    """What was answered for one case, in the types of `Case`; None where it was not asked."""

    customer: Mapping[str, str] | None = None
    name_public: bool | None = None
    industry: str | None = None
    region: str | None = None
    country: str | None = None
    language: str | None = None
    roles: tuple[str, ...] | None = None
    products: tuple[str, ...] | None = None
    valid_until: date | None = None
    source: str | None = None
    extra_names: tuple[str, ...] | None = None

    def given(self) -> Mapping[str, Any]:
        """The answers there are, by the field of `Case`."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    def over(self, earlier: CaseAnswers) -> CaseAnswers:
        """These answers, and the earlier ones for fields that these leave open."""
        return replace(earlier, **self.given())

    def on(self, case: Case) -> Case:
        """The case with the answers in place; what was answered is missing no more."""
        given = self.given()
        written = {_WRITTEN.get(name, name) for name in given}
        return replace(
            case,
            **given,
            missing=tuple(name for name in case.missing if name not in written),
            unrecognised={k: v for k, v in case.unrecognised.items() if k not in written},
        )


# The names under which files and commands state these fields.
ANSWERABLE = tuple(_WRITTEN.get(item.name, item.name) for item in fields(CaseAnswers))
