"""The language a contact is written to in, and what that rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.audience import Contact
from language.countries import language_code, languages_of
from language.detect import detect

__all__ = ["SURE", "LanguageDecision", "campaign_language", "decide_language"]

SURE = 0.8  # confidence from which the text that a contact wrote decides


@dataclass(frozen=True, slots=True)
class LanguageDecision:
    language: str  # BCP 47; "" where nothing tells
    reason: str  # "own field: deutsch", "text they wrote (0.97)", "country DE", "fallback", ""
    confidence: float  # 0 to 1; 0 where `language` is ""
    offered: bool = True  # False: known, and the campaign has no text in it


def decide_language(
    contact_field: str,
    wrote: str,
    country: str,
    offered: Sequence[str] = (),
    fallback: str = "",
) -> LanguageDecision:
    """A contact's language: the first of these that tells.

    1. Their own field, where it names a language.
    2. The text they wrote, where its language is at least 0.8 sure.
    3. Their country, where it has one main language, or where the fallback is one of several.
    4. The fallback, marked as such.

    At import there is no campaign yet: leave `offered` and `fallback` out, and the language
    may stay "". A language that is known and not `offered` stays; such a contact is left out
    of the campaign, not written to in another.

    Args:
        contact_field: a name or a tag as the list has it; "" or an unknown word tells nothing.
        country: ISO 3166-1 alpha-2, "" unknown.
        offered: languages that the campaign has text in; () means all.
    """

    def decided(language: str, reason: str, confidence: float) -> LanguageDecision:
        return LanguageDecision(
            language, reason, confidence, not offered or not language or language in offered
        )

    if own := language_code(contact_field):
        return decided(own, f"own field: {contact_field.strip()}", 1.0)
    if wrote.strip():
        found = detect(wrote)
        if found.language and found.confidence >= SURE:
            return decided(
                found.language, f"text they wrote ({found.confidence:.2f})", found.confidence
            )
    spoken = languages_of(country)
    code = country.strip().upper()
    if len(spoken) == 1:
        return decided(spoken[0], f"country {code}", 0.8)
    if fallback and fallback in spoken:
        return decided(fallback, f"country {code}, of its languages the fallback", 0.6)
    if fallback:
        return decided(fallback, "fallback", 0.2)
    return LanguageDecision("", "", 0.0)


def campaign_language(
    contact: Contact, offered: Sequence[str] = (), fallback: str = ""
) -> LanguageDecision:
    """The language of a contact on record within a campaign.

    What import decided stays, with its reason; only a contact whose language is not known
    gets the fallback, or the country's where the fallback settles which.
    """
    if contact.language:
        return LanguageDecision(
            contact.language,
            contact.language_reason or "on record",
            1.0,
            not offered or contact.language in offered,
        )
    return decide_language("", "", contact.country, offered, fallback)
