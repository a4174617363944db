"""Mails as the checks of fitness are given them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluation_samples import NOW

from contracts.verdict import Finding
from evaluation import MailView, ScreeningContext, load_packs
from evaluation.look import Look
from evaluation.view.mailview import AttachedFile

HEAD = '<html lang="en"><head><title>Bearings</title></head><body>'


def look(
    html: str = "",
    text: str = "",
    *,
    subject: str = "Worn bearings",
    language: str = "en",
    headers: dict[str, str] | None = None,
    attachments: tuple[str, ...] = (),
    **context: Any,
) -> Look:
    view = MailView(
        subject=subject,
        headers={name.lower(): (value,) for name, value in (headers or {}).items()},
        html=html,
        text=text,
        has_headers=headers is not None,
        has_subject=True,
        attached=tuple(AttachedFile(name, "") for name in attachments),
    )
    return Look(view, ScreeningContext(now=NOW, **context), load_packs(), language)


def rules(findings: Iterable[Finding]) -> list[str]:
    """What was found, without its topic."""
    return [finding.rule.partition(".")[2] for finding in findings]
