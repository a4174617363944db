"""One draft of the sample campaign, made without records: for benchmarks only."""

from __future__ import annotations

import os
from datetime import date
from functools import lru_cache
from pathlib import Path

from contracts.case import Case
from contracts.mail import Edition, Variant
from evaluation import load_packs
from knowledge_base import read_cases, split_passages
from personalize import Composer, WritingTask, build_edition
from variants import generate
from workflow.briefs import BriefFiles, load_brief

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
TODAY = date(2026, 11, 22)


@lru_cache(maxsize=1)
def brief() -> BriefFiles:
    return load_brief(EXAMPLES / "briefs" / "condition-monitoring.yaml")


@lru_cache(maxsize=1)
def cases() -> tuple[Case, ...]:
    return read_cases(EXAMPLES / "cases").cases


@lru_cache(maxsize=1)
def many_cases() -> tuple[Case, ...]:
    """The cases of MAILWRIGHT_DATA/cases where there are some, the samples otherwise."""
    data = Path(os.environ.get("MAILWRIGHT_DATA", EXAMPLES.parent.parent / "shared" / "data"))
    file = data / "cases" / "cases.jsonl"
    return read_cases(file).cases if file.exists() else cases()


@lru_cache(maxsize=1)
def task() -> WritingTask:
    found = [case for case in cases() if case.industry == "food"]
    return WritingTask(
        brief=brief().brief,
        sender=brief().sender,
        segment="food plants",
        language="de",
        industry="food",
        role="",
        passages=tuple(passage for case in found for passage in split_passages(case)),
        cases={case.id: case for case in found},
        today=TODAY,
    )


@lru_cache(maxsize=1)
def variant() -> Variant:
    return generate(Composer().write(task()))[0]


def edition() -> Edition:
    return build_edition(
        variant(), load_packs().profile("DE"), brief().sender, "https://unsubscribe.invalid/u/"
    )
