"""How good drafts are: grounded, in their language, unlike one another, readable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from contracts.brief import Brief, Sender
from contracts.errors import CouldNotFinish
from contracts.mail import (
    BriefCitation,
    CaseCitation,
    ClaimKind,
    Draft,
    Edition,
    Module,
    ModuleKind,
)
from contracts.verdict import Severity
from evaluation.claims.grounding import check_grounding
from evaluation.context import Evidence
from evaluation.packs import RulePacks, load_packs
from evaluation.suites.planting import plant
from evaluation.suites.readability import read_text
from evaluation.suites.sameness import shared_pairs
from language.datafile import DataFile, load_data
from language.numbers import find_numbers
from language.tags import data_language

__all__ = ["DraftedMail", "mail_paragraphs", "measure_language"]

_PARAGRAPH = 40  # characters from which a paragraph's language can be told
_OPEN = re.compile(r"\[\[[^\]]*\]\]")
_LEFTOVER = re.compile(r"\{\{|\}\}|\{%|\bNone\b|\bnan\b|undefined|<(?:/?)(?:result|brief|customer)")
_READ = frozenset(
    {ModuleKind.SUBJECT, ModuleKind.PREHEADER, ModuleKind.FOOTER, ModuleKind.GREETING,
     ModuleKind.SIGN_OFF}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DraftedMail:
    """A draft, its edition, and what it rests on."""

    draft: Draft
    edition: Edition
    brief: Brief
    sender: Sender
    evidence: Evidence


class _Uncited(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    figures: tuple[str, ...]
    plain: tuple[str, ...]


class _File(DataFile):
    languages: Mapping[str, _Uncited]


@cache
def _uncited() -> Mapping[str, _Uncited]:
    return load_data("evaluation.suites", "uncited.yaml", _File).languages


def measure_language(
    mails: Sequence[DraftedMail], language: str, today: date
) -> Mapping[str, float]:
    """Every measure of the drafts of one language, by name; rates are 0 to 1.

    A measure is left out where there is nothing to measure.

    Raises:
        CouldNotFinish: the packages that the measures need are not installed.
    """
    packs = load_packs()
    measures: dict[str, float] = {"drafts": len(mails)}
    measures |= _grounding(mails, packs, today)
    measures |= _planted(mails, language, packs, today)
    measures |= _language(mails, language)
    pairs = shared_pairs([mail.draft for mail in mails])
    if pairs:
        measures |= {"shared_mean": fmean(pairs), "shared_max": max(pairs)}
    measures |= _reading(mails, language)
    return measures


# --- grounding ------------------------------------------------------------------------------


def _blocks(mail: DraftedMail, modules: Sequence[Module], packs: RulePacks, today: date) -> bool:
    findings = check_grounding(
        modules, mail.evidence, mail.brief, mail.sender, mail.draft.language, today, packs
    )
    return any(finding.severity is Severity.BLOCK for finding in findings)


def _grounding(mails: Sequence[DraftedMail], packs: RulePacks, today: date) -> Mapping[str, float]:
    """Claims that resolve, and drafts that are blocked though nothing was planted in them."""
    claims = [
        (mail, module, claim)
        for mail in mails
        for module in mail.draft.modules
        for claim in module.claims
    ]
    resolved = sum(
        1
        for mail, _, claim in claims
        if isinstance(claim.citation, BriefCitation) or _resolves(mail, claim.citation, today)
    )
    false = sum(1 for mail in mails if _blocks(mail, mail.draft.modules, packs, today))
    return {
        "claims": len(claims),
        "claims_resolved": resolved / len(claims) if claims else 1.0,
        "false_blocks": false / len(mails),
    }


def _resolves(mail: DraftedMail, citation: CaseCitation, today: date) -> bool:
    case = mail.evidence.case(citation.case_id, citation.text_hash)
    return (
        case is not None
        and case.usable(today)
        and citation.span.of(case.text) == citation.quote
        and bool(citation.quote.strip())
    )


def _planted(
    mails: Sequence[DraftedMail], language: str, packs: RulePacks, today: date
) -> Mapping[str, float]:
    """How many planted falsehoods are found, by kind and in all but the paraphrased ones."""
    tags = (language, data_language(language), language.split("-")[0])
    words = next((_uncited()[tag] for tag in tags if tag in _uncited()), None)
    uncited = {"uncited": words.figures, "paraphrased": words.plain} if words else {}
    found: dict[str, list[bool]] = {}
    for mail in mails:
        if _blocks(mail, mail.draft.modules, packs, today):
            continue  # would be found for another reason
        values = frozenset(
            number.value
            for case_id in mail.draft.case_ids
            for text in _case_texts(mail, case_id)
            for number in find_numbers(text, language)
        )
        for planted in plant(mail.draft.modules, language, uncited, values):
            caught = _blocks(mail, planted.modules, packs, today)
            found.setdefault(planted.kind, []).append(caught)
    paraphrased = found.pop("paraphrased", [])
    every = [caught for caughts in found.values() for caught in caughts]
    measures = {f"caught_{kind}": fmean(caughts) for kind, caughts in sorted(found.items())}
    measures |= {"planted": float(len(every))}
    if every:
        measures["caught"] = fmean(every)
    if paraphrased:
        measures["caught_paraphrased"] = fmean(paraphrased)
    return measures


def _case_texts(mail: DraftedMail, case_id: str) -> Iterator[str]:
    for module in mail.draft.modules:
        for claim in module.claims:
            citation = claim.citation
            if isinstance(citation, CaseCitation) and citation.case_id == case_id:
                case = mail.evidence.case(citation.case_id, citation.text_hash)
                if case is not None:
                    yield case.text
                    return


# --- language -------------------------------------------------------------------------------


def mail_paragraphs(mail: DraftedMail) -> tuple[str, ...]:
    """The paragraphs that a reader sees, without addresses and open places."""
    text = re.sub(r"https?://\S+|[\w.+-]+@[\w.-]+", " ", mail.edition.text)
    paragraphs = (_OPEN.sub(" ", part).strip() for part in re.split(r"\n\s*\n", text))
    return tuple(part for part in paragraphs if part)


def _language(mails: Sequence[DraftedMail], language: str) -> Mapping[str, float]:
    whole, long, short, leftovers = [], [], [], 0
    for mail in mails:
        paragraphs = mail_paragraphs(mail)
        whole.append(_speaks("\n".join(paragraphs), language))
        for paragraph in _own_paragraphs(mail):
            if len(paragraph) >= _PARAGRAPH:
                long.append(_speaks(paragraph, language))
        short += [_own(module, language) for module in mail.draft.modules]
        seen = f"{mail.edition.subject}\n{mail.edition.text}"
        leftovers += len(_LEFTOVER.findall(_OPEN.sub("", seen)))
        leftovers += sum(
            1
            for name in _OPEN.findall(seen)
            if name[2:-2] not in {*mail.edition.fields, *mail.edition.choices}
        )
    return {
        "language_mail": fmean(whole),
        "language_paragraph": fmean(long) if long else 1.0,
        "language_origin": fmean(short),
        "leftovers": leftovers,
    }


def _own_paragraphs(mail: DraftedMail) -> Iterator[str]:
    """Of the letter, without names, which belong to no language: signature and footer are names
    and addresses for the most part."""
    names = _names(mail)
    for module in mail.draft.modules:
        if module.kind in (ModuleKind.SIGN_OFF, ModuleKind.GREETING):
            continue
        for paragraph in module.text.split("\n\n"):
            yield " ".join(names.sub(" ", _OPEN.sub(" ", paragraph)).split())


def _names(mail: DraftedMail) -> re.Pattern[str]:
    names = {mail.sender.legal_name, mail.brief.product.name}
    for module in mail.draft.modules:
        for claim in module.claims:
            if isinstance(claim.citation, CaseCitation) and claim.kind is ClaimKind.CUSTOMER:
                names.add(claim.citation.quote)
    longest = sorted(filter(None, names), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)))


def _own(module: Module, language: str) -> bool:
    """Whether a module comes from the language's own files, from the brief's text in it, or
    from a case that is written in it."""
    return module.origin.startswith((f"languages/{language}/", "brief/"))


def _speaks(text: str, language: str) -> bool:
    """Whether a detector that the product does not use elsewhere takes `text` for `language`."""
    base = data_language(language).split("-")[0]
    found = _detector().classify(text)[0]
    if base != "zh":
        return bool(found == base)
    if found not in ("zh", "yue", "wuu"):
        return False
    import hanzidentifier

    # The identifier knows the standard of Taiwan; this sign is Hong Kong's for 著.
    script = hanzidentifier.identify(text.replace("着", "著") if language.endswith("HK") else text)
    traditional = data_language(language) == "zh-Hant"
    wanted = hanzidentifier.TRADITIONAL if traditional else hanzidentifier.SIMPLIFIED
    return script in (wanted, hanzidentifier.BOTH)


@cache
def _detector():  # type: ignore[no-untyped-def]
    try:
        import hanzidentifier  # noqa: F401
        import py3langid
    except ImportError as error:
        raise CouldNotFinish(
            "the measure of language needs py3langid and hanzidentifier: "
            "pip install 'mailwright[eval]'"
        ) from error
    return py3langid


# --- reading --------------------------------------------------------------------------------


def _reading(mails: Sequence[DraftedMail], language: str) -> Mapping[str, float]:
    readings = [
        read_text([m.text for m in mail.draft.modules if m.kind not in _READ], language)
        for mail in mails
    ]
    eases = [reading.ease for reading in readings if reading.ease is not None]
    measures = {
        "size_mean": fmean(reading.size for reading in readings),
        "size_max": max(reading.size for reading in readings),
        "sentence_mean": fmean(reading.mean_sentence for reading in readings),
        "sentence_max": max(reading.longest_sentence for reading in readings),
        "subject_max": max(len(mail.edition.subject) for mail in mails),
        "preheader_max": max(_length(mail, ModuleKind.PREHEADER) for mail in mails),
    }
    return measures | ({"reading_ease": fmean(eases)} if eases else {})


def _length(mail: DraftedMail, kind: ModuleKind) -> int:
    return max((len(m.text) for m in mail.draft.modules if m.kind is kind), default=0)
