"""What the reading of claims asks of whoever keeps the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.case import Case, Span

__all__ = ["CaseSearch", "NamedCustomer"]


@dataclass(frozen=True, slots=True)
class NamedCustomer:
    """A customer of the knowledge base whom a text names, and the cases about it."""

    span: Span
    cases: tuple[Case, ...]


class CaseSearch(Protocol):
    """Where the cases are kept, as far as claims are concerned. It gives only cases that may
    be used today."""

    def customers(self, text: str) -> Sequence[NamedCustomer]:
        """The customers that `text` names, in order of place, with all cases about each."""

    def candidates(self, text: str, language: str) -> Sequence[Case]:
        """Cases that may speak of what `text` (a sentence in `language`) states, the likeliest
        first: by what it says and by the figures in it."""
