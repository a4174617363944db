"""Lines such as "Customer: …": which field a label names, and what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from knowledge_base.fields import STATED_KEYS
from language import DataFile, fold, load_data

__all__ = ["LABELLED", "LabelLine", "label_line"]

LABELLED = STATED_KEYS
_LISTS = ("roles", "products", "also_known_as")
_LABEL_LENGTH = 40  # characters
_VALUE_LENGTH = 120
_VALUE_WORDS = 14  # a longer value is a sentence that begins with a colon
_SOURCE_LENGTH = 240
_MARKS = "*_ \t\u3000\u00a0"
_BULLETS = re.compile(r"^(?:[-–—•·▪■□◆◇●○▶►※*_#>\s]|\d{1,2}[.)]\s)+")
# A colon of any width, a table cell, or a label in lenticular brackets. The colon of an
# address or of a time is none.
_SPLIT = re.compile(r"\s*(?:[:：﹕](?!//|\d)|[:：﹕](?=\d{4})| \| )\s*")
_BRACKETED = re.compile(r"[【\[〔［]([^】\]〕］]{1,40})[】\]〕］]\s*[:：]?\s*(.+)")
_SENTENCE = re.compile(r"[。！？!?]|[^\W\d_]{4,}[.;]\s+[^\W\d_]")


class _LabelsFile(DataFile):
    labels: Mapping[str, Mapping[str, tuple[str, ...]]]  # field -> language -> labels
    answers: Mapping[str, Mapping[str, tuple[str, ...]]]  # "yes", "no" -> language -> words


class _ColumnsFile(DataFile):
    columns: Mapping[str, Mapping[str, tuple[str, ...]]]
    answers: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class LabelLine:
    field: str  # of `LABELLED`
    written: str  # the value as it is written
    value: Any  # as our own form has it: text, a list of texts, or a flag


def label_line(line: str) -> LabelLine | None:
    """What a line or table row states; None for any other, and for a line that is too long
    to be a label with its value. Whether it may be named is stated only by a plain yes or no
    (and the words for it): "Reference: see below" states nothing."""
    if len(line) > _LABEL_LENGTH + _SOURCE_LENGTH:
        return None
    text = _BULLETS.sub("", line.strip().strip("|").strip())
    if match := _BRACKETED.fullmatch(text):
        label, value = match.groups()
    else:
        parts = _SPLIT.split(text, maxsplit=1)
        if len(parts) < 2:
            return None
        label, value = parts
    field = _labels().get(_key(label)) if len(label) <= _LABEL_LENGTH else None
    value = value.strip(_MARKS).lstrip(":：").strip(_MARKS)
    if field is None or not value or not _is_short(field, value):
        return None
    if field == "name_public":
        answer = _answers().get(_key(value))
        return None if answer is None else LabelLine(field, value, answer)
    if field in _LISTS:
        listed = [part.strip() for part in re.split(r"[,，;；、،|]|\s/\s", value)]
        return LabelLine(field, value, [part for part in listed if part])
    return LabelLine(field, value, value)


def _is_short(field: str, value: str) -> bool:
    if field == "source":
        return len(value) <= _SOURCE_LENGTH
    return (
        len(value) <= _VALUE_LENGTH
        and len(value.split()) <= _VALUE_WORDS
        and not _SENTENCE.search(value)
    )


def _key(text: str) -> str:
    return fold(text.strip(_MARKS).replace("_", " ").rstrip(".?？ "))


@cache
def _files() -> tuple[_LabelsFile, _ColumnsFile]:
    return (
        load_data("knowledge_base", "labels.yaml", _LabelsFile),
        load_data("knowledge_base", "columns.yaml", _ColumnsFile),
    )


@cache
def _labels() -> Mapping[str, str]:
    """Every label by the field it names: those of columns are labels in a text too."""
    own, columns = _files()
    index: dict[str, str] = {}
    for names in (columns.columns, own.labels):
        for field in LABELLED:
            index[_key(field)] = field
            for labels in names.get(field, {}).values():
                index.update({_key(label): field for label in labels})
    return index


@cache
def _answers() -> Mapping[str, bool]:
    own, columns = _files()
    return {
        _key(word): answer == "yes"
        for answers in (columns.answers, own.answers)
        for answer, by_language in answers.items()
        for words in by_language.values()
        for word in words
    }
