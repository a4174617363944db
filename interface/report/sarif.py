"""Screenings in SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from contracts.verdict import Finding, Screening, Severity

__all__ = ["sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.NOTE: "note"}


def sarif(items: Sequence[tuple[str, Screening]], version: str) -> dict[str, Any]:
    """One run over all files. The place in the mail is a logical location ("html"), with the
    span in its visible text as properties, since a span counts in what a reader sees and not
    in the bytes of the file."""
    rules: dict[str, dict[str, Any]] = {}
    results = []
    for name, screening in items:
        for finding in screening.findings:
            rules.setdefault(finding.rule, _rule(finding))
            results.append(_result(name, finding, list(rules).index(finding.rule)))
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Mailwright",
                        "version": version,
                        "rules": list(rules.values()),
                    }
                },
                "artifacts": [{"location": {"uri": _uri(name)}} for name, _ in items],
                "results": results,
                "columnKind": "unicodeCodePoints",
                "properties": {
                    "notJudged": {name: list(item.not_judged) for name, item in items},
                    "packs": dict(items[0][1].packs) if items else {},
                },
            }
        ],
    }


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "help": {"text": finding.remedy},
        "properties": {"source": finding.source, "verified": finding.verified},
    }


def _result(name: str, finding: Finding, index: int) -> dict[str, Any]:
    logical: dict[str, Any] = {"name": finding.place.part, "kind": "member"}
    properties: dict[str, Any] = {
        "jurisdiction": finding.jurisdiction,
        "source": finding.source,
        "verified": finding.verified,
        "remedy": finding.remedy,
    }
    if finding.place.span:
        properties["span"] = [finding.place.span.start, finding.place.span.end]
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.remedy}"},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": _uri(name)}},
                "logicalLocations": [logical],
            }
        ],
        "properties": properties,
    }


def _uri(name: str) -> str:
    return quote(name.replace("\\", "/"))
