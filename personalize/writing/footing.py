"""The lines below a mail that the law of its readers asks for, in the language of the mail."""

from __future__ import annotations

from contracts.brief import Sender
from contracts.mail import LegalProfile
from language.countries import country_name
from personalize.errors import NoText
from personalize.writing.book import language_book
from personalize.writing.brief_texts import local
from personalize.writing.patterns import render_pattern
from personalize.writing.render import FooterBlock

__all__ = ["footer_blocks"]


def footer_blocks(profile: LegalProfile, sender: Sender, language: str) -> list[FooterBlock]:
    """The blocks that the profile asks for, in its order, in `language`. `[[reason]]` and
    `[[unsubscribe_url]]` stay open in them; a block of which the sender has no entry is left
    out: screening says where the law asks for it.

    Raises:
        NoText: the product does not write the language or this block in it, or the sender has
            no privacy policy address in it.
    """
    book = language_book(language)
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
            continue
        pattern = book.footer.blocks.get(name)
        if pattern is None:
            raise NoText(book.language, (f"languages/{book.language}/footer.yaml blocks.{name}",))
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
