"""What pages need to know of taking cases in and of the index, without knowing that room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.house import House

if TYPE_CHECKING:
    from knowledge_base import CaseNote as CaseNote
    from knowledge_base import Refusal as Refusal

__all__ = [
    "IndexState",
    "ReadingLimits",
    "index_state",
    "read_suffixes",
    "reading_limits",
    "refused",
]


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How large a file may be that cases are read from, in bytes."""

    document: int
    html: int
    text: int


@dataclass(frozen=True, slots=True)
class IndexState:
    """`other_model` is what the index was made with where the settings want another, `damage`
    what is wrong with it; making it anew mends both. Both empty where all is well."""

    other_model: str = ""
    damage: str = ""


def read_suffixes() -> tuple[str, ...]:
    """The endings of files that cases are read from: ".md", ".pdf" …"""
    from knowledge_base import SUFFIXES

    return tuple(SUFFIXES)


def reading_limits() -> ReadingLimits:
    from knowledge_base.readers.limits import DOCUMENT_BYTES, HTML_BYTES, TEXT_BYTES

    return ReadingLimits(DOCUMENT_BYTES, HTML_BYTES, TEXT_BYTES)


def refused(path: str, reason: str) -> Refusal:
    """A file that did not come as far as being read."""
    from knowledge_base import Refusal as Refused

    return Refused(path, 0, reason)


def index_state(house: House) -> IndexState:
    """Whether the index is the one that the settings want.

    Raises:
        ModelNotFound, LanguagesUnknown, ServerUnreachable: what making it anew would meet too.
    """
    from knowledge_base import IndexUnreadable

    try:
        index = house.index
        return IndexState(other_model=index.model if index.outdated else "")
    except IndexUnreadable as error:
        return IndexState(damage=str(error))
