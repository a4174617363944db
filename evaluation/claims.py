"""Grounding: nothing is said of a customer, a result or an offer without its source.

Every figure of a module lies inside a claim, every claim's citation resolves, and what the
claim says (figures, metric, direction, order of before and after, names) is what the cited
sentence says. See invariant 1 of the design.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from contracts.brief import Brief, Sender
from contracts.case import Case, Direction, Outcome, Span
from contracts.mail import (
    BriefCitation,
    CaseCitation,
    Claim,
    ClaimKind,
    Module,
    ModuleKind,
)
from contracts.verdict import Finding, Place, Severity
from evaluation.context import Evidence
from evaluation.mailview import MailView
from evaluation.packs import RulePacks, load_packs
from evaluation.rulefiles import ClaimWords
from evaluation.sources import (
    agrees,
    field_text,
    figures_of,
    name_pattern,
    names_it,
    numbers_in,
    squeezed,
)
from language.mentions import find_metrics
from language.names import without_legal_form
from language.numbers import Number
from language.sentences import sentences

__all__ = ["check_grounding", "check_unsourced_numbers"]

_MERGE = re.compile(r"\[\[[^\]\n]{1,60}\]\]")
_URL = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+")
_SOURCE = "Design, invariant 1: no claim without a source"
_QUOTES = str.maketrans("", "", "„“”\"»«‚‘’'「」")
_FOOTER_UNITS = frozenset({"percent", "times"})  # figures that no legal notice needs


def check_grounding(
    modules: Sequence[Module],
    evidence: Evidence,
    brief: Brief,
    sender: Sender,
    language: str,
    today: date,
    packs: RulePacks | None = None,
) -> tuple[Finding, ...]:
    """Everything that `modules` say without, or against, their sources, in reading order.

    Empty if all is grounded. Every finding blocks. Words of a language without a claims
    pack are not read; its figures and citations are checked all the same.
    """
    packs = packs or load_packs()
    desk = _Desk(evidence, brief, sender, language, today, packs.claims.get(language))
    findings: list[Finding] = []
    cases: dict[str, Case] = {}
    for module in modules:
        for claim in module.claims:
            findings.extend(desk.claim(module, claim))
            case = desk.case(claim)
            if case is not None:
                cases[case.id] = case
    for module in modules:
        findings.extend(desk.figures(module))
        findings.extend(desk.names(module, tuple(cases.values())))
        findings.extend(desk.results(module, tuple(cases.values())))
        findings.extend(desk.button(module))
    return tuple(findings)


def check_unsourced_numbers(
    view: MailView, modules: Sequence[Module], sender: Sender | None, language: str
) -> tuple[Finding, ...]:
    """Figures that a reader sees above the footer and that stand in no module; below it, only
    percentages and multiples, which no legal notice needs. The footer begins where the last
    words of the modules end."""
    known = [
        number
        for module in modules
        for text in (module.text, module.label)
        for number in numbers_in(_MERGE.sub(" ", text), language)
    ]
    facts = " ".join([*sender.from_name.values(), sender.legal_name]) if sender else ""
    known += numbers_in(facts, language)
    findings = []
    for part, text in (("subject", view.subject), *view.bodies):
        readable = _blanked(_URL, _blanked(_MERGE, text))
        footer = len(text) if part == "subject" else _footer_start(text, modules)
        for number in numbers_in(readable, language):
            below = number.span.start >= footer
            if below and number.unit not in _FOOTER_UNITS:
                continue
            if any(agrees(number, other) for other in known):
                continue
            findings.append(
                _finding(
                    "claims.number_not_in_modules",
                    Place(part, number.span),
                    f"The figure {number.raw.strip()} was not written by any module.",
                    "Remove it, or put it into a module with its source.",
                )
            )
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class _Desk:
    """The sources of one mail, laid open."""

    evidence: Evidence
    brief: Brief
    sender: Sender
    language: str
    today: date
    words: ClaimWords | None

    def case(self, claim: Claim) -> Case | None:
        citation = claim.citation
        if not isinstance(citation, CaseCitation):
            return None
        return self.evidence.case(citation.case_id, citation.text_hash)

    def claim(self, module: Module, claim: Claim) -> Iterator[Finding]:
        place = Place(f"module:{module.kind}", claim.span)
        said = claim.span.of(module.text)
        if not said.strip() or claim.span.end > len(module.text):
            yield _finding(
                "claims.empty_claim",
                place,
                "A claim covers no words of its module.",
                "Write the module anew.",
            )
            return
        if isinstance(claim.citation, BriefCitation):
            yield from self._of_brief(place, claim, claim.citation, said)
        else:
            yield from self._of_case(place, claim, claim.citation, said)

    def _of_brief(
        self, place: Place, claim: Claim, citation: BriefCitation, said: str
    ) -> Iterator[Finding]:
        text = field_text(self.brief, self.sender, citation.field)
        if text is None or squeezed(citation.quote) not in squeezed(text) or not citation.quote:
            yield _finding(
                "claims.brief_citation",
                place,
                f"The brief does not say this under {citation.field}.",
                "Correct the brief, or write only what it says.",
            )
            return
        if claim.kind is not ClaimKind.BRIEF:
            yield _finding(
                "claims.wrong_source",
                place,
                "A statement about a case points to the brief.",
                "Cite the case that states it.",
            )
        yield from self._numbers(place, said, numbers_in(citation.quote, self.language))

    def _of_case(
        self, place: Place, claim: Claim, citation: CaseCitation, said: str
    ) -> Iterator[Finding]:
        case = self.evidence.case(citation.case_id, citation.text_hash)
        if case is None or case.text_hash != citation.text_hash:
            yield _finding(
                "claims.no_source",
                place,
                "The cited version of the case does not exist.",
                "Draft again, so that the claim cites the case as it is now.",
            )
            return
        if not citation.quote.strip() or citation.span.of(case.text) != citation.quote:
            yield _finding(
                "claims.quote_differs",
                place,
                "The case does not say the quoted words at the place cited.",
                "Draft again, so that the claim cites the case as it is now.",
            )
            return
        if not case.usable(self.today):
            yield _finding(
                "claims.case_not_usable",
                place,
                "The case may no longer be used.",
                "Use another case, or renew the right to use this one.",
            )
        if claim.kind is ClaimKind.BRIEF:
            yield _finding(
                "claims.wrong_source",
                place,
                "A statement about the offer points to a case.",
                "Cite the field of the brief that states it.",
            )
        outcomes = [item for item in case.outcomes if _overlap(item.span, citation.span)]
        sure = [item for item in outcomes if item.sure]
        allowed = list(numbers_in(citation.quote, case.language))
        for outcome in sure:
            allowed.extend(figures_of(outcome))
        yield from self._numbers(place, said, allowed)
        if claim.kind is ClaimKind.RESULT:
            if not sure:
                yield _finding(
                    "claims.no_outcome",
                    place,
                    "The cited words state no measured result.",
                    "Cite the sentence of the case that states the result.",
                )
            elif squeezed(said) not in squeezed(citation.quote):
                yield from self._result(place, said, citation.quote, sure, case.language)
        elif claim.kind is ClaimKind.CUSTOMER:
            if not any(names_it(said, name) for name in case.names()):
                yield _finding(
                    "claims.wrong_customer",
                    place,
                    "The customer named is not the customer of the cited case.",
                    "Use the name that the case gives.",
                )
        elif claim.kind is ClaimKind.QUOTATION and _bare(said) not in _bare(citation.quote):
            yield _finding(
                "claims.quotation_changed",
                place,
                "Words in quotation marks are not the words of the case.",
                "Quote word for word, or tell it without quotation marks.",
            )

    def _numbers(self, place: Place, said: str, allowed: Sequence[Number]) -> Iterator[Finding]:
        for number in numbers_in(_blanked(_MERGE, said), self.language):
            if not any(agrees(number, other) for other in allowed):
                yield _finding(
                    "claims.number_unsupported",
                    _at(place, number.span),
                    f"The source does not give the figure {number.raw.strip()}.",
                    "Use the figure that the source gives.",
                )

    def _result(
        self, place: Place, said: str, quote: str, outcomes: Sequence[Outcome], language: str
    ) -> Iterator[Finding]:
        named = _metrics(said, self.language)
        true = {item.metric for item in outcomes if item.metric} | _metrics(quote, language)
        if named and true and not named & true:
            yield _finding(
                "claims.wrong_metric",
                place,
                f"The source measured {_list(true)}, not {_list(named)}.",
                "Name the quantity that the source measured.",
            )
        told = [item for item in outcomes if not named or not item.metric or item.metric in named]
        yield from self._of_another(place, said, told, outcomes)
        directions = {item.direction for item in told or outcomes if item.direction}
        spoken = self._directions(said)
        if directions and spoken and not directions & spoken:
            yield _finding(
                "claims.wrong_direction",
                place,
                "The source says that the quantity moved the other way.",
                "Turn the statement round, as the source has it.",
            )
        pair = self._pair(said)
        ends = [(item.before, item.after) for item in outcomes]
        if pair and pair not in ends and (pair[1], pair[0]) in ends:
            yield _finding(
                "claims.swapped",
                place,
                "The values before and after stand in the wrong order.",
                "Name the value before first, as the source has it.",
            )

    def _of_another(
        self, place: Place, said: str, told: Sequence[Outcome], outcomes: Sequence[Outcome]
    ) -> Iterator[Finding]:
        """Figures that the sentence gives for another of its results than the one named."""
        own = [figure for item in told for figure in figures_of(item)]
        others = [figure for item in outcomes if item not in told for figure in figures_of(item)]
        if not own:
            return
        for number in numbers_in(_blanked(_MERGE, said), self.language):
            if any(agrees(number, figure) for figure in own):
                continue
            if any(agrees(number, figure) for figure in others):
                yield _finding(
                    "claims.wrong_metric",
                    _at(place, number.span),
                    f"The source gives the figure {number.raw.strip()} for another quantity.",
                    "Use the figure that the source gives for the quantity named.",
                )

    def _directions(self, text: str) -> set[Direction]:
        if self.words is None:
            return set()
        found = set()
        if _any(self.words.up, text):
            found.add(Direction.UP)
        if _any(self.words.down, text):
            found.add(Direction.DOWN)
        return found

    def _pair(self, text: str) -> tuple[Decimal, Decimal] | None:
        """The values of "from a to b", in either order of the phrase; None without both."""
        if self.words is None:
            return None
        before = after = None
        for number in numbers_in(text, self.language):
            lead = text[max(0, number.span.start - 12) : number.span.start]
            if _any(tuple(rf"{word}\W*(?:\w+\W*)?$" for word in self.words.after), lead):
                after = number.value
            elif _any(tuple(rf"{word}\W*(?:\w+\W*)?$" for word in self.words.before), lead):
                before = number.value
        return None if before is None or after is None else (before, after)

    def figures(self, module: Module) -> Iterator[Finding]:
        """Figures outside every claim. A footer holds facts of the sender, checked as law."""
        if module.kind is ModuleKind.FOOTER:
            return
        for number in numbers_in(_blanked(_MERGE, module.text), self.language):
            if not any(claim.span.covers(number.span) for claim in module.claims):
                yield _finding(
                    "claims.number_without_source",
                    Place(f"module:{module.kind}", number.span),
                    f"The figure {number.raw.strip()} has no source.",
                    "Take it out, or cite the case or the field of the brief that gives it.",
                )

    def names(self, module: Module, cases: Sequence[Case]) -> Iterator[Finding]:
        for case in cases:
            if case.name_public:
                continue
            for text in (module.text, module.label):
                match = self._named(case, text)
                if match:
                    yield _finding(
                        "claims.customer_not_public",
                        Place(f"module:{module.kind}", Span(*match.span())),
                        "A customer is named who may not be named.",
                        "Say what kind of company it is instead.",
                    )

    def _named(self, case: Case, text: str) -> re.Match[str] | None:
        for name in case.names():
            for form in dict.fromkeys((name, without_legal_form(name))):
                match = name_pattern(form).search(text)
                if match:
                    return match
        return None

    def results(self, module: Module, cases: Sequence[Case]) -> Iterator[Finding]:
        """Sentences that tell a result outside every claim."""
        if self.words is None or module.kind is ModuleKind.FOOTER:
            return
        for span in sentences(module.text, self.language):
            if any(_overlap(claim.span, span) for claim in module.claims):
                continue
            sentence = span.of(module.text)
            counted = bool(numbers_in(_blanked(_MERGE, sentence), self.language))
            named = any(self._named(case, sentence) for case in cases)
            told = _any(self.words.results, sentence) and (counted or named)
            if told or _any(self.words.results_alone, sentence):
                yield _finding(
                    "claims.result_without_source",
                    Place(f"module:{module.kind}", span),
                    "The sentence states a result without a source.",
                    "Cite the case that states it, or take the sentence out.",
                )

    def button(self, module: Module) -> Iterator[Finding]:
        if module.kind is not ModuleKind.CALL_TO_ACTION or not (module.label or module.url):
            return
        call = self.brief.call_to_action
        place = Place(f"module:{module.kind}")
        labels = [*call.label.get(self.language, ()), *call.label.get("", ())]
        stated = [number for text in labels for number in numbers_in(text, self.language)]
        yield from self._numbers(place, module.label, stated)
        if module.url and module.url not in call.url.values():
            yield _finding(
                "claims.button_address",
                place,
                "The button leads to an address that the brief does not give.",
                "Use the address of the call to action in the brief.",
            )


def _metrics(text: str, language: str) -> set[str]:
    return {mention.metric for mention in find_metrics(text, language)}


def _footer_start(text: str, modules: Sequence[Module]) -> int:
    """Where the last words of the modules end in `text`; its end if none are found."""
    at = [index for index, char in enumerate(text) if not char.isspace()]
    squeezed = "".join(text[index] for index in at)
    position = 0
    for module in modules:
        if module.kind in (ModuleKind.SUBJECT, ModuleKind.PREHEADER, ModuleKind.FOOTER):
            continue
        for fragment in re.split(r"\n+|\[\[[^\]]+\]\]", module.text):
            wanted = "".join(fragment.split())
            if len(wanted) < 2:
                continue
            found = squeezed.find(wanted, position)
            if found >= 0:
                position = found + len(wanted)
    return at[position - 1] + 1 if position else len(text)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match.group()), text)


def _bare(text: str) -> str:
    return squeezed(text).translate(_QUOTES)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _any(patterns: Sequence[str], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def _list(metrics: set[str]) -> str:
    return ", ".join(sorted(item.replace("_", " ") for item in metrics))


def _at(place: Place, inner: Span) -> Place:
    base = place.span.start if place.span else 0
    return replace(place, span=Span(base + inner.start, base + inner.end))


def _finding(rule: str, place: Place, message: str, remedy: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.BLOCK,
        jurisdiction="",
        place=place,
        message=message,
        source=_SOURCE,
        verified=True,
        remedy=remedy,
    )
