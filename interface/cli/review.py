"""`mailwright review`: what waits, what it says, and the decision."""

from __future__ import annotations

from typing import Annotated

import typer

from interface.cli.output import Format, FormatOption, guarded, print_json, print_table, say
from interface.cli.session import WorkspaceOption, opened

app = typer.Typer(help="Review what was submitted.", no_args_is_help=True)

DraftArgument = Annotated[str, typer.Argument(help="The draft's id, from `review list`.")]


@app.command("list")
@guarded
def list_(workspace: WorkspaceOption = None, format: FormatOption = Format.TABLE) -> None:  # noqa: A002
    """What waits for a decision."""
    from workflow.approval import waiting

    with opened(workspace) as house:
        items = waiting(house)
    rows = [
        {
            "draft": item.draft_id,
            "campaign": item.campaign,
            "segment": item.segment,
            "language": item.language,
            "editions": len(item.seals),
            "authors": sorted(item.authors),
            "submitted_at": item.at.isoformat(),
        }
        for item in items
    ]
    if format is Format.JSON:
        print_json(rows)
        return
    print_table(
        "Waiting for a decision",
        ["draft", "campaign", "segment", "language", "editions", "authors"],
        [
            (
                item.draft_id,
                item.campaign,
                item.segment,
                item.language,
                len(item.seals),
                ", ".join(sorted(item.authors)),
            )
            for item in items
        ],
    )


@app.command()
@guarded
def show(
    draft: DraftArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """A draft with its claims, findings, and what changed since it was last approved."""
    from contracts.mail import CaseCitation
    from interface.cli.rows import screening_row
    from interface.cli.screen import findings_table
    from workflow.approval import review_item

    with opened(workspace) as house:
        item = review_item(house, draft)
    variants = [
        {
            "variant": variant.id,
            "tactics": dict(variant.tactics),
            "modules": [
                {
                    "kind": module.kind.value,
                    "text": module.text,
                    "note": module.note,
                    "claims": [
                        {
                            "text": claim.span.of(module.text),
                            "kind": claim.kind.value,
                            "source": claim.citation.case_id
                            if isinstance(claim.citation, CaseCitation)
                            else claim.citation.field,
                            "quote": claim.citation.quote,
                        }
                        for claim in module.claims
                    ],
                }
                for module in variant.modules
            ],
        }
        for variant in item.variants
    ]
    if format is Format.JSON:
        print_json(
            {
                "draft": draft,
                "state": item.record.state.value,
                "authors": sorted(item.record.authors),
                "variants": variants,
                "screenings": [screening_row(screening) for screening in item.screenings],
                "changes": [
                    {"place": change.place, "before": change.before, "after": change.after}
                    for change in item.changes
                ],
            }
        )
        return
    for module in item.variants[0].modules if item.variants else ():
        print(f"\n[{module.kind.value}]\n{module.text}")
        for claim in module.claims:
            source = (
                claim.citation.case_id
                if isinstance(claim.citation, CaseCitation)
                else claim.citation.field
            )
            print(f"    «{claim.span.of(module.text)}» <- {source}: {claim.citation.quote}")
    print()
    findings_table([(screening.subject_id[:14], screening) for screening in item.screenings])
    for change in item.changes:
        print(f"changed, {change.place}:\n  - {change.before}\n  + {change.after}")
    say(f"state: {item.record.state.value}; authors: {', '.join(sorted(item.record.authors))}")


@app.command()
@guarded
def approve(
    drafts: Annotated[list[str], typer.Argument(help="Ids of drafts.")],
    why: Annotated[str, typer.Option("--why", help="A remark for the record.")] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Approve drafts and seal their editions. Nobody approves what he wrote."""
    from workflow import approval

    with opened(workspace) as house:
        for draft in drafts:
            decision = approval.approve(house, draft, house.user(), why)
            say(f"approved {draft}: {len(decision.seals)} editions sealed")


@app.command()
@guarded
def reject(
    draft: DraftArgument,
    why: Annotated[str, typer.Option("--why", help="What has to change.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Send a draft back to its author."""
    from workflow import approval

    with opened(workspace) as house:
        approval.reject(house, draft, house.user(), why)
    say(f"rejected {draft}")
