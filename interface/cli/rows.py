"""What screening says, in the form that programs rely on: JSON of the commands and downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contracts.verdict import Finding, Place, Ruling, Screening

__all__ = ["finding_row", "place_row", "screening_row"]


def screening_row(item: Screening) -> dict[str, Any]:
    return {
        "verdict": item.verdict.value,
        "not_judged": list(item.not_judged),
        "spam_score": item.spam_score / 1000,
        "jurisdictions": {code: verdict.value for code, verdict in item.jurisdictions.items()},
        "findings": [finding_row(finding) for finding in item.findings],
        "certificate": [_ruling_row(ruling) for ruling in item.certificate],
        "packs": dict(item.packs),
    }


def finding_row(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "jurisdiction": finding.jurisdiction,
        "place": place_row(finding.place),
        "message": finding.message,
        "source": finding.source,
        "verified": finding.verified,
        "remedy": finding.remedy,
    }


def _ruling_row(ruling: Ruling) -> dict[str, Any]:
    return {
        "jurisdiction": ruling.jurisdiction,
        "rule": ruling.rule,
        "verdict": ruling.verdict.value,
        "place": place_row(ruling.place) if ruling.place else None,
        "evidence": ruling.evidence,
        "why": ruling.why,
        "source": ruling.source,
        "verified": ruling.verified,
    }


def place_row(place: Place) -> dict[str, Any]:
    span = [place.span.start, place.span.end] if place.span else None
    return {"part": place.part, "span": span}
