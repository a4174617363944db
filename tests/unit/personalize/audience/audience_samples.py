"""Contacts and files of contacts for the tests of this room."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from contracts.audience import Contact, ImportReport, RowOutcome
from language.taxonomy import load_taxonomy
from personalize.audience import ContactReading, read_contacts


def a_contact(**changes: object) -> Contact:
    values: dict[str, object] = {"id": "c_1", "email": "a.huber@firma.example"}
    return Contact(**{**values, **changes})  # type: ignore[arg-type]


def nobody(email: str) -> Contact | None:
    del email
    return None


def read(path: Path, known: Callable[[str], Contact | None] = nobody) -> ContactReading:
    number = itertools.count(1)
    return read_contacts(path, known, lambda: f"new_{next(number)}", load_taxonomy())


def reasons(report: ImportReport, row: int) -> tuple[str, ...]:
    return next(entry.reasons for entry in report.rows if entry.row == row)


def outcomes(report: ImportReport) -> list[RowOutcome]:
    return [entry.outcome for entry in report.rows]
