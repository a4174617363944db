"""The files of a mail, as every check of this folder takes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

__all__ = ["File", "attached_files"]


@runtime_checkable
class File(Protocol):
    """One file of a mail, whoever made it."""

    @property
    def name(self) -> str: ...  # as the mail gives it, decoded; "" where it gives none

    @property
    def media_type(self) -> str: ...  # may have parameters; "" unknown

    @property
    def data(self) -> bytes: ...

    @property
    def disposition(self) -> str: ...  # "attachment", "inline" or ""

    @property
    def content_id(self) -> str: ...

    @property
    def size(self) -> int: ...  # octets, also where `data` holds only a part


def attached_files(view: object) -> tuple[File, ...]:
    """The files of a view, in order; none where it was made of bodies alone."""
    files: Iterable[object] = getattr(view, "attached", ())
    return tuple(file for file in files if isinstance(file, File))
