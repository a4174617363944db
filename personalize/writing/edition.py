"""A variant under one legal profile: label, footer and notices added, compiled, closed."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.brand import Brand
from contracts.brief import Brief, Sender
from contracts.errors import BadInput
from contracts.mail import Attachment, Edition, LegalProfile, ModuleKind, Variant
from personalize.errors import BadPhrases
from personalize.writing.appointment import appointment
from personalize.writing.book import language_book
from personalize.writing.brand import look_of
from personalize.writing.brief_texts import local
from personalize.writing.footing import footer_blocks
from personalize.writing.layout import Album, lay_out
from personalize.writing.render import (
    TEMPLATE_VERSION,
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
        "company",
        "job_title",
        "job_title_short",
        "unsubscribe_url",
    }
)
"""Every place that a mail may leave open. `greeting` and `reason` are closed sets."""


def build_edition(
    variant: Variant,
    profile: LegalProfile,
    sender: Sender,
    unsubscribe_base: str,
    versions: Mapping[str, str] | None = None,
    *,
    brief: Brief | None = None,
    brand: Brand | None = None,
    images: Mapping[str, bytes] | None = None,
    number: int = 1,
) -> Edition:
    """The compiled mail that is screened, approved and sealed.

    Args:
        unsubscribe_base: https address that ends where the recipient's token begins.
        versions: rule packs that the profile came from, kept with the edition.
        brief: whose link parameters, images, channels and event the mail has; None for none.
        brand: how the mail looks; None is the product's own look.
        images: the files that brief and brand name, by the names they have there
            (`Logo.key` for a logo).
        number: of the variant in its draft, from 1: an image may be for some of them.

    Raises:
        NoText: the sender has no privacy policy address in the language, or the brief lacks
            an address or the text of an image in it.
        BadInput: an image or a merge field that cannot be used, or a mail too long to be shown.
        BadPhrases: a text leaves a place open that is no merge field.
    """
    language, brand = variant.language, brand or Brand()
    book = language_book(language)
    label = profile.subject_label.get(language, profile.subject_label.get("", ""))
    album = Album(images or {}, sender.from_address.rpartition("@")[2])
    layout = lay_out(variant, brief, brand, album, number)
    letter = Letter(
        language=language,
        direction=book.direction,
        look=look_of(brand, language),
        sender=sender.legal_name,
        subject=label + layout.subject,
        preheader=layout.preheader,
        blocks=layout.blocks,
        colon=book.view["colon"],
        footer=footer_blocks(profile, sender, language),
        logo=layout.logo,
        hero=layout.hero,
        channels=layout.channels,
        between=layout.between,
        after=layout.after,
    )
    html, text = render_html(letter), render_text(letter)
    choices = {"greeting": dict(book.greetings(variant.style)), "reason": dict(book.footer.reasons)}
    used = _places(letter.subject, html, text, choices)
    return Edition(
        variant_id=variant.id,
        campaign=variant.campaign,
        segment=variant.segment,
        language=language,
        profile=profile.code,
        subject=letter.subject,
        html=html,
        text=text,
        from_name=local(sender.from_name, language) or sender.legal_name,
        from_address=sender.from_address,
        reply_to=sender.reply_to,
        refusal_mailbox=sender.refusal_mailbox,
        unsubscribe_base=unsubscribe_base,
        choices={name: texts for name, texts in choices.items() if name in used},
        fields=tuple(sorted(used - set(choices))),
        headers={"Content-Language": language},
        rule_packs={
            **(versions or {}),
            **book.versions,
            "template": TEMPLATE_VERSION,
        },
        images=album.images(),
        attachments=_attachments(variant, brief, sender),
        fallbacks={name: said for name, said in layout.fallbacks.items() if name in used},
    )


def _places(
    subject: str, html: str, text: str, choices: Mapping[str, Mapping[str, str]]
) -> set[str]:
    """The places that the mail leaves open, those of the wordings that it may take included."""
    wordings = [text for texts in choices.values() for text in texts.values()]
    used = {name for part in (subject, html, text, *wordings) for name in merge_fields(part)}
    unknown = used - MERGE_FIELDS
    if unknown:
        raise BadPhrases(f"no merge field is called {', '.join(sorted(unknown))}")
    return used


def _attachments(variant: Variant, brief: Brief | None, sender: Sender) -> tuple[Attachment, ...]:
    """The calendar file of a mail that tells of an event. One that only looks back on it, or
    names it in passing, has none."""
    tells = any(module.kind is ModuleKind.EVENT for module in variant.modules)
    file = appointment(brief, sender, variant.language) if brief and tells else None
    if file is not None and b"[[" in file.data:
        raise BadInput(
            "the event holds «[[»: a calendar file is the same for every recipient; take it out"
        )
    return (file,) if file else ()


def missing_notice(sender: Sender | None, profile: LegalProfile, language: str) -> bool:
    """Whether the profile asks for a privacy notice and the sender has no address of one in
    the language. Nothing is known to be missing while there is no sender."""
    if sender is None or "privacy" not in profile.footer:
        return False
    return not local(sender.privacy_policy, language)
