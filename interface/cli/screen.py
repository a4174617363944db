"""`mailwright screen` and `mailwright language`: for any file, from anyone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import BadInput
from interface.cli.output import Format, FormatOption, guarded, print_json, print_table

if TYPE_CHECKING:
    from contracts.verdict import Screening

__all__ = ["findings_table", "language", "screen", "screening_row"]


@guarded
def screen(
    files: Annotated[list[Path], typer.Argument(help=".eml, .html or .txt")],
    country: Annotated[
        list[str] | None,
        typer.Option("--country", help="Where it goes, ISO 3166 code; may be repeated."),
    ] = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Screen mails for spam triggers and for the law of the places they go to.

    Exit 1 if one is blocked. What a mail alone cannot show is listed as not judged.
    """
    from contracts.seams import system_clock
    from contracts.verdict import Verdict
    from workflow.screening import screen_files

    results = screen_files(files, country or [], system_clock)
    if format is Format.JSON:
        print_json(
            [
                {"file": str(path), **screening_row(item)}
                for path, item in zip(files, results, strict=True)
            ]
        )
    else:
        findings_table([(str(path), item) for path, item in zip(files, results, strict=True)])
        for path, item in zip(files, results, strict=True):
            print(f"{path}: {item.verdict.value}, spam score {item.spam_score / 1000:.2f}")
            if item.not_judged:
                print(f"  not judged: {'; '.join(item.not_judged)}")
    if any(item.verdict is Verdict.BLOCK for item in results):
        raise typer.Exit(1)


def screening_row(item: Screening) -> dict[str, Any]:
    """A screening in the form that programs rely on."""
    return {
        "verdict": item.verdict.value,
        "not_judged": list(item.not_judged),
        "spam_score": item.spam_score / 1000,
        "jurisdictions": {code: verdict.value for code, verdict in item.jurisdictions.items()},
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity.value,
                "jurisdiction": finding.jurisdiction,
                "place": {
                    "part": finding.place.part,
                    "span": [finding.place.span.start, finding.place.span.end]
                    if finding.place.span
                    else None,
                },
                "message": finding.message,
                "source": finding.source,
                "verified": finding.verified,
                "remedy": finding.remedy,
            }
            for finding in item.findings
        ],
        "packs": dict(item.packs),
    }


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
