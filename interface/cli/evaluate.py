"""`mailwright eval`: measures on data that people bring."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interface.cli.evaluate_drafting import drafting
from interface.cli.evaluate_screening import screening, train_spam
from interface.cli.output import (
    Format,
    FormatOption,
    guarded,
    print_json,
    print_table,
    progress,
)
from interface.cli.session import WorkspaceOption

app = typer.Typer(help="How well Mailwright does, measured on your data.", no_args_is_help=True)
app.command()(drafting)
app.command()(screening)
app.command("train-spam")(train_spam)


@app.command()
@guarded
def retrieval(
    data: Annotated[
        list[Path], typer.Option("--data", help="A folder with questions; may be repeated.")
    ],
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only this one; may be repeated.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Questions a language; 0 is all.")
    ] = 0,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Recall and mean reciprocal rank by meaning, by words, and by both.

    Uses the embedding model of the settings. The workspace itself is not touched.
    """
    from workflow.evaluating import measure_retrieval
    from workflow.settings import load_settings

    settings = load_settings(workspace)
    with progress() as bars:
        measures = measure_retrieval(settings, data, language or (), limit, bars)
    if format is Format.JSON:
        print_json(
            {
                name: {
                    group: {
                        ranking: {
                            "recall1": round(score.recall1, 4),
                            "recall5": round(score.recall5, 4),
                            "mrr10": round(score.mrr10, 4),
                            "questions": score.questions,
                        }
                        for ranking, score in by_ranking.items()
                    }
                    for group, by_ranking in groups.items()
                }
                for name, groups in measures.items()
            }
        )
        return
    print_table(
        "",
        ["set", "language", "ranking", "recall@1", "recall@5", "MRR@10", "questions"],
        [
            (
                name,
                group,
                ranking,
                f"{score.recall1:.3f}",
                f"{score.recall5:.3f}",
                f"{score.mrr10:.3f}",
                score.questions,
            )
            for name, groups in measures.items()
            for group, by_ranking in groups.items()
            for ranking, score in by_ranking.items()
        ],
    )


@app.command()
@guarded
def outcomes(
    data: Annotated[Path, typer.Option("--data", help="The cases that the labels are of.")],
    labels: Annotated[Path, typer.Option("--labels", help="Labelled passages (YAML).")],
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Precision of results marked sure, and how many are found, on labelled passages.

    A rate is left out where there is nothing to divide by.
    """
    from workflow.evaluating_outcomes import measure_outcomes

    measures = {
        group: score.as_measures() for group, score in measure_outcomes(data, labels).items()
    }
    if format is Format.JSON:
        rounded = {g: {name: round(v, 4) for name, v in m.items()} for g, m in measures.items()}
        print_json({data.stem: rounded})
        return
    names = list(dict.fromkeys(name for row in measures.values() for name in row))
    print_table(
        "",
        ["sample", *(name.replace("_", " ") for name in names)],
        [(group, *(_shown(row.get(name)) for name in names)) for group, row in measures.items()],
    )


def _shown(value: float | None) -> str:
    if value is None:
        return "nothing to measure"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
