"""The words of a mail that findings point at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from contracts.verdict import Place
from evaluation import MailView

__all__ = ["LONGEST", "quoted_words"]

LONGEST = 240  # characters of one quotation
_HEADER = "header:"


def quoted_words(path: Path, places: Sequence[Place]) -> tuple[str, ...]:
    """What stands at each place, in one line and no longer than `LONGEST`; "" where the place
    is a part as a whole or has no text. The words are the mail's own: escape them.

    Raises:
        BadInput: the file cannot be read as a mail.
    """
    view = MailView.from_file(path)
    texts = {"subject": view.subject, "html": view.visible, "text": view.text}
    return tuple(_words(view, texts, place) for place in places)


def _words(view: MailView, texts: dict[str, str], place: Place) -> str:
    if place.part.startswith(_HEADER):
        found = view.header(place.part.removeprefix(_HEADER))
    else:
        found = texts.get(place.part, "")
    if place.span is not None:
        # Cut before anything else is done with it: a span may cover a whole mail.
        end = min(place.span.end, place.span.start + 4 * LONGEST)
        found = found[place.span.start : end]
    elif place.part != "subject" and not place.part.startswith(_HEADER):
        return ""
    line = " ".join(found[: 4 * LONGEST].split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
