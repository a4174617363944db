"""Whole emails, read as differences: `MAILWRIGHT_UPDATE_GOLDEN=1` writes them anew."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from contracts.mail import Edition
from evaluation import load_packs
from knowledge_base import read_cases, split_passages
from personalize import Composer, WritingTask, build_edition
from variants import generate
from workflow.briefs import load_brief

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
MAILS = [("en", "food", "US"), ("de", "automotive", "DE"), ("zh-Hans", "logistics", "CN")]


def edition(language: str, industry: str, profile: str) -> Edition:
    files = load_brief(EXAMPLES / "briefs" / "condition-monitoring.yaml")
    cases = [
        case
        for case in read_cases(EXAMPLES / "cases").cases
        if case.industry == industry and case.language == language
    ]
    task = WritingTask(
        brief=files.brief,
        sender=files.sender,
        segment=industry,
        language=language,
        industry=industry,
        role="",
        passages=tuple(passage for case in cases for passage in split_passages(case)),
        cases={case.id: case for case in cases},
        today=date(2026, 11, 22),
    )
    variant = generate(Composer().write(task))[0]
    packs = load_packs()
    return build_edition(
        variant, packs.profile(profile), files.sender, "https://unsubscribe.invalid/u/"
    )


@pytest.mark.parametrize("language, industry, profile", MAILS)
@pytest.mark.parametrize("part", ["txt", "html"])
def test_the_mail_is_the_one_that_was_read(
    language: str, industry: str, profile: str, part: str
) -> None:
    made = edition(language, industry, profile)
    content = f"Subject: {made.subject}\n\n{made.text}" if part == "txt" else made.html
    file = HERE / f"{industry}.{language}.{profile}.{part}"
    if os.environ.get("MAILWRIGHT_UPDATE_GOLDEN"):
        file.write_text(content, encoding="utf-8")
    assert content == file.read_text(encoding="utf-8")
