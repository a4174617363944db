"""`mailwright mend`: add what the law asks for and a mail lacks, shown before it is written."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interface.cli.output import Format, FormatOption, guarded, plain, print_json, print_table, say
from interface.cli.rows import screening_row

if TYPE_CHECKING:
    from contracts.verdict import Screening
    from workflow.mending import Proposal

__all__ = ["mend", "proposal_row"]


class Basis(StrEnum):
    DOUBLE_OPT_IN = "double_opt_in"
    EXPRESS = "express"
    CUSTOMER = "customer"
    NONE = "none"


@guarded
def mend(
    file: Annotated[Path, typer.Argument(help=".eml, .html or .txt; it is never changed.")],
    sender: Annotated[
        Path, typer.Option("--sender", help="The sender's file, as in senders/ of a brief.")
    ],
    country: Annotated[
        list[str] | None,
        typer.Option("--country", help="Where it goes: DE, CA-QC, Japan …; may be repeated."),
    ] = None,
    unsubscribe_url: Annotated[
        str, typer.Option("--unsubscribe-url", help="[default: the mailbox for refusals]")
    ] = "",
    consent: Annotated[
        Basis | None,
        typer.Option("--consent", help="On what the mails rest, to tell readers why they get it."),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", help="Of the mail. [default: told from its text]")
    ] = "",
    say_in: Annotated[str, typer.Option("--say", help="Language of findings: en or zh-Hans.")] = "",
    write: Annotated[
        Path | None, typer.Option("--write", help="Write the mended mail to this new file.")
    ] = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Show what would be added to a mail for the law of the places it goes to; --write does it.

    Exit 1 if the mended mail is still blocked.
    """
    from contracts.audience import ConsentKind
    from contracts.verdict import Verdict
    from workflow.briefs import load_sender
    from workflow.mending import propose

    proposal = propose(
        file,
        load_sender(sender),
        country or [],
        unsubscribe_url=unsubscribe_url,
        consent=ConsentKind(consent.value) if consent else None,
        language=language,
        say=say_in,
    )
    if write is not None:
        proposal.write(write)
    if format is Format.JSON:
        print_json(proposal_row(proposal, write))
    else:
        _show(proposal)
        if write is not None:
            say(f"written to {write}")
        elif proposal.changed:
            say("nothing was written; --write PATH writes the mended mail to a new file")
    if proposal.after.verdict is Verdict.BLOCK:
        raise typer.Exit(1)


def proposal_row(item: Proposal, written: Path | None) -> dict[str, Any]:
    """A proposal in the form that programs rely on."""
    return {
        "file": str(item.path),
        "language": item.language,
        "changed": item.changed,
        "added": {part: list(names) for part, names in item.added.items()},
        "subject": item.subject,
        "diff": item.diff,
        "before": screening_row(item.before),
        "after": screening_row(item.after),
        "left_open": [{"rule": point.rule, "why": point.why} for point in item.left_open],
        "broken": list(item.broken),
        "written": str(written) if written else None,
    }


def _show(item: Proposal) -> None:
    print(
        plain(item.diff, keep="\n\t")
        if item.diff
        else f"{item.path}: nothing to add to what is read"
    )
    if "headers" in item.added:
        print(f"added header fields: {', '.join(item.added['headers'])}")
    _findings(item.before, item.after)
    for why in item.broken:
        print(f"broken by the change: {why}")
    for point in item.left_open:
        print(f"left open: {point.rule}: {point.why}")
    print(f"{item.path}: {item.before.verdict.value}, mended {item.after.verdict.value}")


def _findings(before: Screening, after: Screening) -> None:
    """Every finding of either screening, with what has become of it."""
    left = {(item.jurisdiction, item.rule): item for item in after.findings}
    had = {(item.jurisdiction, item.rule): item for item in before.findings}
    rows = [
        (
            item.severity.value,
            left[key].severity.value if key in left else "settled",
            item.jurisdiction or "all",
            item.rule,
            item.message,
        )
        for key, item in had.items()
    ]
    rows += [
        ("", item.severity.value, item.jurisdiction or "all", item.rule, item.message)
        for key, item in left.items()
        if key not in had
    ]
    if rows:
        print_table("Findings", ["before", "after", "law", "rule", "finding"], rows)
    else:
        print("no findings")
