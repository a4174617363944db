"""The whole main job on the sample workspace: from case studies to messages in a maildir."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from pathlib import Path

from contracts.decision import Role
from contracts.errors import BadInput
from contracts.seams import NoProgress, Progress
from delivery import MaildirTransport
from review import OwnWork
from workflow.approval import approve, waiting
from workflow.audience import import_contacts
from workflow.auditing import export_lines
from workflow.briefs import load_brief
from workflow.campaign import draft_campaign, make_variants
from workflow.house import House, open_house
from workflow.knowledge import add_cases
from workflow.people import NewUser, add_user
from workflow.run import Stopwatch
from workflow.screening import sample_message, screen_campaign
from workflow.sending import queue_campaign, work_queue
from workflow.settings import load_settings
from workflow.summary import Summary, summary

__all__ = ["Demo", "run_demo"]

MARKER = ".mailwright-demo"
INDEX = "chroma"


@dataclass(frozen=True, slots=True)
class Demo:
    result: Summary
    own_approval_refused: bool
    marketer: NewUser
    reviewer: NewUser


def run_demo(
    examples: Path,
    out: Path,
    write_report: Callable[[House, Summary, Path], None],
    progress: Progress | None = None,
) -> Demo:
    """Run everything on the samples in `examples`, with the outputs in `out`.

    An earlier demo in `out` is replaced; a folder that is not one is left alone. The
    report is written by the interface, which is told the house, the counts and the path.

    Raises:
        BadInput: the samples are missing, or `out` holds something else.
    """
    progress = progress or NoProgress()
    if not (examples / "briefs").is_dir():
        raise BadInput(f"no samples in {examples}: give the folder with --examples")
    _clear(out)
    watch = Stopwatch()
    files = load_brief(examples / "briefs" / "condition-monitoring.yaml")
    name = files.brief.name
    settings = load_settings(out / "workspace", transport="maildir", database_url="")
    with open_house(settings) as house:
        marketer = add_user(house, "Mira Sample", {Role.MARKETER, Role.OPERATOR}, None, "mira")
        reviewer = add_user(house, "Ruben Sample", {Role.REVIEWER}, marketer.user, "ruben")
        with watch.step("cases"):
            add_cases(house, [examples / "cases"], marketer.user, progress)
        with watch.step("contacts"):
            report = import_contacts(house, examples / "contacts.csv", marketer.user, progress)
        with watch.step("draft"):
            draft_campaign(
                house, files.brief, files.sender, marketer.user, progress, look=files.look
            )
        with watch.step("variants"):
            make_variants(house, name, marketer.user)
        with watch.step("screen"):
            screen_campaign(house, name, marketer.user, progress)
        with watch.step("review"):
            refused = _review(house, name, marketer, reviewer)
        with watch.step("queue"):
            queue_campaign(house, name, marketer.user)
        with watch.step("send"):
            work_queue(house, transport=MaildirTransport(out / "maildir"))
        counts = summary(house, name, contacts=report, seconds=watch.seconds)
        with watch.step("report"):
            _emails(house, name, out / "emails")
            write_report(house, counts, out / "report.html")
            lines = list(export_lines(house, reviewer.user))
            (out / "audit.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    outputs = {
        "report": str(out / "report.html"),
        "emails": str(out / "emails"),
        "maildir": str(out / "maildir"),
        "audit": str(out / "audit.jsonl"),
        "workspace": str(out / "workspace"),
    }
    result = replace(counts, outputs=outputs, seconds=dict(watch.seconds))
    return Demo(result, refused, marketer, reviewer)


def _clear(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out} is a file: choose a folder with --out")
    if out.exists() and any(out.iterdir()) and not (out / MARKER).exists():
        raise BadInput(f"{out} holds other files: choose an empty folder with --out")
    for name in ("maildir", "emails"):
        shutil.rmtree(out / name, ignore_errors=True)
    for item in (out / "workspace").glob("*"):
        if item.name == INDEX:  # can be kept: every hit is checked against the new records
            continue
        shutil.rmtree(item) if item.is_dir() else item.unlink()
    out.mkdir(parents=True, exist_ok=True)
    (out / MARKER).write_text("made by `mailwright demo`, replaced by the next\n", encoding="utf-8")


def _review(house: House, name: str, marketer: NewUser, reviewer: NewUser) -> bool:
    """Submit as the author, be refused as one's own reviewer, be approved by the other."""
    from workflow.approval import submit_campaign

    submit_campaign(house, name, marketer.user)
    refused = False
    for submission in waiting(house):
        if not refused:
            both = replace(marketer.user, roles=marketer.user.roles | {Role.REVIEWER})
            try:
                approve(house, submission.draft_id, both)
            except OwnWork:
                refused = True
        approve(house, submission.draft_id, reviewer.user, "sample approval")
    return refused


def _emails(house: House, name: str, folder: Path) -> None:
    """One HTML page for each sealed edition, as a sample recipient gets it."""
    folder.mkdir()
    with house.store.read() as tx:
        editions = [
            (entry.draft.segment, number, edition)
            for entry in tx.drafts.for_campaign(name)
            for number, edition in enumerate(tx.editions.for_draft(entry.draft.id), start=1)
        ]
    for segment, number, edition in editions:
        message = message_from_bytes(sample_message(house, edition), policy=policy.default)
        part = message.get_body(("html",))
        assert part is not None, "an edition without HTML"
        slug = segment.replace(" ", "-")
        path = folder / f"{slug}.{edition.language}.{number}-{edition.profile}.html"
        path.write_text(part.get_content(), encoding="utf-8")
