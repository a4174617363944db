"""The writer that needs no model: it chooses among phrases and fills them with evidence.

Deterministic: the same task and seed give the same draft, byte for byte.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from contracts.case import Direction, Outcome
from contracts.mail import (
    Alternative,
    BriefCitation,
    CaseCitation,
    Claim,
    ClaimKind,
    Draft,
    Module,
    ModuleKind,
    Slot,
)
from language.numbers import format_number, format_quantity
from language.taxonomy import load_taxonomy
from personalize.errors import NoEvidence, NoText
from personalize.writing.evidence import (
    Cited,
    Proof,
    caveat_fits,
    choose_proofs,
    cite,
    retellable,
    situation,
)
from personalize.writing.patterns import Marked, render_pattern
from personalize.writing.phrases import Pattern, PhraseBook, phrase_book
from personalize.writing.task import WritingTask

__all__ = ["Composer", "missing_text"]

_KINDS = {
    "result": ClaimKind.RESULT,
    "customer": ClaimKind.CUSTOMER,
    "situation": ClaimKind.SITUATION,
    "quotation": ClaimKind.QUOTATION,
    "brief": ClaimKind.BRIEF,
}
_MAX_ALTERNATIVES = 4


def local(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, or the one said to be the same in every language; else ""."""
    return texts.get(language) or texts.get("", "")


def missing_text(task_brief: Any, language: str) -> tuple[str, ...]:
    """The brief's fields that a mail in `language` needs and that have no text in it."""
    needed = {
        "product.description": task_brief.product.description,
        "offer": task_brief.offer,
        "call_to_action.url": task_brief.call_to_action.url,
        "call_to_action.label": task_brief.call_to_action.label,
    }
    if task_brief.call_to_action.ask:
        needed["call_to_action.ask"] = task_brief.call_to_action.ask
    return tuple(
        f"{name}.{language}" for name, texts in needed.items() if not local(texts, language)
    )


@dataclass(frozen=True, slots=True)
class _Stock:
    """What patterns may use in one attempt, and what each tag cites."""

    values: Mapping[str, Any]
    have: frozenset[str]
    cites: Mapping[str, CaseCitation | None]


class Composer:
    """Writes drafts from the phrase books."""

    name = "composer"

    def write(self, task: WritingTask) -> Draft:
        """A draft for the task; see `Writer.write`."""
        book = phrase_book(task.language)
        missing = missing_text(task.brief, task.language)
        if missing:
            raise NoText(task.language, missing)
        proofs = choose_proofs(
            task.passages, task.cases, task.language, task.today, task.brief.product.name
        )
        if not proofs:
            raise NoEvidence(
                f"no case with a result that may be cited fits «{task.segment}» in "
                f"{task.language}: add one with `mailwright kb add`, or look at `kb check`"
            )
        proof = _rotated(proofs[0], task.random_seed)
        best: Draft | None = None
        for stock in self._attempts(task, book, proof):
            best = self._compose(task, book, proof, stock)
            if _length(best, book) <= book.limits.body_max:
                break
        assert best is not None
        return best

    def _attempts(self, task: WritingTask, book: PhraseBook, proof: Proof) -> Iterator[_Stock]:
        """From the fullest letter to the leanest: the second result goes first, then the
        starting point, then the solution. How far the figures reach is kept longest."""
        # The starting point must be that of the result; a story without one may begin anywhere.
        cues = book.angle(proof.outcomes[0].metric).cues if proof.outcomes else ("",)
        start = situation(proof, cues)
        for second, challenge, solution, caveat in (
            (True, True, True, True),
            (False, True, True, True),
            (False, False, True, True),
            (False, False, False, True),
            (False, False, False, False),
        ):
            trimmed = replace(
                proof,
                solution=proof.solution if solution or not proof.outcomes else None,
                caveat=proof.caveat if caveat else None,
                outcomes=proof.outcomes if second else proof.outcomes[:1],
            )
            yield _stock(task, book, trimmed, start if challenge else None)

    def _compose(self, task: WritingTask, book: PhraseBook, proof: Proof, stock: _Stock) -> Draft:
        rng = random.Random(task.random_seed)  # noqa: S311 - variety, not secrecy
        make = _Maker(task, book, stock)
        subjects = make.per_tactic(ModuleKind.SUBJECT, book.subjects, rng, book.limits.subject)
        preheaders = make.all(ModuleKind.PREHEADER, book.preheaders, book.limits.preheader)
        openers = make.per_tactic(ModuleKind.OPENER, book.openers, rng)
        calls = make.calls()
        if not subjects or not openers or not preheaders:
            raise NoText(task.language, (f"phrases/{task.language}.yaml",))
        alternatives = [
            Alternative(Slot.SUBJECT, tactic, module, preheaders[index % len(preheaders)])
            for index, (tactic, module) in enumerate(subjects[:_MAX_ALTERNATIVES])
        ]
        alternatives += [
            Alternative(Slot.OPENER, tactic, module)
            for tactic, module in openers[:_MAX_ALTERNATIVES]
        ]
        alternatives += [
            Alternative(Slot.CALL_TO_ACTION, tactic, module)
            for tactic, module in calls[:_MAX_ALTERNATIVES]
        ]
        modules = (
            subjects[0][1],
            preheaders[0],
            Module(ModuleKind.GREETING, book.greeting, origin=f"phrases/{task.language}/greetings"),
            openers[0][1],
            make.first(ModuleKind.PROBLEM, book.problems),
            make.first(ModuleKind.PROOF, book.proofs),
            make.first(ModuleKind.OFFER, book.offers),
            calls[0][1],
            make.first(ModuleKind.SIGN_OFF, book.sign_offs),
        )
        return Draft(
            campaign=task.brief.name,
            segment=task.segment,
            language=task.language,
            modules=modules,
            alternatives=tuple(alternatives),
            case_ids=(proof.case.id,),
            seed=task.seed,
            writer=self.name,
            sources={f"phrases/{task.language}": str(book.version)},
        )


def _rotated(proof: Proof, seed: int) -> Proof:
    """The same proof with another of its results first, as the seed says: two segments
    that rest on like cases should not both begin with downtime."""
    if not proof.outcomes:
        return proof
    turn = seed % len(proof.outcomes)
    return replace(proof, outcomes=proof.outcomes[turn:] + proof.outcomes[:turn])


def _length(draft: Draft, book: PhraseBook) -> int:
    """Of the letter's body with its longest opener and request, in the book's unit."""
    count = _words if book.limits.count == "words" else _characters
    by_slot: dict[Slot, int] = {}
    for alternative in draft.alternatives:
        size = count(alternative.module.text)
        by_slot[alternative.slot] = max(size, by_slot.get(alternative.slot, 0))
    fixed = sum(
        count(module.text)
        for module in draft.modules
        if module.kind in (ModuleKind.PROBLEM, ModuleKind.PROOF, ModuleKind.OFFER)
    )
    return fixed + by_slot.get(Slot.OPENER, 0) + by_slot.get(Slot.CALL_TO_ACTION, 0)


def _words(text: str) -> int:
    return len(text.split())


def _characters(text: str) -> int:
    return sum(1 for char in text if not char.isspace())


def _stock(task: WritingTask, book: PhraseBook, proof: Proof, start: Cited | None) -> _Stock:
    """The values of every pattern for one proof, what is at hand, and what tags cite."""
    taxonomy = load_taxonomy()
    language, case = task.language, proof.case
    outcome = proof.outcomes[0] if proof.outcomes else None
    second = next(
        (item for item in proof.outcomes[1:] if outcome and item.metric != outcome.metric), None
    )
    used = [item.metric for item in (outcome, second) if item is not None]
    caveat = proof.caveat
    if caveat is not None and not caveat_fits(caveat, case.language, used):
        caveat = None
    ours = task.brief.product.name in case.products
    # What is said of an industry is said of the case: its result is not another trade's.
    industry = taxonomy.industry(case.industry).forms.get(language, {}) if case.industry else {}
    have = {"metric", "result", "told" if proof.told else "retold"} if outcome else {"story"}
    have |= {"angle"}
    have |= {"industry"} if industry else set()
    have |= {"ours"} if ours else set()
    have |= {"named"} if proof.name else {"anonymous"} if industry else set()
    have |= {"introduced", "challenge"} if start else {"unintroduced"}
    have |= {"solution"} if proof.solution else set()
    have |= {"caveat"} if caveat else set()
    have |= {"second"} if second else {"single"}
    values: dict[str, Any] = {
        "name": proof.name,
        "product": {"name": task.brief.product.name},
        "industry": industry,
        "angle": book.angle(outcome.metric if outcome else "").model_dump(),
        "sender": task.sender.model_dump(),
        "offer": local(task.brief.offer, language),
        "description": local(task.brief.product.description, language),
        "signatory": local(task.sender.signatory.name, language),
        "title": local(task.sender.signatory.title, language),
        "challenge": start.text if start else "",
        "solution": proof.solution.text if proof.solution else "",
        "caveat": caveat.text if caveat else "",
        "second": "",
    }
    if outcome is not None:
        values |= _outcome_values(outcome, book, have)
    who = book.who.named_ours if ours else book.who.named
    if proof.name or industry:
        forms = who if proof.name else book.who.anonymous
        values["who"] = {key: render_pattern(text, values).text for key, text in forms.items()}
    if second is not None:
        values["second"] = second.text if proof.told else _retold(second, book, values)
    return _Stock(
        values=values,
        have=frozenset(have),
        cites={
            "result": cite(case, outcome.span) if outcome else None,
            "result:second": cite(case, second.span) if second else None,
            "customer": proof.name_citation,
            "situation": start.citation if start else None,
            "situation:solution": proof.solution.citation if proof.solution else None,
            "situation:caveat": caveat.citation if caveat else None,
        },
    )


def _retold(outcome: Outcome, book: PhraseBook, values: Mapping[str, Any]) -> str:
    have: set[str] = set()
    own = {**values, **_outcome_values(outcome, book, have)}
    shape = "second_before_after" if "before_after" in have else "second_change"
    return render_pattern(book.view[shape], own).text


def _outcome_values(outcome: Outcome, book: PhraseBook, have: set[str]) -> dict[str, Any]:
    """An outcome's metric, verb and figures in the words of the book's language; tells
    `have` in which shape its data can be said."""
    taxonomy, language = load_taxonomy(), book.language
    metric = dict(taxonomy.metric(outcome.metric).forms.get(language, {}))
    metric.setdefault("noun", metric.get("np", metric.get("nom", "")))
    metric.setdefault("number", "sg")
    period = taxonomy.unit(outcome.period).period.get(language, "") if outcome.period else ""
    values: dict[str, Any] = {
        "metric": metric,
        "verb": dict(book.verbs[(outcome.direction or Direction.DOWN).value]),
        "outcome": outcome.text,
        "period": period,
        "before": "",
        "before_full": "",  # with its unit, for languages that repeat it
        "after": "",
        "change": "",
    }
    if not retellable(outcome, language):
        return values
    if outcome.before is not None and outcome.after is not None:
        unit = outcome.value_unit or "count"
        full = _quantity(outcome.before, unit, metric, language)
        values["after"] = _quantity(outcome.after, unit, metric, language)
        values["before_full"] = full
        # "from 41 to 12 hours", but "from €9 to €5", "from 3 hours to 1 hour".
        alone = (
            values["after"][:1].isdigit()
            and taxonomy.unit(unit).kind not in book.repeat_unit
            and outcome.after != 1
        )
        values["before"] = format_number(outcome.before, language) if alone else full
        have.add("before_after")
    elif outcome.change is not None:
        values["change"] = format_quantity(outcome.change, outcome.unit, language)
        have.add("change")
    return values


def _quantity(value: Decimal, unit: str, metric: Mapping[str, str], language: str) -> str:
    """A value with its unit; a bare count with the measure word of what is counted."""
    if unit == "count" and metric.get("counter"):
        return format_number(value, language) + metric["counter"]
    return format_quantity(value, unit, language)


class _Maker:
    """Renders patterns into modules for one stock of values."""

    def __init__(self, task: WritingTask, book: PhraseBook, stock: _Stock) -> None:
        self._task = task
        self._book = book
        self._stock = stock

    def _fits(self, pattern: Pattern) -> bool:
        return set(pattern.needs) <= self._stock.have

    def module(self, kind: ModuleKind, pattern: Pattern, **extra: Any) -> Module:
        marked = render_pattern(pattern.text, {**self._stock.values, **extra})
        origin = f"phrases/{self._task.language}/{kind.value}/{pattern.id}"
        return Module(kind, marked.text, self._claims(marked), origin)

    def _claims(self, marked: Marked) -> tuple[Claim, ...]:
        claims: list[Claim] = []
        for tag in marked.tags:
            kind = _KINDS[tag.name]
            citation: CaseCitation | BriefCitation | None
            if kind is ClaimKind.BRIEF:
                field = self._brief_field(tag.detail)
                citation = BriefCitation(field, tag.span.of(marked.text))
            else:
                key = f"{tag.name}:{tag.detail}" if tag.detail else tag.name
                citation = self._stock.cites.get(key)
            if citation is not None and tag.span.start < tag.span.end:
                claims.append(Claim(tag.span, kind, citation))
        return tuple(claims)

    def _brief_field(self, name: str) -> str:
        if name == "product.name":
            return name
        return f"{name}.{self._task.language}"

    def all(self, kind: ModuleKind, patterns: Sequence[Pattern], limit: int = 0) -> list[Module]:
        made = [self.module(kind, pattern) for pattern in patterns if self._fits(pattern)]
        # Patterns that need more say more: they come first.
        return [module for module in made if not limit or len(module.text) <= limit]

    def first(self, kind: ModuleKind, patterns: Sequence[Pattern]) -> Module:
        for pattern in patterns:
            if self._fits(pattern):
                return self.module(kind, pattern)
        raise NoText(self._task.language, (f"phrases/{self._task.language}/{kind.value}",))

    def per_tactic(
        self,
        kind: ModuleKind,
        patterns: Sequence[Pattern],
        rng: random.Random,
        limit: int = 0,
    ) -> list[tuple[str, Module]]:
        """One module a tactic, in an order that the seed decides."""
        by_tactic: dict[str, list[Module]] = {}
        for pattern in patterns:
            if not self._fits(pattern):
                continue
            module = self.module(kind, pattern)
            if not limit or len(module.text) <= limit:
                by_tactic.setdefault(pattern.tactic, []).append(module)
        tactics = list(by_tactic)
        rng.shuffle(tactics)
        return [(tactic, by_tactic[tactic][0]) for tactic in tactics]

    def calls(self) -> list[tuple[str, Module]]:
        """One module for each label of the brief, in the brief's order."""
        call = self._task.brief.call_to_action
        language = self._task.language
        labels = call.label.get(language) or call.label.get("", ())
        asks = call.ask.get(language) or call.ask.get("", ())
        made: list[tuple[str, Module]] = []
        for index, label in enumerate(labels):
            pattern = self._book.calls[0] if index < len(asks) else self._book.calls[-1]
            ask = asks[index] if index < len(asks) else ""
            module = self.module(ModuleKind.CALL_TO_ACTION, pattern, ask=ask)
            tactic = ("main_request", "second_request", "third_request", "fourth_request")[
                min(index, 3)
            ]
            made.append((tactic, replace(module, label=label, url=local(call.url, language))))
        return made
