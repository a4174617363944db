"""Labels in front of a subject, as the places that a mail goes to ask for them."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.brief import local_text
from contracts.verdict import Ruled, Ruling
from evaluation import MailView, RulePacks
from evaluation.law.packfile import SubjectLabel
from workflow.mend_needs import MISSED, LeftOpen, check_of

__all__ = ["label_in_front"]


def label_in_front(
    view: MailView, rulings: Sequence[Ruling], packs: RulePacks, language: str
) -> tuple[str, list[LeftOpen]]:
    """The subject with the labels in front that its places ask for. Labels stand together only
    where no place takes another's; then one can be the very first, which is said of the rest."""
    asked = [
        (check, ruling)
        for ruling in rulings
        if isinstance(check := check_of(packs, ruling), SubjectLabel)
    ]
    front, rest = _front(view.subject.lstrip(), [check for check, _ in asked])
    added: list[str] = []
    open_points: list[LeftOpen] = []
    for check, ruling in asked:
        own = packs.profile(ruling.jurisdiction).subject_label if ruling.jurisdiction else {}
        label = local_text(own, language) or f"{check.labels[0].strip()} "
        if ruling.verdict is Ruled.NOT_JUDGED and not view.has_subject:
            why = f"the file has no subject: begin it with «{label.strip()}» where you send it"
            open_points.append(LeftOpen(check.id, why))
        standing = [*front, *added]
        if ruling.verdict not in MISSED or (standing and standing[0].startswith(check.labels)):
            continue
        if standing:
            why = "another place's label is in front of this one: send this place its own mail"
            open_points.append(LeftOpen(check.id, why))
        if not any(item.startswith(check.labels) for item in standing):
            added.append(label)
            rest = _without(rest, label.strip())
    if not added:
        return view.subject, open_points
    return "".join([*front, *added, rest]), open_points


def _front(subject: str, checks: Sequence[SubjectLabel]) -> tuple[list[str], str]:
    """The labels that the subject begins with, spaces included, and what stands behind them."""
    labels = sorted({label for check in checks for label in check.labels}, key=len, reverse=True)
    found: list[str] = []
    rest = subject
    while label := next((item for item in labels if rest.startswith(item)), ""):
        behind = rest[len(label) :].lstrip()
        found.append(rest[: len(rest) - len(behind)])
        rest = behind
    return found, rest


def _without(subject: str, label: str) -> str:
    """The subject without a label that stands at its end, where it does not count."""
    bare = subject.rstrip()
    if bare.endswith(f" {label}") and len(bare) > len(label) + 1:
        return bare[: -len(label)].rstrip()
    return subject.lstrip()
