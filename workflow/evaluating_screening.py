"""How well screening does: planted violations, claims, and spam against newsletters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from contracts.errors import BadInput
from contracts.seams import NoProgress, Progress
from evaluation import load_packs
from evaluation.suites.violations import evaluate_violations
from workflow.evaluating_claims import measure_claims
from workflow.settings import Settings

__all__ = ["PARTS", "measure_screening"]

PARTS = ("violations", "claims", "spam")
_NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # the same every time

Measures = Mapping[str, Mapping[str, Mapping[str, float]]]


def measure_screening(
    settings: Settings,
    data: Path | None,
    only: tuple[str, ...] = (),
    *,
    by_meaning: bool = False,
    progress: Progress | None = None,
) -> Measures:
    """{set: {group: {measure: number}}} of the parts asked for: all that `data` allows.

    Raises:
        BadInput: a part is not known, or needs `data` and has none.
        NoSuchData: the folder lacks what a part is measured on.
    """
    progress = progress or NoProgress()
    if unknown := set(only) - set(PARTS):
        raise BadInput(f"«{min(unknown)}» is no part; there are {', '.join(PARTS)}")
    wanted = only or tuple(part for part in PARTS if _offered(part, data))
    if data is None and set(wanted) - {"violations"}:
        raise BadInput("claims and spam are measured on data: give their folder with --data")
    found: dict[str, Mapping[str, Mapping[str, float]]] = {}
    if "violations" in wanted:
        found.update(evaluate_violations(load_packs(), _NOW, progress))
    if data is not None and "claims" in wanted:
        cases = data / "cases" / "cases.jsonl"
        found.update(measure_claims(settings, cases, by_meaning=by_meaning, progress=progress))
    if data is not None and "spam" in wanted:
        from evaluation.suites.spam import evaluate_spam

        found.update(evaluate_spam(data, load_packs(), progress))
    return found


def _offered(part: str, data: Path | None) -> bool:
    """Whether a part is measured where nobody names one: spam only on data that hold it."""
    if data is None:
        return part == "violations"
    return part != "spam" or (data / "spamassassin").is_dir()
