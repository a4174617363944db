"""Quantities of two texts compared by what they say: 30 minutes are half an hour, five times as
fast is 80 % less time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from contracts.case import Span

__all__ = ["Quantity", "change_of", "derived", "same_quantity"]

# Unit -> what it is counted in, and how many of these it is. A month has no fixed number of
# days, so months and days are not converted.
_BASES: Mapping[str, tuple[str, Decimal]] = {
    "millisecond": ("second", Decimal("0.001")),
    "second": ("second", Decimal(1)),
    "minute": ("second", Decimal(60)),
    "hour": ("second", Decimal(3600)),
    "day": ("second", Decimal(86_400)),
    "week": ("second", Decimal(604_800)),
    "month": ("month", Decimal(1)),
    "quarter": ("month", Decimal(3)),
    "half_year": ("month", Decimal(6)),
    "year": ("month", Decimal(12)),
    "kwh": ("kwh", Decimal(1)),
    "mwh": ("kwh", Decimal(1000)),
    "gwh": ("kwh", Decimal(1_000_000)),
    "litre": ("litre", Decimal(1)),
    "megalitre": ("litre", Decimal(1_000_000)),
    "kilogram": ("kilogram", Decimal(1)),
    "tonne": ("kilogram", Decimal(1000)),
    "ton": ("kilogram", Decimal(1000)),  # as people write the metric one
    "count": ("", Decimal(1)),
}
_TIME = frozenset({"second", "month"})
_HUNDRED = Decimal(100)
_ROUNDED = Decimal("0.5")  # percent: 66.67 is told as 67
_ROUGHLY = Decimal("0.12")  # of a value that a word gives: "nearly a third" of 30 %
_UNMISTAKABLE = 10_000  # a value from here on is hardly another's, whatever its unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in the units that it may be meant in: the one written at it, or, where none is,
    also that of its neighbour ("from 41 to 12 hours")."""

    value: Decimal
    units: tuple[str, ...]
    span: Span
    raw: str
    about: bool = False  # told as roughly so
    frame: bool = False  # how long it took, not how much it was: "within nine months"

    @property
    def unit(self) -> str:
        return self.units[0]

    @property
    def kind(self) -> str:
        """What it is counted in: "second", "month", "percent", "times", "eur", "" a plain
        number."""
        return _base(self.units[-1])[0]

    @property
    def is_time(self) -> bool:
        return self.kind in _TIME

    @property
    def in_words(self) -> bool:
        return not any(char.isdigit() for char in self.raw)


def same_quantity(one: Quantity, other: Quantity) -> bool:
    """Whether both say one value in one unit."""
    if "" in (one.units[-1], other.units[-1]) and one.value == other.value >= _UNMISTAKABLE:
        return True  # "130 millions de yuans", of which the reader knows no yuans
    for first in one.units:
        for second in other.units:
            (base, size), (other_base, other_size) = _base(first), _base(second)
            if base == other_base and _close(
                one, one.value * size, other, other.value * other_size
            ):
                return True
    return False


def derived(one: Quantity, other: Quantity, rose: bool | None = None) -> bool:
    """Whether a multiple and a percentage say the same of one change: five times as fast is
    80 % less time, doubled is 100 % more; half the time is twice as fast.

    Args:
        rose: whether the quantity grew, None where that is not told.
    """
    if {one.unit, other.unit} != {"times", "percent"}:
        return False
    times, percent = (one, other) if one.unit == "times" else (other, one)
    if times.value <= 1:
        return False
    said = [_HUNDRED * (times.value - 1)] if rose is not False else []
    if rose is not True:
        said.append(_HUNDRED - _HUNDRED / times.value)
        if percent.in_words:
            said.append(_HUNDRED / times.value)
    return any(abs(percent.value - value) < _ROUNDED for value in said)


def change_of(said: Quantity, before: Quantity, after: Quantity) -> bool:
    """Whether `said`, a percentage or a multiple, is the change between two values."""
    first, second = _pair(before, after)
    if first is None or second is None or not first or first == second:
        return False
    if said.unit == "percent":
        change = abs(second - first) / first * _HUNDRED
        return abs(said.value - change) <= _ROUNDED
    if said.unit == "times" and second:
        ratio = max(first, second) / min(first, second)
        return abs(said.value - ratio) <= ratio / _HUNDRED
    return False


def _pair(before: Quantity, after: Quantity) -> tuple[Decimal | None, Decimal | None]:
    for first in before.units:
        for second in after.units:
            (base, size), (other, other_size) = _base(first), _base(second)
            if base == other and base not in ("percent", "times"):
                return before.value * size, after.value * other_size
    return None, None


def _base(unit: str) -> tuple[str, Decimal]:
    return _BASES.get(unit, (unit, Decimal(1)))


def _close(one: Quantity, first: Decimal, other: Quantity, second: Decimal) -> bool:
    if first == second:
        return True
    if one.unit == "percent" and (_repeating(first) or _repeating(second)):
        return abs(first - second) <= _ROUNDED
    if (one.about and one.in_words) or (other.about and other.in_words):
        return abs(first - second) <= _ROUGHLY * max(first, second)
    return False


def _repeating(value: Decimal) -> bool:
    """A third, two thirds, a sixth: what has been rounded."""
    return value * 3 % 1 != 0 and abs(value * 3 - (value * 3).to_integral_value()) <= Decimal(
        "0.02"
    )
