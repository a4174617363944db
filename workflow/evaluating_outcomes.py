"""How well results are read, measured on passages that a person labelled."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from contracts.case import Outcome
from evaluation.suites.outcomes import (
    LabelledResult,
    OutcomeScores,
    load_outcome_labels,
    score_outcomes,
)
from workflow.errors import LabelsDoNotFit

__all__ = ["ALL", "measure_outcomes"]

ALL = "all"  # the group of every labelled passage


def measure_outcomes(cases: Path, labels: Path) -> Mapping[str, OutcomeScores]:
    """Precision and recall by the sample that the passages were drawn in, and of `ALL`.

    Args:
        cases: a file or folder of the cases that the labels are of.
        labels: a file of labelled passages, such as tests/data/outcome_labels.yaml.

    Raises:
        BadInput: the labels or the cases cannot be read.
        LabelsDoNotFit: a labelled passage is not in these cases, or its words have changed.
    """
    from knowledge_base import read_cases

    by_id = {case.id: case for case in read_cases(cases).cases}
    groups: dict[str, list[tuple[Sequence[Outcome], Sequence[LabelledResult]]]] = {ALL: []}
    for label in load_outcome_labels(labels):
        case = by_id.get(label.case)
        words = label.span.of(case.text) if case is not None else ""
        if case is None or hashlib.sha256(words.encode("utf-8")).hexdigest() != label.sha256:
            raise LabelsDoNotFit(
                f"the labelled passage of {label.case} at {label.span.start} is not in these "
                "cases; give those that the labels were made of"
            )
        read = [o for o in case.outcomes if label.span.covers(o.span)]
        for group in (label.sample, ALL):
            groups.setdefault(group, []).append((read, label.results))
    return {group: score_outcomes(passages) for group, passages in groups.items()}
