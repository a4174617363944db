"""`mailwright screen --domain`: whether a domain is set up to send bulk mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from contracts.verdict import Verdict
from interface.cli.output import Format, print_json, print_table
from interface.cli.rows import finding_row

if TYPE_CHECKING:
    from evaluation.providers.domain import DomainReport

__all__ = ["domain_row", "screen_domains"]


def screen_domains(
    domains: Sequence[str],
    selectors: Sequence[str],
    servers: Sequence[str],
    format: Format,  # noqa: A002
) -> None:
    """Ask the DNS records of domains and print what they tell.

    Raises:
        Exit: 1 if a domain is blocked; else 3 if a record that decides could not be asked.
        BadInput: a domain, a selector or a name server is none.
    """
    from workflow.domain_check import check_domains

    reports = check_domains(domains, selectors, servers=servers)
    if format is Format.JSON:
        print_json([domain_row(report) for report in reports])
    else:
        _tables(reports)
    if any(report.verdict is Verdict.BLOCK for report in reports):
        raise typer.Exit(1)
    if any(report.unanswered for report in reports):
        raise typer.Exit(3)


def _open(report: DomainReport) -> bool:
    """Whether nothing blocks, and a record that decides could not be asked."""
    return report.verdict is not Verdict.BLOCK and bool(report.unanswered)


def domain_row(report: DomainReport) -> dict[str, Any]:
    """A report in the form that programs rely on; a finding is as `screen` shows it."""
    return {
        "domain": report.domain,
        "verdict": None if _open(report) else report.verdict.value,
        "not_judged": [f"{code}: {text}" for code, text in report.not_judged],
        "unanswered": list(report.unanswered),
        "spf_lookups": report.spf_lookups,
        "records": {name: list(records) for name, records in report.records.items()},
        "findings": [finding_row(finding) for finding in report.findings],
        "packs": {"topics/domain": report.version},
    }


def _tables(reports: Sequence[DomainReport]) -> None:
    for report in reports:
        records = [(name, text) for name, texts in report.records.items() for text in texts]
        if records:
            print_table(f"Records of {report.domain}", ["record", "text"], records)
        rows = [
            (item.severity.value, item.rule, item.message, item.remedy) for item in report.findings
        ]
        if rows:
            print_table("Findings", ["severity", "rule", "finding", "remedy"], rows)
        lookups = "" if report.spf_lookups is None else f", {report.spf_lookups} of 10 SPF lookups"
        verdict = "not judged" if _open(report) else report.verdict.value
        print(f"{report.domain}: {verdict}{lookups}")
        if report.unanswered:
            print(f"  could not be asked: {', '.join(report.unanswered)}; run it again later")
        for code, text in report.not_judged:
            print(f"  not judged: {code}: {text}")
