"""Grounding: nothing is said of a customer, a result or an offer without its source.

Every figure of a module lies inside a claim, every claim's citation resolves, and what the
claim says (figures, metric, direction, order of before and after, names) is what the cited
sentence says. See invariant 1 of the design.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.brief import Brief, Sender
from contracts.case import Case, Span
from contracts.mail import (
    BriefCitation,
    CaseCitation,
    Claim,
    ClaimKind,
    Module,
    ModuleKind,
)
from contracts.verdict import Finding, Place
from evaluation.claims.findings import MERGE, any_of, at, blanked, finding
from evaluation.claims.links import link_findings
from evaluation.claims.names import strangers
from evaluation.claims.results import ResultReader
from evaluation.claims.sources import (
    agrees,
    field_text,
    figures_of,
    name_pattern,
    names_it,
    numbers_in,
    squeezed,
)
from evaluation.context import Evidence
from evaluation.packs import RulePacks, load_packs, of_language
from evaluation.rulefiles import ClaimWords
from language.mentions import find_metrics
from language.names import without_legal_form
from language.numbers import Number
from language.sentences import sentences

__all__ = ["check_grounding"]

_QUOTES = str.maketrans("", "", "„“”\"»«‚‘’'「」")


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
    desk = _Desk(evidence, brief, sender, language, today, of_language(packs.claims, language))
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
        findings.extend(link_findings(module, brief, language))
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
            yield finding(
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
            yield finding(
                "claims.brief_citation",
                place,
                f"The brief does not say this under {citation.field}.",
                "Correct the brief, or write only what it says.",
            )
            return
        if claim.kind is not ClaimKind.BRIEF:
            yield finding(
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
            yield finding(
                "claims.no_source",
                place,
                "The cited version of the case does not exist.",
                "Draft again, so that the claim cites the case as it is now.",
            )
            return
        if not citation.quote.strip() or citation.span.of(case.text) != citation.quote:
            yield finding(
                "claims.quote_differs",
                place,
                "The case does not say the quoted words at the place cited.",
                "Draft again, so that the claim cites the case as it is now.",
            )
            return
        if not case.usable(self.today):
            yield finding(
                "claims.case_not_usable",
                place,
                "The case may no longer be used.",
                "Use another case, or renew the right to use this one.",
            )
        if claim.kind is ClaimKind.BRIEF:
            yield finding(
                "claims.wrong_source",
                place,
                "A statement about the offer points to a case.",
                "Cite the field of the brief that states it.",
            )
        outcomes = [item for item in case.outcomes if item.span.overlaps(citation.span)]
        sure = [item for item in outcomes if item.sure]
        allowed = list(numbers_in(citation.quote, case.language))
        for outcome in sure:
            allowed.extend(figures_of(outcome))
        reader = ResultReader(self.language, self.words)
        yield from self._numbers(place, said, allowed, reader.rates(said, sure))
        if claim.kind is ClaimKind.RESULT:
            if not sure:
                yield finding(
                    "claims.no_outcome",
                    place,
                    "The cited words state no measured result.",
                    "Cite the sentence of the case that states the result.",
                )
            elif squeezed(said) not in squeezed(citation.quote):
                yield from reader.findings(place, said, citation.quote, sure, case.language)
                yield from self._strangers(place, said, case)
        elif claim.kind is ClaimKind.CUSTOMER:
            if not any(names_it(said, name) for name in case.names()):
                yield finding(
                    "claims.wrong_customer",
                    place,
                    "The customer named is not the customer of the cited case.",
                    "Use the name that the case gives.",
                )
        elif claim.kind is ClaimKind.QUOTATION and _bare(said) not in _bare(citation.quote):
            yield finding(
                "claims.quotation_changed",
                place,
                "Words in quotation marks are not the words of the case.",
                "Quote word for word, or tell it without quotation marks.",
            )

    def _strangers(self, place: Place, said: str, case: Case) -> Iterator[Finding]:
        own = (self.brief.product.name, self.sender.legal_name, *self.sender.from_name.values())
        for span in strangers(said, case, own, self.language, self.words):
            yield finding(
                "claims.wrong_customer",
                at(place, span),
                "The company named is not the customer of the cited case.",
                "Use the name that the case gives.",
            )

    def _numbers(
        self,
        place: Place,
        said: str,
        allowed: Sequence[Number],
        rates: Collection[Number] = (),
    ) -> Iterator[Finding]:
        for number in numbers_in(blanked(MERGE, said), self.language):
            if number not in rates and not any(agrees(number, other) for other in allowed):
                yield finding(
                    "claims.number_unsupported",
                    at(place, number.span),
                    f"The source does not give the figure {number.raw.strip()}.",
                    "Use the figure that the source gives.",
                )

    def figures(self, module: Module) -> Iterator[Finding]:
        """Figures outside every claim. A footer holds facts of the sender, checked as law."""
        if module.kind is ModuleKind.FOOTER:
            return
        for number in numbers_in(blanked(MERGE, module.text), self.language):
            if not any(claim.span.covers(number.span) for claim in module.claims):
                yield finding(
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
                    yield finding(
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
            if any(claim.span.overlaps(span) for claim in module.claims):
                continue
            sentence = span.of(module.text)
            counted = bool(numbers_in(blanked(MERGE, sentence), self.language))
            named = any(self._named(case, sentence) for case in cases)
            told = any_of(self.words.results, sentence) and (counted or named)
            if told or any_of(self.words.results_alone, sentence) or self._metric_moved(sentence):
                yield finding(
                    "claims.result_without_source",
                    Place(f"module:{module.kind}", span),
                    "The sentence states a result without a source.",
                    "Cite the case that states it, or take the sentence out.",
                )

    def _metric_moved(self, sentence: str) -> bool:
        words = self.words.results_of_metric if self.words else ()
        asked = sentence.rstrip(' "”»」』)').endswith(("?", "？", "؟"))
        return not asked and any_of(words, sentence) and bool(find_metrics(sentence, self.language))


def _bare(text: str) -> str:
    return squeezed(text).translate(_QUOTES)
