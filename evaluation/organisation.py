"""What an organisation decides of its own: other severities, and rules set aside for a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from contracts.verdict import Finding, Ruled, Ruling, Severity
from evaluation.context import ScreeningContext

__all__ = ["as_decided", "rulings_as_decided"]


def as_decided(findings: Iterable[Finding], context: ScreeningContext, mail: str) -> list[Finding]:
    """The findings with the organisation's severities. What is suppressed stays as a note that
    names who answers for it, why and until when."""
    return [_decided(finding, context, mail) for finding in findings]


def _decided(finding: Finding, context: ScreeningContext, mail: str) -> Finding:
    severity = context.severities.get(finding.rule)
    if severity is not None:
        finding = replace(finding, severity=severity)
    today = context.now.date()
    for item in context.suppressions:
        if finding.severity is not Severity.NOTE and item.covers(finding.rule, mail, today):
            said = f"Set aside by {item.by} until {item.until.isoformat()}: {item.reason}"
            return replace(finding, severity=Severity.NOTE, message=f"{finding.message} [{said}]")
    return finding


_SEVERITIES = {
    Ruled.BLOCK: Severity.BLOCK,
    Ruled.WARN: Severity.WARN,
    Ruled.NOTE: Severity.NOTE,
}


def rulings_as_decided(
    rulings: Iterable[Ruling], context: ScreeningContext, mail: str
) -> tuple[Ruling, ...]:
    """The certificate with the same decisions: it never says more than was enforced."""
    decided: list[Ruling] = []
    today = context.now.date()
    for ruling in rulings:
        severity = _SEVERITIES.get(ruling.verdict)
        if severity is not None:
            severity = context.severities.get(ruling.rule, severity)
            ruling = replace(ruling, verdict=Ruled(severity.value))
            for item in context.suppressions:
                if item.covers(ruling.rule, mail, today):
                    said = f"set aside by {item.by} until {item.until.isoformat()}: {item.reason}"
                    ruling = replace(ruling, verdict=Ruled.NOTE, why=f"{ruling.why} [{said}]")
                    break
        decided.append(ruling)
    return tuple(decided)
