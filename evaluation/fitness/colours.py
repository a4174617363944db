"""Contrast between two colours of a mail (WCAG 2.1, glossary), and whether a colour can be told.

How colours are written is read in `evaluation.view.colours`.
"""

from __future__ import annotations

from functools import lru_cache

from evaluation.view.colours import BLACK, WHITE, Colour, Paint, read_paint

__all__ = ["BLACK", "WHITE", "Colour", "contrast", "read_colour", "shines_through"]


def read_colour(value: str) -> Colour | None:
    """The colour that a CSS value or an attribute of HTML names, first of a shorthand's too;
    None where it names none that stands by itself: nothing, a variable, one that lets what is
    below shine through."""
    paint = _paint(value)
    return paint.colour if paint and paint.alpha >= 1 else None


def shines_through(value: str) -> bool:
    """Whether a value names a colour that mixes with what is below, or one that nobody knows."""
    if "var(" in value or "color-mix(" in value:
        return True
    paint = _paint(value)
    return paint is not None and 0 < paint.alpha < 1


def _paint(value: str) -> Paint | None:
    return read_paint(value.lower(), bare=True)  # bgcolor is written without the sign


@lru_cache(maxsize=2048)
def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
