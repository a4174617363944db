"""How well results are read from cases: outcomes held against what a person took from the
same passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from contracts.case import Direction, Outcome, Span
from contracts.errors import BadInput

__all__ = [
    "LabelledPassage",
    "LabelledResult",
    "OutcomeScores",
    "load_outcome_labels",
    "score_outcomes",
]


class LabelledResult(BaseModel):
    """One result as a person reads it. Fields as in `Outcome`; a value that the passage does
    not give exactly is left out. `claimable`: a mail may state it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    direction: Direction | None = None
    change: Decimal | None = None
    unit: str = ""
    before: Decimal | None = None
    after: Decimal | None = None
    value_unit: str = ""
    period: str = ""
    frame: Decimal | None = None
    frame_unit: str = ""
    claimable: bool


def _span(value: object) -> object:
    return Span(*value) if isinstance(value, list) else value


class LabelledPassage(BaseModel):
    """A stretch of a case's text, named by place and hash, and every result it states."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    sample: str
    case: str
    language: str
    span: Annotated[Span, BeforeValidator(_span)]
    sha256: str
    results: tuple[LabelledResult, ...]


class _LabelFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    passages: tuple[LabelledPassage, ...]


@dataclass(frozen=True, slots=True)
class OutcomeScores:
    """Counts, and the rates made of them. A rate is None where there is nothing to divide by.

    right: sure outcomes that agree in every field with a result that may be claimed.
    precision_sure: right / sure. recall_sure: right / claimable.
    recall_found: share of all labelled results that some outcome, sure or not, tells of:
    the same metric and direction and one of its values.
    """

    labelled: int
    claimable: int
    sure: int
    right: int
    found: int

    @property
    def precision_sure(self) -> float | None:
        return self.right / self.sure if self.sure else None

    @property
    def recall_sure(self) -> float | None:
        return self.right / self.claimable if self.claimable else None

    @property
    def recall_found(self) -> float | None:
        return self.found / self.labelled if self.labelled else None

    def as_measures(self) -> Mapping[str, float]:
        """Counts and those rates that there are, by name."""
        rates = {
            "precision_sure": self.precision_sure,
            "recall_sure": self.recall_sure,
            "recall_found": self.recall_found,
        }
        return {
            "labelled": self.labelled,
            "claimable": self.claimable,
            "sure": self.sure,
            **{name: rate for name, rate in rates.items() if rate is not None},
        }


def load_outcome_labels(path: Path) -> tuple[LabelledPassage, ...]:
    """The labelled passages of a file, in its order.

    Raises:
        BadInput: the file cannot be read or is not of that form.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _LabelFile.model_validate(raw).passages
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise BadInput(f"{path}: no file of outcome labels; check its path and form") from error


def score_outcomes(
    passages: Iterable[tuple[Sequence[Outcome], Sequence[LabelledResult]]],
) -> OutcomeScores:
    """Scores over passages, each given by the outcomes read there and the results labelled.

    A labelled result answers to one sure outcome only, so a result read twice counts as
    right once. No passages: nothing counted.
    """
    labelled = claimable = sure = right = found = 0
    for outcomes, results in passages:
        labelled += len(results)
        claimable += sum(result.claimable for result in results)
        found += sum(any(_tells(o, result) for o in outcomes) for result in results)
        open_results = [result for result in results if result.claimable]
        for outcome in outcomes:
            if not outcome.sure:
                continue
            sure += 1
            match = next((r for r in open_results if _agrees(outcome, r)), None)
            if match is not None:
                open_results.remove(match)
                right += 1
    return OutcomeScores(labelled, claimable, sure, right, found)


def _agrees(outcome: Outcome, result: LabelledResult) -> bool:
    """Equal in every field."""
    return (
        outcome.metric == result.metric
        and outcome.direction == result.direction
        and (outcome.change, outcome.before, outcome.after)
        == (result.change, result.before, result.after)
        and (outcome.unit, outcome.value_unit) == (result.unit, result.value_unit)
        and outcome.period == result.period
        and (outcome.frame, outcome.frame_unit) == (result.frame, result.frame_unit)
    )


def _tells(outcome: Outcome, result: LabelledResult) -> bool:
    stated = {outcome.change, outcome.before, outcome.after} - {None}
    wanted = {result.change, result.before, result.after} - {None}
    return (
        outcome.metric == result.metric
        and outcome.direction == result.direction
        and bool(stated & wanted)
    )
