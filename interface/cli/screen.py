"""`mailwright screen` and `mailwright language`: for any file, from anyone."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import BadInput
from interface.cli.output import Format, FormatOption, guarded, print_json, print_table
from interface.cli.rows import place_row, screening_row
from interface.cli.session import WorkspaceOption, opened

if TYPE_CHECKING:
    from contracts.verdict import Screening, Suppression
    from evaluation.claims.search import CaseSearch
    from evaluation.fitness.fetching import Fetch
    from workflow.file_screening import ScreenedFile

__all__ = ["findings_table", "language", "screen"]


class ScreenFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    HTML = "html"


@guarded
def screen(
    files: Annotated[list[Path] | None, typer.Argument(help=".eml, .html or .txt")] = None,
    country: Annotated[
        list[str] | None,
        typer.Option("--country", help="Where it goes: DE, CA-QC, Japan …; may be repeated."),
    ] = None,
    claims: Annotated[
        bool, typer.Option("--claims", help="Hold its claims against the workspace's cases.")
    ] = False,
    reach: Annotated[
        bool,
        typer.Option("--reach", help="Open the pages it links to; this asks the network."),
    ] = False,
    domain: Annotated[
        list[str] | None, typer.Option("--domain", help="Check a domain's mail records instead.")
    ] = None,
    selector: Annotated[
        list[str] | None, typer.Option("--selector", help="DKIM selector of the domain.")
    ] = None,
    name_server: Annotated[
        list[str] | None,
        typer.Option("--name-server", help="IP address of a name server to ask, with --domain."),
    ] = None,
    say_in: Annotated[str, typer.Option("--say", help="Language of findings: en or zh-Hans.")] = "",
    rules: Annotated[
        Path | None, typer.Option("--rules", help="Your own severities (YAML).")
    ] = None,
    clients: Annotated[
        Path | None, typer.Option("--clients", help="Folder with caniemail's data.")
    ] = None,
    certificate: Annotated[
        bool, typer.Option("--certificate", help="Show every rule with its verdict and evidence.")
    ] = False,
    workspace: WorkspaceOption = None,
    format: Annotated[  # noqa: A002
        ScreenFormat,
        typer.Option("--format", help="table, json, sarif (for code hosts) or html (a page)."),
    ] = ScreenFormat.TABLE,
) -> None:
    """Screen mails for spam triggers and for the law of the places they go to.

    Exit 1 if one is blocked. What a mail alone cannot show is listed as not judged.
    """
    from contracts.seams import system_clock
    from contracts.verdict import Verdict
    from workflow.file_screening import screen_files
    from workflow.settings import load_settings

    if domain:
        from interface.cli.screen_domain import screen_domains

        if files or claims or reach or format not in (ScreenFormat.TABLE, ScreenFormat.JSON):
            raise BadInput("--domain takes no files, and prints table or json; leave one out")
        return screen_domains(domain, selector or [], name_server or [], Format(format.value))
    if not files:
        raise BadInput("give at least one file, or a domain with --domain")
    with _search(workspace, claims) as (search, suppressions):
        own = load_settings(workspace)
        results = screen_files(
            files,
            country or [],
            system_clock,
            say=say_in,
            rules=rules,
            clients=clients,
            claims=search,
            fetch=_fetch() if reach else None,
            suppressions=suppressions,
            clamav=own.clamav,
            spam_filters=own.spam_filters,
        )
    _show(results, format, certificate)
    if any(item.screening.verdict is Verdict.BLOCK for item in results):
        raise typer.Exit(1)
    return None


def _fetch() -> Fetch:
    from evaluation.fitness.fetching import WebFetch

    return WebFetch()


@contextmanager
def _search(
    workspace: Path | None, claims: bool
) -> Iterator[tuple[CaseSearch | None, tuple[Suppression, ...]]]:
    """The cases of the workspace, and the rules set aside in it, where it is asked for."""
    if not claims and workspace is None:
        yield None, ()
        return
    from workflow.claim_search import claim_search
    from workflow.house_rules import set_aside_rules

    with opened(workspace) as house:
        yield (claim_search(house) if claims else None), set_aside_rules(house)


def _show(
    results: Sequence[ScreenedFile],
    format: ScreenFormat,  # noqa: A002
    certificate: bool,
) -> None:
    named = [(str(item.path), item.screening) for item in results]
    if format is ScreenFormat.JSON:
        print_json([_file_row(item) for item in results])
        return
    if format is ScreenFormat.SARIF:
        from importlib.metadata import version

        from interface.report.sarif import sarif

        print_json(sarif(named, version("mailwright")))
        return
    if format is ScreenFormat.HTML:
        from interface.report.screened_files import screening_page

        print(screening_page(named))
        return
    findings_table(named)
    for item in results:
        if item.claims is not None:
            _claims_table(item)
        if certificate:
            _certificate_table(str(item.path), item.screening)
        shown = item.screening
        print(f"{item.path}: {shown.verdict.value}, spam score {shown.spam_score / 1000:.2f}")
        if shown.not_judged:
            print(f"  not judged: {'; '.join(shown.not_judged)}")


def _file_row(item: ScreenedFile) -> dict[str, Any]:
    row: dict[str, Any] = {"file": str(item.path), **screening_row(item.screening)}
    if item.claims is not None:
        row["claims"] = [
            {
                "text": claim.text,
                "place": place_row(claim.place),
                "kind": claim.kind.value,
                "verdict": claim.verdict.value,
                "case": claim.case,
                "span": [claim.span.start, claim.span.end] if claim.span else None,
                "quote": claim.quote,
                "why": claim.why,
            }
            for claim in item.claims
        ]
    return row


def _claims_table(item: ScreenedFile) -> None:
    rows = [
        (claim.verdict.value.replace("_", " "), claim.text, claim.case, claim.why or claim.quote)
        for claim in item.claims or ()
    ]
    if rows:
        print_table(f"Claims of {item.path}", ["verdict", "claim", "case", "why"], rows)
    else:
        print(f"{item.path}: no claim that could be checked")


def _certificate_table(name: str, item: Screening) -> None:
    print_table(
        f"Certificate of {name}",
        ["law", "rule", "verdict", "evidence", "why", "source"],
        [
            (
                ruling.jurisdiction or "all",
                ruling.rule,
                ruling.verdict.value.replace("_", " "),
                ruling.evidence,
                ruling.why,
                ruling.source + ("" if ruling.verified else " (from knowledge)"),
            )
            for ruling in item.certificate
        ],
    )


def findings_table(items: Sequence[tuple[str, Screening]]) -> None:
    rows = [
        (
            name,
            finding.severity.value,
            finding.jurisdiction or "all",
            finding.rule,
            finding.place.part,
            finding.message,
            finding.remedy,
        )
        for name, item in items
        for finding in item.findings
    ]
    if rows:
        print_table(
            "Findings", ["mail", "severity", "law", "rule", "place", "finding", "remedy"], rows
        )
    else:
        print("no findings")


@guarded
def language(
    file: Annotated[
        str, typer.Argument(help="A file with one text a line, or - for standard input.")
    ],
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """The language of each line, how sure that is, and why."""
    from language.detect import detect

    # Only a line feed ends a line: other separators stand inside texts.
    lines = [line.rstrip("\r") for line in _read(file).split("\n") if line.strip()]
    found = [(line, detect(line)) for line in lines]
    if format is Format.JSON:
        print_json(
            [
                {
                    "text": line,
                    "language": item.language,
                    "confidence": round(item.confidence, 4),
                    "reason": item.reason,
                }
                for line, item in found
            ]
        )
        return
    print_table(
        "",
        ["language", "confidence", "reason", "text"],
        [
            (item.language or "?", f"{item.confidence:.2f}", item.reason, line)
            for line, item in found
        ],
    )


def _read(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: not UTF-8; save it as UTF-8") from error
