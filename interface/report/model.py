"""What the page shows, in the order in which it shows it: everything is said here, so that
the template only lays it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.case import Case, Span
from contracts.decision import DecisionKind
from contracts.mail import BriefCitation, CaseCitation, Module
from contracts.verdict import Verdict
from interface.report.marks import MarkedSpan, Piece, pieces
from interface.report.screening import ProfileBlock, letter_of, profile_blocks
from interface.report.sources import SourceText, source_text
from interface.report.texts import ReportTexts
from language.countries import country_name
from workflow.results import CampaignView, DraftView, EditionView, MailSeen, TacticUsed, VariantView

__all__ = [
    "DraftBlock",
    "EditionBlock",
    "ModuleBlock",
    "Note",
    "SegmentBlock",
    "Use",
    "VariantBlock",
    "country_list",
    "segment_blocks",
]

_VERDICTS = (Verdict.PASS, Verdict.WARN, Verdict.BLOCK)  # from good to bad


@dataclass(frozen=True, slots=True)
class Use:
    """A place in the texts that rests on a source."""

    anchor: str
    label: str  # "Subject", "Opener of variant B"


@dataclass(frozen=True, slots=True)
class Note:
    """One source of a draft, with its number."""

    number: int
    anchor: str
    source: SourceText
    kinds: tuple[str, ...]  # what is claimed by it
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class ModuleBlock:
    name: str
    language: str  # BCP 47
    pieces: tuple[Piece, ...]
    origin: str
    note: str
    label: str  # of a button
    url: str


@dataclass(frozen=True, slots=True)
class EditionBlock:
    anchor: str
    profile: str
    countries: str
    edition_id: str
    mail: MailSeen
    seal: str  # approved, else submitted, else ""
    standing: str  # what may be done with it
    verdict: str  # code, "" not screened
    queued: int


@dataclass(frozen=True, slots=True)
class VariantBlock:
    letter: str
    anchor: str
    variant_id: str
    control: bool
    tactics: tuple[TacticUsed, ...]
    modules: tuple[ModuleBlock, ...]  # of the control all, of others what differs
    editions: tuple[EditionBlock, ...]
    arm: str  # whether it is an arm of the experiment


@dataclass(frozen=True, slots=True)
class DraftBlock:
    anchor: str
    draft_id: str
    segment: str
    language: str
    language_name: str
    state: str  # code
    state_name: str
    verdict: str  # the worst that a current edition has; "" where nothing was screened
    recipients: int
    profiles: str  # "DE 12, US 3"
    writer: str
    authors: str
    arms: str  # how many arms, and why only so many
    queued: int
    variants: tuple[VariantBlock, ...]
    notes: tuple[Note, ...]
    screening: tuple[ProfileBlock, ...]
    choices: Mapping[str, tuple[str, ...]]  # place -> texts that a worker may put there
    fields: tuple[str, ...]
    submitted_by: str
    submitted_at: datetime | None
    decision: str  # "Approved", "Rejected", "" none
    decided_by: str
    decided_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class SegmentBlock:
    anchor: str
    name: str
    drafts: tuple[DraftBlock, ...]


def country_list(codes: Iterable[str]) -> str:
    """English names of countries; what the strictest profile is for where there are none."""
    names = [country_name(code, "en") or code for code in codes]
    return ", ".join(names) or "countries without a pack of their own"


def segment_blocks(view: CampaignView, texts: ReportTexts) -> tuple[SegmentBlock, ...]:
    """The drafts by segment, in the order of the view."""
    names = list(dict.fromkeys(draft.draft.segment for draft in view.drafts))
    return tuple(
        SegmentBlock(
            anchor=f"s{place}",
            name=name,
            drafts=tuple(
                _draft_block(f"s{place}d{number}", draft, view, texts)
                for number, draft in enumerate(
                    (item for item in view.drafts if item.draft.segment == name), start=1
                )
            ),
        )
        for place, name in enumerate(names, start=1)
    )


def _draft_block(
    anchor: str, view: DraftView, campaign: CampaignView, texts: ReportTexts
) -> DraftBlock:
    draft = view.draft
    notes = _Notes(anchor, draft.language, campaign.cases, texts)
    control = view.variants[0].variant.modules if view.variants else draft.modules
    any_queued = campaign.summary.queued > 0
    variants = tuple(
        _variant_block(f"{anchor}v{index + 1}", index, item, control, view, any_queued, notes)
        for index, item in enumerate(view.variants)
    )
    first = view.variants[0].editions[:1] if view.variants else ()
    verdicts = [
        edition.screening.verdict
        for item in view.variants
        for edition in item.editions
        if edition.screening is not None
    ]
    decision = view.decision
    return DraftBlock(
        anchor=anchor,
        draft_id=draft.id,
        segment=draft.segment,
        language=draft.language,
        language_name=texts.language(draft.language),
        state=view.state.value,
        state_name=texts.states.get(view.state.value, view.state.value),
        verdict=max(verdicts, key=_VERDICTS.index).value if verdicts else "",
        recipients=view.recipients,
        profiles=", ".join(f"{code} {count}" for code, count in view.profiles.items()),
        writer=draft.writer,
        authors=", ".join(view.authors),
        arms=_arms(view, any_queued),
        queued=sum(item.queued for item in view.variants),
        variants=variants,
        notes=notes.all(),
        screening=profile_blocks(view, texts),
        choices={
            name: tuple(dict.fromkeys(values.values()))
            for edition in first
            for name, values in edition.edition.choices.items()
        },
        fields=tuple(field for edition in first for field in edition.edition.fields),
        submitted_by=view.submitted_by,
        submitted_at=view.submitted_at,
        decision={DecisionKind.APPROVE: "Approved", DecisionKind.REJECT: "Rejected"}[decision.kind]
        if decision
        else "",
        decided_by=decision.by if decision else "",
        decided_at=decision.at if decision else None,
        why=decision.why if decision else "",
    )


def _arms(view: DraftView, any_queued: bool) -> str:
    made = len(view.variants)
    queued = sum(1 for item in view.variants if item.queued)
    if not made:
        return "No variants have been made yet."
    variants = "1 variant was made" if made == 1 else f"{made} variants were made"
    if queued:
        arms = f"{queued} of them is queued" if queued == 1 else f"{queued} of them are queued"
        if made == 1:
            arms = "it is queued"
    elif any_queued:
        arms = "none of them is queued"
    else:
        plan = min(view.design.arms, made)
        arms = f"{plan} would be queued"
    return f"{variants}, {arms}. {view.design.why}."


def _variant_block(
    anchor: str,
    index: int,
    view: VariantView,
    control: Sequence[Module],
    draft: DraftView,
    any_queued: bool,
    notes: _Notes,
) -> VariantBlock:
    letter = letter_of(index)
    shown = [module for module in view.variant.modules if index == 0 or module not in control]
    place = "" if index == 0 else f" of variant {letter}"
    return VariantBlock(
        letter=letter,
        anchor=anchor,
        variant_id=view.variant.id,
        control=index == 0,
        tactics=view.tactics,
        modules=tuple(
            _module_block(f"{anchor}m{number}", module, place, notes)
            for number, module in enumerate(shown, start=1)
        ),
        editions=tuple(
            _edition_block(f"{anchor}e{number}", edition)
            for number, edition in enumerate(view.editions, start=1)
        ),
        arm=_arm(view, index, draft, any_queued),
    )


def _arm(view: VariantView, index: int, draft: DraftView, any_queued: bool) -> str:
    if view.queued:
        return f"Queued: {view.queued} envelope{'s' if view.queued != 1 else ''}"
    if any_queued or index >= draft.design.arms:
        return "Not queued"
    return "Would be queued"


def _module_block(anchor: str, module: Module, place: str, notes: _Notes) -> ModuleBlock:
    name = notes.texts.modules.get(module.kind.value, module.kind.value)
    marked = [
        notes.mark(claim.span, claim.citation, claim.kind.value, f"{anchor}c{number}", name + place)
        for number, claim in enumerate(module.claims, start=1)
    ]
    return ModuleBlock(
        name=name,
        language=module.lang or notes.language,
        pieces=pieces(module.text, marked),
        origin=module.origin,
        note=module.note,
        label=module.label,
        url=module.url,
    )


def _edition_block(anchor: str, view: EditionView) -> EditionBlock:
    if view.blocked:
        standing = "blocked by screening"
    elif view.approved_seal:
        standing = "approved"
    elif view.submitted_seal:
        standing = "submitted, may not be sent"
    else:
        standing = "not submitted, may not be sent"
    return EditionBlock(
        anchor=anchor,
        profile=view.edition.profile,
        countries=country_list(view.countries),
        edition_id=view.edition.id,
        mail=view.mail,
        seal=view.approved_seal or view.submitted_seal,
        standing=standing,
        verdict=view.screening.verdict.value if view.screening else "",
        queued=view.queued,
    )


class _Notes:
    """The sources of one draft, numbered in the order in which the texts first use them."""

    def __init__(
        self,
        anchor: str,
        language: str,
        cases: Mapping[tuple[str, str], Case],
        texts: ReportTexts,
    ) -> None:
        self.language = language
        self.texts = texts
        self._anchor = anchor
        self._cases = cases
        self._numbers: dict[object, int] = {}
        self._sources: list[SourceText] = []
        self._kinds: list[list[str]] = []
        self._uses: list[list[Use]] = []

    def mark(
        self,
        span: Span,
        citation: CaseCitation | BriefCitation,
        kind: str,
        anchor: str,
        label: str,
    ) -> MarkedSpan:
        """Count this use of a source; the mark bears the number of the source."""
        key = citation if isinstance(citation, BriefCitation) else _place(citation)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        if number > len(self._sources):
            self._sources.append(source_text(citation, self._cases, self.language, self.texts))
            self._kinds.append([])
            self._uses.append([])
        name = self.texts.claims.get(kind, kind)
        if name not in self._kinds[number - 1]:
            self._kinds[number - 1].append(name)
        self._uses[number - 1].append(Use(anchor, label))
        return MarkedSpan(span, number, anchor, f"{self._anchor}n{number}")

    def all(self) -> tuple[Note, ...]:
        return tuple(
            Note(
                number=number,
                anchor=f"{self._anchor}n{number}",
                source=source,
                kinds=tuple(self._kinds[number - 1]),
                uses=tuple(self._uses[number - 1]),
            )
            for number, source in enumerate(self._sources, start=1)
        )


def _place(citation: CaseCitation) -> tuple[str, str, int, int, str]:
    span = citation.span
    return citation.case_id, citation.text_hash, span.start, span.end, citation.quote
