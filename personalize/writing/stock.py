"""What the patterns of one letter may use: values by name, what is at hand, and what each tag
cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contracts.case import Direction, Outcome
from contracts.mail import CaseCitation
from language.dates import event_when, long_date
from language.numbers import format_number
from language.taxonomy import load_taxonomy
from personalize.writing.book import GENERAL, Angle, LanguageBook, angle_kinds
from personalize.writing.brief_texts import local
from personalize.writing.evidence import (
    Cited,
    Proof,
    caveat_fits,
    cite,
    retellable,
    situation,
)
from personalize.writing.patterns import render_pattern
from personalize.writing.quantities import quantity
from personalize.writing.task import WritingTask

__all__ = ["Scope", "Stock", "angle_of", "stock_of"]


@dataclass(frozen=True, slots=True)
class Stock:
    """What patterns may use in one attempt."""

    values: Mapping[str, Any]
    have: frozenset[str]
    cites: Mapping[str, CaseCitation | None]
    short: bool = False  # the shorter ones among the wordings are wanted


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of a case one attempt tells."""

    second: bool = True
    challenge: bool = True
    solution: bool = True
    caveat: bool = True
    short: bool = False


def angle_of(task: WritingTask, book: LanguageBook, proof: Proof | None) -> Angle:
    """The side from which the letter looks: the segment's problem, else the proof's metric, else
    what its industry and role leave: the general one."""
    metric = proof.outcomes[0].metric if proof and proof.outcomes else ""
    return book.angle(metric, task.problem)


def stock_of(
    task: WritingTask,
    book: LanguageBook,
    proof: Proof | None,
    scope: Scope = Scope(),
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
        _add_case(task, book, proof, angle, scope, values, have, cites)
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


# --- a case ---------------------------------------------------------------------------------


def _add_case(
    task: WritingTask,
    book: LanguageBook,
    proof: Proof,
    angle: Angle,
    scope: Scope,
    values: dict[str, Any],
    have: set[str],
    cites: dict[str, CaseCitation | None],
) -> None:
    case = proof.case
    outcome = proof.outcomes[0] if proof.outcomes else None
    second = (
        next((item for item in proof.outcomes[1:] if item.metric != outcome.metric), None)
        if outcome and scope.second
        else None
    )
    # The starting point must be that of the result; a story without one may begin anywhere.
    start = situation(proof, angle.cues if outcome else ("",)) if scope.challenge else None
    solution = proof.solution if scope.solution or outcome is None else None
    caveat = _caveat(proof, [item.metric for item in (outcome, second) if item], scope)
    # What is said of an industry is said of the case: its result is not another trade's.
    industry = dict(book.terms.industries.get(case.industry, {}))
    ours = task.brief.product.name in case.products
    values |= {
        "industry": industry or values["industry"],
        "name": proof.name,
        "challenge": start.text if start else "",
        "solution": solution.text if solution else "",
        "caveat": caveat.text if caveat else "",
    }
    have |= {"result", "metric", "told" if proof.told else "retold"} if outcome else {"story"}
    have.discard("industry")
    if case.industry != task.industry:
        # "A case in finance" would be false, and "for readers in finance" beside a dairy's odd.
        have.discard("own_industry")
    for flag, there in (
        ("industry", industry),
        ("ours", ours),
        ("named", proof.name),
        ("anonymous", not proof.name and industry),
        ("challenge", start),
        ("solution", solution),
        ("caveat", caveat),
    ):
        if there:
            have.add(flag)
    if outcome is not None:
        values |= _outcome_values(task, book, outcome, have)
    if proof.name or industry:
        values["who"] = _who(book, proof, ours, values)
    if second is not None:
        words = second.text if proof.told else _second(task, book, second, values)
        if words:
            values["second"] = words
    have.add("second" if values["second"] else "single")
    cites |= {
        "result": cite(case, outcome.span) if outcome else None,
        "result:second": cite(case, second.span) if second and values["second"] else None,
        "customer": proof.name_citation,
        "situation": start.citation if start else None,
        "situation:solution": solution.citation if solution else None,
        "situation:caveat": caveat.citation if caveat else None,
    }


def _caveat(proof: Proof, metrics: list[str], scope: Scope) -> Cited | None:
    caveat = proof.caveat if scope.caveat else None
    if caveat is not None and not caveat_fits(caveat, proof.case.language, metrics):
        return None
    return caveat


def _who(
    book: LanguageBook, proof: Proof, ours: bool, values: Mapping[str, Any]
) -> Mapping[str, str]:
    who = book.blocks.who
    forms = who.anonymous
    if proof.name:
        forms = who.named_ours if ours else who.named
    return {key: render_pattern(text, values, book.typeset).text for key, text in forms.items()}


def _second(
    task: WritingTask, book: LanguageBook, outcome: Outcome, values: Mapping[str, Any]
) -> str:
    """The second result as a sentence of the language's own; "" where no pattern fits."""
    have = set[str]()
    own = {**values, **_outcome_values(task, book, outcome, have)}
    fitting = [item for item in book.blocks.seconds if set(item.needs) <= have]
    if not fitting:
        return ""
    chosen = fitting[task.turn("second") % len(fitting)]
    return render_pattern(chosen.text, own, book.typeset).text


def _outcome_values(
    task: WritingTask, book: LanguageBook, outcome: Outcome, have: set[str]
) -> dict[str, Any]:
    """An outcome's metric, verb and figures in the words of the book's language; tells
    `have` in which shape its data can be said."""
    language, terms, taxonomy = task.language, book.terms, load_taxonomy()
    metric = dict(terms.metrics.get(outcome.metric, {}))
    verbs = terms.verbs[(outcome.direction or Direction.DOWN).value]
    values: dict[str, Any] = {
        "metric": metric,
        "verb": dict(verbs[task.turn(f"verb/{outcome.metric}") % len(verbs)]),
        "outcome": outcome.text,
        "period": terms.periods.get(outcome.period, "") if outcome.period else "",
    }
    if not retellable(outcome, language):
        return values

    def said(value: Decimal, unit: str, case: str = "") -> str:
        return quantity(value, unit, language, terms, case, metric.get("counter", ""))

    cases = {form.split("_")[0] for form in terms.forms.get("units", ()) if "_" in form}
    if outcome.before is not None and outcome.after is not None:
        unit = outcome.value_unit or "count"
        values["after"] = said(outcome.after, unit)
        values["before_full"] = said(outcome.before, unit)
        for case in cases:
            values[f"after_{case}"] = said(outcome.after, unit, case)
            values[f"before_full_{case}"] = said(outcome.before, unit, case)
        # "from 41 to 12 hours", but "from €9 to €5", "from 3 hours to 1 hour".
        alone = (
            values["after"][:1].isdigit()
            and taxonomy.unit(unit).kind not in book.profile.repeat_unit
            and outcome.after != 1
        )
        number = format_number(outcome.before, language)
        values["before"] = number if alone else values["before_full"]
        have.add("before_after")
    elif outcome.change is not None:
        values["change"] = said(outcome.change, outcome.unit)
        for case in cases:
            values[f"change_{case}"] = said(outcome.change, outcome.unit, case)
        have.add("change")
    return values
