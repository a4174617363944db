"""Screening as the report shows it: for each legal profile what was found, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.verdict import Finding, Screening, Verdict
from interface.report.texts import ReportTexts
from workflow.results import CampaignView, DraftView, EditionView

__all__ = [
    "FindingRow",
    "NotJudged",
    "PackVersion",
    "ProfileBlock",
    "letter_of",
    "not_judged",
    "pack_versions",
    "profile_blocks",
]

_VERDICTS = (Verdict.PASS, Verdict.WARN, Verdict.BLOCK)  # from good to bad


@dataclass(frozen=True, slots=True)
class FindingRow:
    rule: str
    severity: str  # code
    severity_name: str
    jurisdiction: str  # "everywhere" for rules that hold in all places
    message: str
    place: str  # "the subject"
    excerpt: str
    remedy: str
    source: str
    verified: bool
    variants: str  # "all variants", "variants A, C"


@dataclass(frozen=True, slots=True)
class ProfileBlock:
    """The editions of one draft under one legal profile."""

    code: str
    countries: tuple[str, ...]  # ISO 3166-1
    recipients: int
    verdict: str  # code of the worst; "" where nothing was screened
    verdict_name: str
    by_variant: tuple[tuple[str, str], ...]  # letter, code of the verdict
    findings: tuple[FindingRow, ...]
    unscreened: str  # letters of the variants that were not screened
    spam: str  # "0.12" or "0.10 to 0.20", 0 to 1
    spam_reasons: tuple[str, ...]
    not_judged: int


@dataclass(frozen=True, slots=True)
class NotJudged:
    name: str
    text: str
    editions: int


@dataclass(frozen=True, slots=True)
class PackVersion:
    name: str
    versions: str


def profile_blocks(view: DraftView, texts: ReportTexts) -> tuple[ProfileBlock, ...]:
    """One block for each profile that the draft has an edition for, in the editions' order."""
    by_code: dict[str, list[tuple[str, EditionView]]] = {}
    for index, variant in enumerate(view.variants):
        for edition in variant.editions:
            by_code.setdefault(edition.edition.profile, []).append((letter_of(index), edition))
    return tuple(
        _profile_block(code, by_code[code], view.profiles.get(code, 0), texts) for code in by_code
    )


def letter_of(index: int) -> str:
    """The letter of a variant: A, B, C … Z, then A2, B2 …"""
    letter = chr(ord("A") + index % 26)
    return letter if index < 26 else f"{letter}{index // 26 + 1}"


def _profile_block(
    code: str,
    editions: Sequence[tuple[str, EditionView]],
    recipients: int,
    texts: ReportTexts,
) -> ProfileBlock:
    screened = [(letter, item.screening) for letter, item in editions if item.screening]
    scores = sorted({f"{screening.spam_score / 1000:.2f}" for _, screening in screened})
    verdict = _worst([screening for _, screening in screened])
    return ProfileBlock(
        code=code,
        countries=editions[0][1].countries,
        recipients=recipients,
        verdict=verdict,
        verdict_name=texts.verdicts.get(verdict, verdict),
        by_variant=tuple((letter, screening.verdict.value) for letter, screening in screened),
        findings=_rows(editions, texts),
        unscreened=", ".join(letter for letter, item in editions if item.screening is None),
        spam=" to ".join(dict.fromkeys((*scores[:1], *scores[-1:]))),
        spam_reasons=tuple(
            dict.fromkeys(reason for _, screening in screened for reason in screening.spam_reasons)
        ),
        not_judged=len({text for _, screening in screened for text in screening.not_judged}),
    )


def _worst(screenings: Sequence[Screening]) -> str:
    if not screenings:
        return ""
    return max((item.verdict for item in screenings), key=_VERDICTS.index).value


def _rows(
    editions: Sequence[tuple[str, EditionView]], texts: ReportTexts
) -> tuple[FindingRow, ...]:
    """What was found, each thing once, with the variants it was found in."""
    where: dict[tuple[Finding, str], list[str]] = {}
    for letter, edition in editions:
        for seen in edition.findings:
            # The same words at another offset are the same finding of another variant.
            letters = where.setdefault((_without_offsets(seen.finding), seen.excerpt), [])
            if letter not in letters:
                letters.append(letter)
    ordered = sorted(where.items(), key=lambda item: item[0][0].severity.rank)
    return tuple(
        FindingRow(
            rule=finding.rule,
            severity=finding.severity.value,
            severity_name=texts.severities.get(finding.severity.value, finding.severity.value),
            jurisdiction=finding.jurisdiction or "everywhere",
            message=finding.message,
            place=texts.place(finding.place.part),
            excerpt=excerpt,
            remedy=finding.remedy,
            source=finding.source,
            verified=finding.verified,
            variants=_variants(letters, len(editions)),
        )
        for (finding, excerpt), letters in ordered
    )


def _without_offsets(finding: Finding) -> Finding:
    return replace(finding, place=replace(finding.place, span=None))


def _variants(letters: Sequence[str], of: int) -> str:
    if of == 1:
        return ""
    if len(letters) == of:
        return "all variants"
    return f"variant{'s' if len(letters) > 1 else ''} {', '.join(letters)}"


def not_judged(view: CampaignView, texts: ReportTexts) -> tuple[NotJudged, ...]:
    """What screening could not see, each thing once, what concerns most editions first."""
    counts: dict[str, int] = {}
    for screening in _screenings(view):
        for text in screening.not_judged:
            counts[text] = counts.get(text, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(_named(text, count, texts) for text, count in ordered)


def _named(entry: str, editions: int, texts: ReportTexts) -> NotJudged:
    code, separator, text = entry.partition(": ")
    if not separator:
        return NotJudged(texts.not_judged.get(entry, entry), "", editions)
    return NotJudged(texts.not_judged.get(code, code.replace("_", " ")), text, editions)


def pack_versions(view: CampaignView) -> tuple[PackVersion, ...]:
    """Rule packs that judged and phrase files that wrote, with every version in use."""
    versions: dict[str, set[str]] = {}
    used: list[Mapping[str, str]] = [screening.packs for screening in _screenings(view)]
    for draft in view.drafts:
        used.append(draft.draft.sources)
        used += [
            edition.edition.rule_packs for variant in draft.variants for edition in variant.editions
        ]
    for packs in used:
        for name, version in packs.items():
            versions.setdefault(name, set()).add(version)
    return tuple(PackVersion(name, ", ".join(sorted(versions[name]))) for name in sorted(versions))


def _screenings(view: CampaignView) -> list[Screening]:
    return [
        edition.screening
        for draft in view.drafts
        for variant in draft.variants
        for edition in variant.editions
        if edition.screening is not None
    ]
