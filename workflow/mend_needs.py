"""What a mail lacks of what the law asks for, as footer blocks, labels and open points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contracts.brief import Sender
from contracts.mail import LegalProfile
from contracts.verdict import Ruled, Ruling
from evaluation import MailView, RulePacks, ScreeningContext, screen
from evaluation.facts import Facts
from evaluation.law.packfile import Check, SaidIn, Wording
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
    "MISSED",
    "LeftOpen",
    "Need",
    "check_of",
    "footer_of",
    "needs_of",
    "still_open",
    "written_language",
]

MISSED = (Ruled.BLOCK, Ruled.WARN)
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
        check = check_of(packs, ruling)
        if check is None or ruling.verdict not in MISSED:
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
        item.rule for item in rulings if item.verdict in (*MISSED, Ruled.NOT_JUDGED)
    }
    return tuple(dict.fromkeys(point for point in points if point.rule not in settled))


def _alone(view: MailView, part: str) -> MailView:
    """The mail with one part only; no law asks for its files, which take time to look into."""
    bare = replace(view, attached=())
    return replace(bare, text="") if part == "html" else replace(bare, html="")


def check_of(packs: RulePacks, ruling: Ruling) -> Check | None:
    """The check that a ruling is of; None for consent, which no mail shows."""
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
        chosen: list[Facts] = []  # a block may say it in two languages
        for choice in check.in_languages:
            shown = [(look.facts, part), *((facts, "text") for facts in chosen)]
            if any(
                facts.said_in(check.sign, where, tag) for facts, where in shown for tag in choice
            ):
                continue
            written = next(filter(None, (written_language(tag, ()) for tag in choice)), "")
            block = _saying(check.sign, look.packs, written) if written else ""
            if block:
                chosen.append(_facts_of(block, look.packs, written))
                yield Need(check.id, block, written)
    elif check.kind in _BLOCKS:
        yield Need(check.id, _BLOCKS[check.kind], language)


def _saying(sign: str, packs: RulePacks, language: str) -> str:
    """The footer block that says a sign: the one of its name, else the first whose words do."""
    blocks = language_book(language).footer.blocks
    if sign in blocks:
        return sign
    return next(
        (name for name in blocks if _facts_of(name, packs, language).said(sign, "text")), ""
    )


def _facts_of(block: str, packs: RulePacks, language: str) -> Facts:
    """What a footer block says, whoever the sender is."""
    pattern = language_book(language).footer.blocks[block]
    return Facts(MailView.from_text(pattern), packs, language)


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
