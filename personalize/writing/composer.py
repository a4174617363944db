"""The writer that needs no model: it chooses among phrases and fills them with evidence.

Deterministic: the same task and seed give the same draft, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contracts.brief import local_text
from contracts.mail import Alternative, CaseCitation, Draft, Module, ModuleKind, Slot
from personalize.errors import NoEvidence, NoText
from personalize.writing.book import LanguageBook, language_book
from personalize.writing.brief_modules import items_of, of_brief
from personalize.writing.brief_texts import layout_of, local, missing_text
from personalize.writing.choosing import Chooser
from personalize.writing.evidence import Proof, choose_proofs
from personalize.writing.presets import preset
from personalize.writing.stock import Scope, Stock, stock_of
from personalize.writing.task import WritingTask

__all__ = ["Composer"]

_MAX_ALTERNATIVES = 4
_REQUESTS = ("main_request", "second_request", "third_request", "fourth_request")
_NEEDS_CASE = frozenset({ModuleKind.PROOF, ModuleKind.SOLUTION, ModuleKind.SOCIAL_PROOF})
_TELLS_CASE = frozenset({ModuleKind.PROBLEM, ModuleKind.SOLUTION})
_UNCOUNTED = frozenset(
    {ModuleKind.SUBJECT, ModuleKind.PREHEADER, ModuleKind.GREETING, ModuleKind.SIGN_OFF}
)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How full the letter is made: what of the case is told, which modules are left out."""

    scope: Scope
    without: frozenset[str] = frozenset()


class Composer:
    """Writes drafts from the languages' folders."""

    name = "composer"

    def write(self, task: WritingTask) -> Draft:
        """A draft for the task; see `Writer.write`."""
        book = language_book(task.language)
        missing = missing_text(task.brief, task.language)
        if missing:
            raise NoText(task.language, missing)
        layout = [entry for entry in layout_of(task.brief) if _meant(entry.when, task)]
        proofs = _proofs(task, book)
        needed = [entry.module for entry in layout if not entry.optional]
        if not proofs and _NEEDS_CASE & set(needed):
            raise NoEvidence(
                f"no case with a result that may be cited fits «{task.segment}» in "
                f"{task.language}: add one with `mailwright kb add`, or look at `kb check`"
            )
        letter = _Letter(task, book, proofs)
        best: Draft | None = None
        for attempt in _attempts(preset(task.brief.mail).drop):
            best = letter.draft([(ModuleKind(e.module), e.optional) for e in layout], attempt)
            if body_length(best, book) <= book.limits.body_max:
                break
        assert best is not None
        return best


def body_length(draft: Draft, book: LanguageBook) -> int:
    """Of the letter's body with its longest opener and request, in the language's unit."""
    count = _words if book.limits.count == "words" else _characters
    by_slot: dict[str, int] = {}
    for alternative in draft.alternatives:
        kind = alternative.slot.value
        by_slot[kind] = max(count(alternative.module.text), by_slot.get(kind, 0))
    return sum(
        by_slot.get(module.kind.value, count(module.text))
        for module in draft.modules
        if module.kind not in _UNCOUNTED
    )


def _words(text: str) -> int:
    return len(text.split())


def _characters(text: str) -> int:
    return sum(1 for char in text if not char.isspace())


def _meant(when: object, task: WritingTask) -> bool:
    """Whether a module is for this segment, by its facts."""
    assert isinstance(when, dict)
    return all(getattr(task, fact, "") in values for fact, values in when.items())


def _attempts(drop: Sequence[str]) -> Iterator[_Attempt]:
    """From the fullest letter to the leanest: the second result goes first, then the starting
    point, then the solution, then modules that the mail can do without; then the shorter
    wordings are taken. How far the figures reach is kept longest."""
    yield _Attempt(Scope())
    yield _Attempt(Scope(second=False))
    lean = Scope(second=False, challenge=False)
    yield _Attempt(lean)
    yield _Attempt(replace(lean, solution=False))
    for number in range(1, len(drop) + 1):
        yield _Attempt(replace(lean, solution=False), frozenset(drop[:number]))
    short = replace(lean, solution=False, short=True)
    yield _Attempt(short, frozenset(drop))
    yield _Attempt(replace(short, caveat=False), frozenset(drop))


def _proofs(task: WritingTask, book: LanguageBook) -> tuple[Proof, ...]:
    """The cases that may be told, those on the segment's problem first; of each the results in
    another order for each segment."""
    found = choose_proofs(
        task.passages, task.cases, task.language, task.today, task.brief.product.name
    )
    if task.problem:
        wanted = book.angle(problem=task.problem).id

        def other(metric: str) -> bool:
            return book.angle(metric).id != wanted

        ordered = [
            replace(
                proof,
                outcomes=tuple(sorted(proof.outcomes, key=lambda item: other(item.metric))),
            )
            for proof in found
        ]
        return tuple(sorted(ordered, key=lambda p: not p.outcomes or other(p.outcomes[0].metric)))
    return tuple(_rotated(proof, task.ordinal + task.random_seed) for proof in found)


def _rotated(proof: Proof, turn: int) -> Proof:
    """The same proof with another of its results first: two segments that rest on like cases
    should not both begin with downtime."""
    if not proof.outcomes:
        return proof
    first = turn % len(proof.outcomes)
    return replace(proof, outcomes=proof.outcomes[first:] + proof.outcomes[:first])


class _Letter:
    """One letter in the making."""

    def __init__(self, task: WritingTask, book: LanguageBook, proofs: tuple[Proof, ...]) -> None:
        self._task = task
        self._book = book
        self._proofs = proofs
        self._chooser = Chooser(task, book)
        self._cases: list[str] = []

    def draft(self, layout: Sequence[tuple[ModuleKind, bool]], attempt: _Attempt) -> Draft:
        task, book = self._task, self._book
        shown = [
            (kind, optional)
            for kind, optional in layout
            if not (optional and kind.value in attempt.without)
        ]
        told = any(kind in _NEEDS_CASE - {ModuleKind.SOCIAL_PROOF} for kind, _ in shown)
        proof = self._proofs[0] if self._proofs and told else None
        self._cases = [proof.case.id] if proof else []
        # An event has a subject of its own; no case decides what it is about.
        near = self._proofs[0] if self._proofs and task.brief.event is None else None
        stock = stock_of(task, book, proof, attempt.scope, near)
        opening = replace(stock, have=stock.have | {"unintroduced"})
        subjects = self._subjects(opening)
        openers = self._chooser.per_tactic(ModuleKind.OPENER, opening)[:_MAX_ALTERNATIVES]
        calls = self._calls(stock)
        body = self._body(shown, stock, openers, calls)
        alternatives = [*subjects]
        alternatives += [Alternative(Slot.OPENER, name, module) for name, module in openers]
        if any(module.kind is ModuleKind.CALL_TO_ACTION for module in body):
            alternatives += [
                Alternative(Slot.CALL_TO_ACTION, name, module) for name, module in calls
            ]
        first = subjects[0]
        assert first.preheader is not None
        return Draft(
            campaign=task.brief.name,
            segment=task.segment,
            language=task.language,
            modules=(first.module, first.preheader, *body),
            alternatives=tuple(alternatives),
            case_ids=tuple(dict.fromkeys(self._cases)),
            seed=task.seed,
            writer=Composer.name,
            sources=book.versions,
            preset=task.brief.mail,
            style=task.brief.tone,
        )

    def _subjects(self, stock: Stock) -> list[Alternative]:
        limits = self._book.limits
        subjects = self._chooser.per_tactic(ModuleKind.SUBJECT, stock, limits.subject)
        preheaders = self._chooser.short(ModuleKind.PREHEADER, stock, limits.preheader)
        if not subjects or not preheaders:
            what = "preheaders" if subjects else "subjects"
            raise NoText(
                self._task.language,
                (f"languages/{self._task.language} {what} for {self._task.brief.mail}",),
            )
        return [
            Alternative(Slot.SUBJECT, tactic, module, preheaders[index % len(preheaders)])
            for index, (tactic, module) in enumerate(subjects[:_MAX_ALTERNATIVES])
        ]

    def _body(
        self,
        layout: Sequence[tuple[ModuleKind, bool]],
        stock: Stock,
        openers: Sequence[tuple[str, Module]],
        calls: Sequence[tuple[str, Module]],
    ) -> list[Module]:
        """The modules in their order; what an earlier one said of the case, a later one knows."""
        made: list[Module] = []
        introduced = False
        for kind, optional in layout:
            have = set(stock.have) | {"introduced" if introduced else "unintroduced"}
            module = self._module(kind, stock, have, openers, calls)
            if module is None:
                if optional:
                    continue
                raise NoText(
                    self._task.language,
                    (f"languages/{self._task.language} {kind} for {self._task.brief.mail}",),
                )
            # An opener may be another one in the next variant: it introduces nobody.
            introduced = introduced or (kind in _TELLS_CASE and _of_case(module))
            made.append(module)
        return made

    def _module(
        self,
        kind: ModuleKind,
        stock: Stock,
        have: set[str],
        openers: Sequence[tuple[str, Module]],
        calls: Sequence[tuple[str, Module]],
    ) -> Module | None:
        task = self._task
        if kind is ModuleKind.GREETING:
            origin = f"languages/{task.language}/greetings"
            return Module(kind, self._book.greeting, origin=origin)
        if kind is ModuleKind.OPENER:
            return openers[0][1] if openers else None
        if kind is ModuleKind.CALL_TO_ACTION:
            return calls[0][1] if calls else None
        if kind is ModuleKind.ITEMS:
            return items_of(task.brief, task.language)
        if kind is ModuleKind.PS and (text := local(task.brief.ps, task.language)):
            return of_brief(kind, text, f"ps.{task.language}")
        if kind is ModuleKind.SOLUTION and ("solution" not in have or "story" in have):
            return None  # a case without a result is told by its solution, in the proof
        if kind is ModuleKind.PROOF and not have & {"result", "story"}:
            return None
        if kind is ModuleKind.SOCIAL_PROOF:
            return self._social_proof()
        if kind is ModuleKind.OFFER and "offer" not in have:
            return None
        return self._chooser.first(kind, stock, have)

    def _social_proof(self) -> Module | None:
        """A further case by its data: not the one that the letter tells."""
        for proof in self._proofs:
            if proof.case.id in self._cases or not proof.outcomes:
                continue
            stock = stock_of(self._task, self._book, proof, Scope(second=False))
            if not stock.have & {"before_after", "change"}:
                continue
            have = (set(stock.have) - {"told"}) | {"retold", "unintroduced"}
            module = self._chooser.first(ModuleKind.SOCIAL_PROOF, stock, have)
            if module is not None:
                self._cases.append(proof.case.id)
                return module
        return None

    def _calls(self, stock: Stock) -> list[tuple[str, Module]]:
        """One module for each label of the brief, in the brief's order."""
        call, language = self._task.brief.call_to_action, self._task.language
        kind = ModuleKind.CALL_TO_ACTION
        labels = local_text(call.label, language) or ()
        asks = local_text(call.ask, language) or ()
        own = self._chooser.turned(kind, self._chooser.fitting(kind, stock.have))
        made: list[tuple[str, Module]] = []
        for index, label in enumerate(labels[:_MAX_ALTERNATIVES]):
            if index < len(asks):
                module = of_brief(kind, asks[index], f"call_to_action.ask.{language}")
            elif own:
                module = self._chooser.module(kind, own[index % len(own)], stock)
            else:
                continue
            url = local(call.url, language)
            made.append((_REQUESTS[index], replace(module, label=label, url=url)))
        return made


def _of_case(module: Module) -> bool:
    return any(isinstance(claim.citation, CaseCitation) for claim in module.claims)
