"""The page itself: laid out by templates, closed against everything outside, written whole."""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from contracts.errors import CouldNotFinish
from interface.report.model import country_list, segment_blocks
from interface.report.screening import not_judged, pack_versions
from interface.report.texts import load_texts
from workflow.results import CampaignView
from workflow.summary import ContactCounts, Summary

__all__ = ["render_report", "write_report"]


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    value: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _NumberTable:
    caption: str
    rows: tuple[_Row, ...]


def write_report(view: CampaignView, path: Path) -> None:
    """Write the report of a campaign to one HTML file, replacing an older one.

    Folders are made as needed; the file is there whole or not at all.

    Raises:
        CouldNotFinish: the file cannot be written.
    """
    page = render_report(view).encode("utf-8", "replace")  # a lone surrogate has no bytes
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(page)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CouldNotFinish(
            f"the report {path} cannot be written ({reason}): choose another place"
        ) from error


def render_report(view: CampaignView) -> str:
    """The report as an HTML document that loads nothing from anywhere.

    Every text is escaped; mails are shown in frames that run no script, and a content
    security policy keeps them from loading anything either.
    """
    texts = load_texts()
    script, style = _raw("report.js.txt"), _raw("report.css.txt")
    template = environment().get_template("report.html.j2")
    return str(
        template.render(
            view=view,
            texts=texts,
            segments=segment_blocks(view, texts),
            numbers=_numbers(view.summary, len(view.brief.segments)),
            not_judged=not_judged(view, texts),
            packs=pack_versions(view),
            script=script,
            style=style,
            policy=_policy(script),
        )
    )


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def _numbers(counts: Summary, segments: int) -> Sequence[_NumberTable]:
    contacts = counts.contacts
    of_brief = f"of {segments} in the brief" if segments != counts.segments else ""
    return (
        _NumberTable(
            "What there was",
            (
                _Row("Cases", counts.cases),
                _Row("Passages", counts.passages, "pieces of cases that can be cited"),
                _Row("Contacts on record", contacts.on_record),
                *_imported(contacts),
            ),
        ),
        _NumberTable(
            "What was written",
            (
                _Row("Segments", counts.segments, of_brief),
                _Row("Drafts", counts.drafts, "one for a segment and language"),
                _Row("Variants", counts.variants),
                _Row("Editions", counts.editions, "a variant under one legal profile"),
                _Row("Editions blocked", counts.blocked, "by screening"),
                _Row("Drafts approved", counts.approved, f"with {counts.sendable} editions"),
            ),
        ),
        _NumberTable(
            "What went out",
            (
                _Row("Queued", counts.queued, "envelopes, one for a contact"),
                _Row("Sent", counts.sent, "the transport took them"),
                _Row("Held", counts.held, "a person has to look"),
                _Row("Left out", sum(counts.left_out.values()), "contacts, by reason below"),
            ),
        ),
    )


def _imported(contacts: ContactCounts) -> tuple[_Row, ...]:
    """The rows of an import; nothing where the run had none."""
    if not contacts.taken + contacts.mended + contacts.refused:
        return ()
    return (
        _Row("Rows taken", contacts.taken, "in this run's import"),
        _Row("Rows mended", contacts.mended, "taken after a correction"),
        _Row("Rows refused", contacts.refused),
    )


class _Raw(str):
    """Our own style sheet and script, which must reach the page as they are."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@cache
def _raw(name: str) -> _Raw:
    return _Raw(_resource(name))


def _resource(name: str) -> str:
    folder = resources.files("interface.report")
    return folder.joinpath("templates", name).read_text(encoding="utf-8")


@cache
def environment() -> Any:
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(_resource),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"when": _when, "moment": _moment, "short": _short}
    environment.globals["countries"] = country_list
    return environment


def _when(value: datetime) -> str:
    """For people: "22 November 2026, 12:14 UTC"."""
    at = value.astimezone(UTC)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def _moment(value: datetime) -> str:
    """For the datetime attribute."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


def _short(value: str) -> str:
    """A hash as people compare it: the first twelve characters."""
    return f"{value[:12]}…" if len(value) > 13 else value


# Not strftime's: month names there follow the locale of the machine.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
