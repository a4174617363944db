"""What the patterns of one letter may use: values by name, what is at hand, and what each tag
cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contracts.mail import CaseCitation
from language.dates import event_when, long_date
from language.numbers import format_number
from personalize.writing.book import GENERAL, Angle, LanguageBook, angle_kinds
from personalize.writing.brief_texts import local
from personalize.writing.case_stock import Scope, add_case
from personalize.writing.evidence import (
    Proof,
)
from personalize.writing.task import WritingTask

__all__ = ["Scope", "Stock", "angle_of", "stock_of"]

_ALL_OF_IT = Scope()


@dataclass(frozen=True, slots=True)
class Stock:
    """What patterns may use in one attempt."""

    values: Mapping[str, Any]
    have: frozenset[str]
    cites: Mapping[str, CaseCitation | None]
    short: bool = False  # the shorter ones among the wordings are wanted


def angle_of(task: WritingTask, book: LanguageBook, proof: Proof | None) -> Angle:
    """The side from which the letter looks: the segment's problem, else the proof's metric, else
    what its industry and role leave: the general one."""
    metric = proof.outcomes[0].metric if proof and proof.outcomes else ""
    return book.angle(metric, task.problem)


def stock_of(
    task: WritingTask,
    book: LanguageBook,
    proof: Proof | None,
    scope: Scope = _ALL_OF_IT,
    near: Proof | None = None,
) -> Stock:
    """The values for a letter that tells `proof`, or for one without a case.

    Args:
        near: a case that the letter does not tell, and from whose side it may look at its
            subject all the same.
    """
    angle = angle_of(task, book, proof or near)
    values, have = _plain_values(task, book, angle, scope.short)
    if angle.id != GENERAL or proof is not None:
        have.add("angle")
    cites: dict[str, CaseCitation | None] = {}
    if proof is not None:
        add_case(task, book, proof, angle, scope, values, have, cites)
    return Stock(values, frozenset(have), cites, scope.short)


def _plain_values(
    task: WritingTask, book: LanguageBook, angle: Angle, short: bool
) -> tuple[dict[str, Any], set[str]]:
    """What is at hand without any case: segment, brief and sender."""
    brief, language, terms = task.brief, task.language, book.terms
    scenes = book.scenes.industries.get(task.industry, ())
    concerns = book.scenes.roles.get(task.role, ())
    industry = dict(terms.industries.get(task.industry, {}))
    role = dict(terms.roles.get(task.role, {}))
    problem = dict(terms.problems.get(_problem(task, angle), {}))
    event = brief.event
    values: dict[str, Any] = {
        "sender": task.sender.model_dump(),
        "product": {"name": brief.product.name},
        "description": local(brief.product.description, language),
        "offer": local(brief.offer, language),
        "news": local(brief.news, language),
        "deadline": long_date(brief.deadline, language) if brief.deadline else "",
        "minutes": format_number(Decimal(brief.minutes), language) if brief.minutes else "",
        "signatory": local(task.sender.signatory.name, language),
        "title": local(task.sender.signatory.title, language),
        "scene": book.typeset(_turned(_halved(scenes, short), task.turn("scene"))),
        "concern": book.typeset(_turned(_halved(concerns, short), task.turn("concern"))),
        "industry": industry,
        "own_industry": industry,  # the reader's, where `industry` becomes a case's
        "role": role,
        "problem": problem,
        "angle": _angle_values(task, book, angle, short),
        "event": {
            "title": local(event.title, language) if event else "",
            "when": event_when(event.start, event.end, event.zone, language) if event else "",
            "place": local(event.place, language) if event else "",
            "agenda": list(_list(event.agenda, language)) if event else [],
        },
        **dict.fromkeys(
            ("name", "challenge", "solution", "caveat", "outcome", "second", "before",
             "before_full", "after", "change", "period", "ask"), "",
        ),
    }  # fmt: skip
    have = set[str]()
    for flag, there in (
        ("scene", scenes),
        ("role", role),
        ("industry", industry),
        ("own_industry", industry),
        ("problem", problem),
        ("offer", values["offer"]),
        ("deadline", brief.deadline),
        ("agenda", values["event"]["agenda"]),
        ("onsite", event and values["event"]["place"]),
        ("online", event and not values["event"]["place"]),
    ):
        if there:
            have.add(flag)
    return values, have


def _problem(task: WritingTask, angle: Angle) -> str:
    """The segment's problem, else one that the angle is about."""
    kinds = angle_kinds()[angle.id].problems
    return task.problem or (kinds[0] if kinds else "")


def _angle_values(
    task: WritingTask, book: LanguageBook, angle: Angle, short: bool
) -> Mapping[str, str]:
    words, turn = angle.words, task.turn(f"angle/{angle.id}")
    questions = words.questions
    if book.other_address(task.address) and words.other_questions:
        questions = words.other_questions
    return {
        "subject": book.typeset(_turned(words.subjects, turn)),
        "question": book.typeset(_turned(questions, turn)),
        "mechanism": book.typeset(_turned(_halved(words.mechanisms, short), turn)),
    }


def _halved(texts: tuple[str, ...], short: bool) -> tuple[str, ...]:
    """The shorter half of them where `short`, else all."""
    if not short or not texts:
        return texts
    middle = sorted(map(len, texts))[(len(texts) - 1) // 2]
    return tuple(text for text in texts if len(text) <= middle)


def _turned(texts: tuple[str, ...], turn: int) -> str:
    return texts[turn % len(texts)] if texts else ""


def _list(texts: Mapping[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    from contracts.brief import local_text

    return tuple(local_text(texts, language) or ())
