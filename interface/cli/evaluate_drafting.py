"""`mailwright eval drafting`: how good the composer's drafts are, language by language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interface.cli.output import (
    Format,
    FormatOption,
    guarded,
    print_json,
    print_table,
    progress,
    say,
)

__all__ = ["drafting"]

# What the table shows, with a name that fits; JSON has every measure.
_COLUMNS = {
    "drafts": "drafts",
    "claims_resolved": "claims resolved",
    "planted": "planted",
    "caught": "caught",
    "false_blocks": "false blocks",
    "caught_paraphrased": "paraphrased",
    "language_mail": "mails in it",
    "language_paragraph": "paragraphs",
    "leftovers": "leftovers",
    "shared_mean": "shared mean",
    "shared_max": "shared max",
    "repeated": "repeated",
    "size_mean": "size",
    "sentence_mean": "sentence",
    "reading_ease": "ease",
    "subject_max": "subject",
    "preheader_max": "preheader",
    "rendering_problems": "rendering",
    "unsupported": "unsupported",
    "unsupported_elsewhere": "elsewhere",
}
_WHOLE = frozenset(
    {"drafts", "planted", "leftovers", "subject_max", "preheader_max", "rendering_problems",
     "unsupported", "unsupported_elsewhere"}
)  # fmt: skip


@guarded
def drafting(
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="Cases to write from; may be repeated."),
    ] = None,
    briefs: Annotated[Path, typer.Option("--briefs", help="A brief, or a folder of them.")] = Path(
        "examples/briefs"
    ),
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only this one; may be repeated.")
    ] = None,
    support: Annotated[
        Path | None, typer.Option("--support", help="A folder of caniemail's data.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="A folder for the mails, to look at.")
    ] = None,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's own name
) -> None:
    """Grounding, language, difference and reading of the drafts for every brief, segment and
    language. No workspace is touched."""
    from workflow.evaluating_drafting import measure_drafting

    files = sorted(briefs.glob("*.yaml")) if briefs.is_dir() else [briefs]
    cases = data or [briefs.parent / "cases" if briefs.is_dir() else Path("examples/cases")]
    with progress() as bars:
        found = measure_drafting(files, cases, language or (), bars, keep, support)
    if format is Format.JSON:
        print_json(
            {
                "grid": {
                    tag: {name: round(value, 4) for name, value in measures.items()}
                    for tag, measures in found.by_language.items()
                }
            }
        )
    else:
        print_table(
            "",
            ["language", *_COLUMNS.values()],
            [
                (tag, *(_shown(name, measures.get(name)) for name in _COLUMNS))
                for tag, measures in found.by_language.items()
            ],
        )
    for line in found.unwritten:
        say(f"not written: {line}")


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if name in _WHOLE else f"{value:.3f}"
