"""How each language writes numbers: the data of numbers.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from pydantic import BaseModel, ConfigDict

from language.datafile import DataFile, load_data
from language.tags import data_language

__all__ = ["NumberPack", "number_pack", "pack_language"]


class NumberPack(BaseModel):
    """One language's rules; what each field means is told at the head of numbers.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decimal: str
    group: str
    grouped_from: int = 1000
    multipliers: Mapping[str, Decimal]
    money_multipliers: Mapping[str, Decimal] = {}
    words: Mapping[str, Decimal]
    halves: tuple[str, ...]
    fifty_percent: tuple[str, ...]
    ratios: Mapping[str, Decimal]
    fractions: Mapping[str, Decimal] = {}
    fractions_in_context: Mapping[str, Decimal] = {}
    fraction_before: tuple[str, ...] = ()
    fraction_after: tuple[str, ...] = ()
    fraction_marks: tuple[str, ...] = ()
    quantities: Mapping[str, str] = {}
    range: tuple[str, ...]
    and_a_half: tuple[str, ...] = ()
    half_after_unit: tuple[str, ...] = ()
    half_before_unit: tuple[str, ...] = ()
    percent_before: tuple[str, ...] = ()
    ordinal: tuple[str, ...] = ()
    tenths: tuple[str, ...] = ()
    hundredths: tuple[str, ...] = ()
    han: bool = False
    compound: bool = False
    no_numbers: tuple[str, ...] = ()
    written_blocks: Mapping[str, Decimal] = {}
    ungrouped: bool = False


class _NumbersFile(DataFile):
    languages: Mapping[str, NumberPack]


def pack_language(language: str) -> str:
    """The language whose rules `language` is read and written by; English for one that has
    none."""
    packs = _packs()
    if language in packs:
        return language
    key = data_language(language)
    return key if key in packs else "en"


def number_pack(language: str) -> NumberPack:
    """The rules that `language` is read and written by."""
    return _packs()[pack_language(language)]


@cache
def _packs() -> Mapping[str, NumberPack]:
    return load_data("language", "numbers.yaml", _NumbersFile).languages
