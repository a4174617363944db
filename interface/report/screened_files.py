"""Screenings of files as one page that loads nothing: findings, certificates, versions."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.verdict import Ruling, Screening
from interface.report.page import environment

__all__ = ["screening_page"]

_WORDS = {"pass": "passes", "warn": "passes with warnings", "block": "blocked"}


def screening_page(items: Sequence[tuple[str, Screening]]) -> str:
    """An HTML document; every text of a mail is escaped, and nothing in it runs."""
    template = environment().get_template("screening.html.j2")
    return str(
        template.render(
            items=items,
            certificates=[_by_place(item.certificate) for _, item in items],
            words=_WORDS,
            when=f"{items[0][1].at:%Y-%m-%d %H:%M} UTC" if items else "",
        )
    )


def _by_place(rulings: Sequence[Ruling]) -> dict[str, list[Ruling]]:
    found: dict[str, list[Ruling]] = {}
    for ruling in rulings:
        found.setdefault(ruling.jurisdiction, []).append(ruling)
    return found
