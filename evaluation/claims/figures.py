"""Figures that a reader of the finished mail sees, held against those that its modules state."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contracts.brief import Sender
from contracts.mail import Module, ModuleKind
from contracts.verdict import Finding, Place
from evaluation.claims.findings import MERGE, blanked, finding
from evaluation.claims.sources import agrees, numbers_in
from evaluation.view.mailview import MailView

__all__ = ["check_unsourced_numbers"]

_URL = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+")
_FOOTER_UNITS = frozenset({"percent", "times"})  # figures that no legal notice needs


def check_unsourced_numbers(
    view: MailView, modules: Sequence[Module], sender: Sender | None, language: str
) -> tuple[Finding, ...]:
    """Figures that a reader sees above the footer and that stand in no module; below it, only
    percentages and multiples, which no legal notice needs. The footer begins where the last
    words of the modules end."""
    known = [
        number
        for module in modules
        for text in (module.text, module.label)
        for number in numbers_in(MERGE.sub(" ", text), language)
    ]
    facts = " ".join([*sender.from_name.values(), sender.legal_name]) if sender else ""
    known += numbers_in(facts, language)
    findings = []
    for part, text in (("subject", view.subject), *view.bodies):
        readable = blanked(_URL, blanked(MERGE, text))
        footer = len(text) if part == "subject" else _footer_start(text, modules)
        for number in numbers_in(readable, language):
            below = number.span.start >= footer
            if below and number.unit not in _FOOTER_UNITS:
                continue
            if any(agrees(number, other) for other in known):
                continue
            findings.append(
                finding(
                    "claims.number_not_in_modules",
                    Place(part, number.span),
                    f"The figure {number.raw.strip()} was not written by any module.",
                    "Remove it, or put it into a module with its source.",
                )
            )
    return tuple(findings)


def _footer_start(text: str, modules: Sequence[Module]) -> int:
    """Where the last words of the modules end in `text`; its end if none are found."""
    at = [index for index, char in enumerate(text) if not char.isspace()]
    squeezed = "".join(text[index] for index in at)
    position = 0
    for module in modules:
        if module.kind in (ModuleKind.SUBJECT, ModuleKind.PREHEADER, ModuleKind.FOOTER):
            continue
        for fragment in re.split(r"\n+|\[\[[^\]]+\]\]", module.text):
            wanted = "".join(fragment.split())
            if len(wanted) < 2:
                continue
            found = squeezed.find(wanted, position)
            if found >= 0:
                position = found + len(wanted)
    return at[position - 1] + 1 if position else len(text)
