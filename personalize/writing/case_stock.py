"""What a letter says of its case: names, results and sentences, and what each tag cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contracts.case import Direction, Outcome
from contracts.mail import CaseCitation
from language.numbers import format_number
from language.taxonomy import load_taxonomy
from personalize.writing.book import Angle, LanguageBook
from personalize.writing.evidence import Cited, Proof, caveat_fits, cite, retellable, situation
from personalize.writing.patterns import render_pattern
from personalize.writing.quantities import quantity
from personalize.writing.task import WritingTask

__all__ = ["Scope", "add_case"]


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of a case one attempt tells."""

    second: bool = True
    challenge: bool = True
    solution: bool = True
    caveat: bool = True
    short: bool = False


def add_case(
    task: WritingTask,
    book: LanguageBook,
    proof: Proof,
    angle: Angle,
    scope: Scope,
    values: dict[str, Any],
    have: set[str],
    cites: dict[str, CaseCitation | None],
) -> None:
    """Adds to `values`, `have` and `cites` what `scope` lets the letter tell of the case."""
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
        # A day at a bank does not lead to how bearings wear; what the segment has to solve may.
        if not task.problem:
            have.discard("scene")
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
