"""The visible text of a page as it is put together from its pieces."""

from __future__ import annotations

import re

from evaluation.view.markup import SPACE

__all__ = ["Writer", "one_line"]

_RUN = re.compile(r"[ \t\r\n\f]+")


def one_line(text: str) -> str:
    """`text` as a page shows it: without breaks, and spaces run together."""
    return _RUN.sub(" ", text).strip()


class Writer:
    """Collects visible text; breaks are written only between words.

    Attributes:
        length: of the text so far.
        full: the text is as long as it may be, and the rest was left out.
    """

    def __init__(self, limit: int) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.full = False
        self._limit = limit
        self._gap = ""

    def gap(self, text: str) -> None:
        """Ask for a break (" ", a line or a paragraph) before the next word."""
        if len(text) > len(self._gap) or ("\n" in text and "\n" not in self._gap):
            self._gap = text

    def write(self, text: str) -> None:
        body = text.strip(SPACE)
        if not body:
            if text:
                self.gap(" ")
            return
        if text[0] in SPACE:
            self.gap(" ")
        if self.length and self._gap:
            self._append(self._gap)
        self._gap = " " if text[-1] in SPACE else ""
        self._append(_RUN.sub(" ", body))

    def _append(self, text: str) -> None:
        room = self._limit - self.length
        if len(text) > room:
            self.full = True
            text = text[:room]
        if text:
            self.parts.append(text)
            self.length += len(text)

    def since(self, part: int, limit: int) -> str:
        """The text from a piece on, at most `limit` characters of it."""
        taken: list[str] = []
        for at in range(part, len(self.parts)):
            text = self.parts[at][:limit]
            taken.append(text)
            limit -= len(text)
            if limit <= 0:
                break
        return "".join(taken)
