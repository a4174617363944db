"""A variant under one legal profile: label, footer and notices added, compiled, closed."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.brief import Sender
from contracts.mail import Edition, LegalProfile, ModuleKind, Variant
from language.countries import country_name
from personalize.errors import BadPhrases, NoText
from personalize.writing.composer import local
from personalize.writing.patterns import render_pattern
from personalize.writing.phrases import PhraseBook, phrase_book
from personalize.writing.render import (
    TEMPLATE_VERSION,
    FooterBlock,
    Letter,
    merge_fields,
    render_html,
    render_text,
)

__all__ = ["MERGE_FIELDS", "build_edition", "missing_notice"]

MERGE_FIELDS = frozenset(
    {
        "greeting",
        "reason",
        "first_name",
        "last_name",
        "academic_title",
        "job_title_short",
        "unsubscribe_url",
    }
)
"""Every place that a mail may leave open. `greeting` and `reason` are closed sets."""

_BEFORE = (
    ModuleKind.GREETING,
    ModuleKind.OPENER,
    ModuleKind.PROBLEM,
    ModuleKind.PROOF,
    ModuleKind.OFFER,
    ModuleKind.CALL_TO_ACTION,
)


def build_edition(
    variant: Variant,
    profile: LegalProfile,
    sender: Sender,
    unsubscribe_base: str,
    versions: Mapping[str, str] | None = None,
) -> Edition:
    """The compiled mail that is screened, approved and sealed.

    Args:
        unsubscribe_base: https address that ends where the recipient's token begins.
        versions: rule packs that the profile came from, kept with the edition.

    Raises:
        NoText: the sender has no privacy policy address in the language.
        BadPhrases: a text leaves a place open that is no merge field.
    """
    book = phrase_book(variant.language)
    subject = variant.module(ModuleKind.SUBJECT).text
    label = profile.subject_label.get(variant.language, profile.subject_label.get("", ""))
    call = variant.module(ModuleKind.CALL_TO_ACTION)
    before = [
        paragraph
        for kind in _BEFORE
        for paragraph in variant.module(kind).text.split("\n\n")
        if paragraph.strip()
    ]
    letter = Letter(
        language=variant.language,
        direction=book.direction,
        brand=sender.legal_name,
        subject=label + subject,
        preheader=variant.module(ModuleKind.PREHEADER).text,
        before=before,
        label=call.label,
        url=call.url,
        colon=book.view["colon"],
        after=variant.module(ModuleKind.SIGN_OFF).text.split("\n\n"),
        footer=_footer(profile, sender, book),
    )
    html, text = render_html(letter), render_text(letter)
    choices = {"greeting": dict(book.greetings), "reason": dict(book.footer.reasons)}
    used = {
        *merge_fields(html),
        *merge_fields(text),
        *(
            field
            for texts in choices.values()
            for choice in texts.values()
            for field in merge_fields(choice)
        ),
    }
    unknown = used - MERGE_FIELDS
    if unknown:
        raise BadPhrases(f"no merge field is called {', '.join(sorted(unknown))}")
    return Edition(
        variant_id=variant.id,
        campaign=variant.campaign,
        segment=variant.segment,
        language=variant.language,
        profile=profile.code,
        subject=label + subject,
        html=html,
        text=text,
        from_name=local(sender.from_name, variant.language) or sender.legal_name,
        from_address=sender.from_address,
        reply_to=sender.reply_to,
        refusal_mailbox=sender.refusal_mailbox,
        unsubscribe_base=unsubscribe_base,
        choices={name: texts for name, texts in choices.items() if name in used},
        fields=tuple(sorted(used - set(choices))),
        headers={"Content-Language": variant.language},
        rule_packs={
            **(versions or {}),
            f"phrases/{variant.language}": str(book.version),
            "template": TEMPLATE_VERSION,
        },
    )


def missing_notice(sender: Sender | None, profile: LegalProfile, language: str) -> bool:
    """Whether the profile asks for a privacy notice and the sender has no address of one in
    the language. Nothing is known to be missing while there is no sender."""
    if sender is None or "privacy" not in profile.footer:
        return False
    return not local(sender.privacy_policy, language)


def _footer(profile: LegalProfile, sender: Sender, book: PhraseBook) -> list[FooterBlock]:
    """The blocks that the profile asks for, in its order, in the language of the mail."""
    values = {
        "sender": {
            **sender.model_dump(),
            "postal_address": [
                *sender.postal_address,
                country_name(sender.country, book.language),
            ],
        }
    }
    stated = {
        "representative": sender.representative,
        "registration": sender.registration,
        "vat": sender.vat_id,
    }
    blocks: list[FooterBlock] = []
    for name in profile.footer:
        if not stated.get(name, name):
            continue  # a sender who has no such entry; screening says where the law asks for it
        pattern = book.footer.blocks.get(name)
        if pattern is None:
            raise NoText(book.language, (f"phrases/{book.language}.yaml footer.blocks.{name}",))
        text = pattern if "[[" in pattern else render_pattern(pattern, values).text
        if name == "unsubscribe":
            blocks.append(
                FooterBlock(name, text, "[[unsubscribe_url]]", book.footer.unsubscribe_label)
            )
        elif name == "privacy":
            url = local(sender.privacy_policy, book.language)
            if not url:
                raise NoText(
                    book.language, (f"senders/{sender.id} privacy_policy.{book.language}",)
                )
            blocks.append(FooterBlock(name, text, url, book.footer.privacy_label))
        else:
            blocks.append(FooterBlock(name, text))
    return blocks
