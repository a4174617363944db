"""What a mail lacks of what the law asks for, as footer blocks, labels and open points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contracts.brief import Sender, local_text
from contracts.mail import LegalProfile
from contracts.verdict import Ruled, Ruling
from evaluation import MailView, RulePacks, ScreeningContext, screen
from evaluation.facts import Facts
from evaluation.law.packfile import Check, SaidIn, SubjectLabel, Wording
from evaluation.look import Look
from language.tags import data_language
from personalize import (
    FooterBlock,
    NoText,
    footer_blocks,
    language_book,
    languages,
    regional_language,
)

__all__ = [
    "LeftOpen",
    "Need",
    "footer_of",
    "label_in_front",
    "needs_of",
    "still_open",
    "written_language",
]

_MISSED = (Ruled.BLOCK, Ruled.WARN)
_BLOCKS = {
    "legal_name": "identity",
    "postal_address": "postal_address",
    "contact": "contact",
    "representative": "representative",
    "registration": "registration",
    "vat": "vat",
    "refusal_address": "refusal_address",
    "unsubscribe_link": "unsubscribe",
    "notice": "privacy",
}
"""Footer block by the kind of check that it satisfies."""

_FIELDS = {"representative": "representative", "registration": "registration", "vat": "vat_id"}


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A rule that the mail misses and that nothing on file can satisfy."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Need:
    """A block that a part of the mail lacks, and the rule that asks for it."""

    rule: str
    block: str
    language: str


def written_language(tag: str, countries: Sequence[str]) -> str:
    """The language in which the product writes footers for a mail in `tag`; "" for none. A
    regional form is taken where the only country has one: "en" is "en-GB" in GB."""
    known = languages()
    if tag in known:
        places = {place.partition("-")[0] for place in countries}
        return regional_language(tag, places.pop(), known) if len(places) == 1 else tag
    same = [item for item in known if tag and data_language(item) == data_language(tag)]
    return same[0] if same else ""


def needs_of(
    view: MailView,
    context: ScreeningContext,
    packs: RulePacks,
    language: str,
    part: str,
) -> tuple[list[Need], list[LeftOpen]]:
    """What one part ("html" or "text") lacks, judged as if it were the whole mail."""
    alone = _alone(view, part)
    needs: list[Need] = []
    open_points: list[LeftOpen] = []
    look = Look(alone, context, packs, context.language)
    for ruling in screen(alone, context, packs, part).certificate:
        check = _check(packs, ruling)
        if check is None or ruling.verdict not in _MISSED:
            continue
        found = list(_asked(check, look, part, language))
        if found:
            needs += found
        elif isinstance(check, Wording | SaidIn):
            why = f"no footer block says «{check.sign.replace('_', ' ')}»: write it into the mail"
            open_points.append(LeftOpen(ruling.rule, why))
    return list(dict.fromkeys(needs)), open_points


def still_open(
    points: Sequence[LeftOpen], view: MailView, context: ScreeningContext, packs: RulePacks
) -> tuple[LeftOpen, ...]:
    """The points that hold of the mended mail too: one block may satisfy several rules."""
    if not points:
        return ()
    rulings = [
        ruling
        for part, _ in view.bodies
        for ruling in screen(_alone(view, part), context, packs, part).certificate
    ]
    settled = {item.rule for item in rulings} - {
        item.rule for item in rulings if item.verdict in (*_MISSED, Ruled.NOT_JUDGED)
    }
    return tuple(dict.fromkeys(point for point in points if point.rule not in settled))


def _alone(view: MailView, part: str) -> MailView:
    return replace(view, text="") if part == "html" else replace(view, html="")


def _check(packs: RulePacks, ruling: Ruling) -> Check | None:
    checks = (
        packs.checks_for(ruling.jurisdiction) if ruling.jurisdiction else packs.everywhere.checks
    )
    return next((check for check in checks if check.id == ruling.rule), None)


def _asked(check: Check, look: Look, part: str, language: str) -> Iterator[Need]:
    if isinstance(check, Wording):
        block = _saying(check.sign, look.packs, language)
        if block:
            yield Need(check.id, block, language)
    elif isinstance(check, SaidIn):
        for choice in check.in_languages:
            if any(look.facts.said_in(check.sign, part, tag) for tag in choice):
                continue
            written = next(filter(None, (written_language(tag, ()) for tag in choice)), "")
            block = _saying(check.sign, look.packs, written) if written else ""
            if block:
                yield Need(check.id, block, written)
    elif check.kind in _BLOCKS:
        yield Need(check.id, _BLOCKS[check.kind], language)


def _saying(sign: str, packs: RulePacks, language: str) -> str:
    """The footer block that says a sign: the one of its name, else the first whose words do."""
    blocks = language_book(language).footer.blocks
    if sign in blocks:
        return sign
    for name, pattern in blocks.items():
        if Facts(MailView.from_text(pattern), packs, language).said(sign, "text"):
            return name
    return ""


def footer_of(need: Need, sender: Sender) -> FooterBlock | LeftOpen:
    """The block that meets a need, or why there is none."""
    profile = LegalProfile(
        code="", countries=(), subject_label={}, footer=(need.block,), jurisdictions=()
    )
    try:
        blocks = footer_blocks(profile, sender, need.language)
    except NoText as error:
        return LeftOpen(need.rule, str(error))
    if not blocks:
        field = _FIELDS.get(need.block, need.block)
        return LeftOpen(need.rule, f"the sender's file has no {field}")
    return blocks[0]


def label_in_front(
    view: MailView, rulings: Sequence[Ruling], packs: RulePacks, language: str
) -> tuple[str, list[LeftOpen]]:
    """The subject with the labels in front that its places ask for. Two labels stand together
    only where neither place takes the other's; the first place's is the very first."""
    subject, seen = view.subject, view.has_subject
    wanted: list[tuple[SubjectLabel, str]] = []
    open_points: list[LeftOpen] = []
    for ruling in rulings:
        check = _check(packs, ruling)
        if not isinstance(check, SubjectLabel):
            continue
        own = packs.profile(ruling.jurisdiction).subject_label if ruling.jurisdiction else {}
        label = local_text(own, language) or f"{check.labels[0].strip()} "
        if ruling.verdict is Ruled.NOT_JUDGED and not seen:
            why = f"the file has no subject: begin it with «{label.strip()}» where you send it"
            open_points.append(LeftOpen(check.id, why))
        elif ruling.verdict in _MISSED:
            wanted.append((check, label))
    chosen: list[str] = []
    for check, label in wanted:
        if not any(front.startswith(check.labels) for front in chosen):
            chosen.append(label)
    for label in reversed(chosen):
        subject = label + _without(subject, label.strip())
    return subject, open_points


def _without(subject: str, label: str) -> str:
    """The subject without a label that stands at its end, where it does not count."""
    bare = subject.rstrip()
    if bare.endswith(f" {label}") and len(bare) > len(label) + 1:
        return bare[: -len(label)].rstrip()
    return subject.lstrip()
