"""Whole emails, read as differences: `MAILWRIGHT_UPDATE_GOLDEN=1` writes them anew.

Three of each language and region: three kinds of mail, three styles. Somebody who
did not write the language has read them.
"""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from contracts.case import Case
from contracts.mail import Edition
from evaluation import load_packs
from knowledge_base import read_cases, split_passages
from personalize import Composer, WritingTask, build_edition, languages
from variants import generate
from workflow.briefs import BriefFiles, load_brief

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
TODAY = date(2026, 11, 25)
# brief, segment; each brief has a style of its own
LETTERS = (
    ("condition-monitoring", "food plants"),
    ("webinar", "automotive suppliers"),
    ("first-letter", "chemical plants"),
)
PROFILES = {"en": "US", "de": "DE", "zh-Hans": "CN"}


@cache
def brief(name: str) -> BriefFiles:
    return load_brief(EXAMPLES / "briefs" / f"{name}.yaml")


@cache
def cases() -> dict[str, Case]:
    read = read_cases(EXAMPLES / "cases").cases
    return {case.id: case for case in read if case.usable(TODAY)}


def edition(language: str, name: str, segment: str) -> Edition:
    files = brief(name)
    rule = next(rule for rule in files.brief.segments if rule.name == segment)
    industry = str(rule.where["industry"])
    own = [case for case in cases().values() if case.industry == industry]
    task = WritingTask(
        brief=files.brief,
        sender=files.sender,
        segment=segment,
        language=language,
        industry=industry,
        role="",
        passages=tuple(passage for case in own for passage in split_passages(case)),
        cases=cases(),
        today=TODAY,
        ordinal=[item.name for item in files.brief.segments].index(segment),
    )
    variant = generate(Composer().write(task))[0]
    return build_edition(
        variant,
        load_packs().profile(PROFILES.get(language, "STRICT")),
        files.sender,
        "https://unsubscribe.invalid/u/",
        brief=files.brief,
        brand=files.look.brand,
        images=files.look.images,
    )


def kept(file: Path, content: str) -> str:
    if os.environ.get("MAILWRIGHT_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name, segment", LETTERS)
def test_the_letter_is_the_one_that_was_read(language: str, name: str, segment: str) -> None:
    made = edition(language, name, segment)
    content = f"Subject: {made.subject}\n\n{made.text}"
    assert content == kept(HERE / language / f"{name}.txt", content)


@pytest.mark.parametrize("language", ["ar", "de", "en", "zh-Hans"])
def test_the_page_is_the_one_that_was_looked_at(language: str) -> None:
    made = edition(language, *LETTERS[0])
    assert made.html == kept(HERE / language / f"{LETTERS[0][0]}.html", made.html)
