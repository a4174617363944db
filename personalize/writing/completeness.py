"""What a language's folder still lacks, and what in it is wrong: read by a test, and by whoever
adds a language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from contracts.audience import ConsentKind
from language.numbers import find_numbers
from language.taxonomy import Kind, load_taxonomy
from personalize.errors import BadPhrases, NoText
from personalize.writing.book import LanguageBook, angle_kinds, language_book
from personalize.writing.choices import missing_choices
from personalize.writing.language_files import Mail, Pattern
from personalize.writing.patterns import render_pattern

__all__ = ["lacks"]

_PER_ANGLE = 3
_FOOTER_BLOCKS = (
    "advert_notice", "identity", "postal_address", "contact", "representative", "registration",
    "vat", "reason", "objection", "privacy", "refusal_address", "unsubscribe",
)  # fmt: skip
_PLAIN_FIGURE = re.compile(r"\d|[０-９]")
_TACTICS = frozenset({"result", "peer", "question", "topic", "purpose"})


def lacks(language: str) -> tuple[str, ...]:
    """Everything that is missing or wrong, a line each, empty where the language is complete."""
    try:
        book = language_book(language)
    except (BadPhrases, NoText) as error:
        return (str(error),)
    return tuple(
        dict.fromkeys(
            [
                *_profile(book),
                *_terms(book),
                *_scenes(book),
                *_angles(book),
                *_greetings(book),
                *_footer(book),
                *_sentences(book),
                *missing_choices(book, _address_words(book)),
            ]
        )
    )


def _profile(book: LanguageBook) -> Iterator[str]:
    for name in ("name", "quotes", "colon", "and_", "dangling"):
        if not getattr(book.profile, name):
            yield f"language.yaml lacks {name.strip('_')}"
    if book.profile.sentence_gap is None:
        yield "language.yaml lacks sentence_gap"


def _terms(book: LanguageBook) -> Iterator[str]:
    terms = book.terms
    groups = (
        ("metrics", "metric", terms.metrics),
        ("industries", "industry", terms.industries),
        ("roles", "role", terms.roles),
        ("problems", "problem", terms.problems),
        ("units", "unit", terms.units),
    )
    for name, kind, entries in groups:
        known = _ids(kind)
        if missing := sorted(known - set(entries)):
            yield f"terms.yaml {name} lacks {', '.join(missing)}"
        if strange := sorted(set(entries) - known):
            yield f"terms.yaml {name} has unknown {', '.join(strange)}"
        wanted = set(terms.forms.get(name, ()))
        if not wanted:
            yield f"terms.yaml forms lacks {name}"
        for key, forms in entries.items():
            if set(forms) - {"counter"} != wanted - {"counter"}:
                differing = sorted(set(forms) ^ wanted)
                yield f"terms.yaml {name}.{key}: forms differ in {', '.join(differing)}"
    periods = {
        "shift", "hour", "day", "week", "month", "quarter", "half_year", "year", "minute", "second",
        "heating_season",
    }  # fmt: skip
    if missing := sorted(periods - set(terms.periods)):
        yield f"terms.yaml periods lacks {', '.join(missing)}"
    for way in ("down", "up"):
        if len(terms.verbs.get(way, ())) < 2:
            yield f"terms.yaml verbs.{way}: at least two verbs, so that letters differ"
    if "{n}" not in terms.quantity:
        yield "terms.yaml lacks quantity"


def _ids(kind: str) -> set[str]:
    taxonomy = load_taxonomy()
    if kind == "unit":
        return {unit.id for unit in taxonomy.units()}
    return set(taxonomy.ids(cast(Kind, kind)))


def _scenes(book: LanguageBook) -> Iterator[str]:
    taxonomy = load_taxonomy()
    for name, kind, entries, least in (
        ("industries", "industry", book.scenes.industries, 2),
        ("roles", "role", book.scenes.roles, 1),
    ):
        for key in taxonomy.ids(cast(Kind, kind)):
            if len(entries.get(key, ())) < least:
                yield f"scenes.yaml {name}.{key}: {least} needed"
        for key, texts in entries.items():
            for text in texts:
                if figure := _figure(text, book.language):
                    yield f"scenes.yaml {name}.{key}: the figure «{figure}» without a source"


def _angles(book: LanguageBook) -> Iterator[str]:
    for key in angle_kinds():
        words = book.angle_words.get(key)
        if words is None:
            yield f"angles.yaml lacks {key}"
            continue
        for name in ("subjects", "questions", "mechanisms"):
            texts: Sequence[str] = getattr(words, name)
            if len(set(texts)) < _PER_ANGLE:
                yield f"angles.yaml {key}.{name}: {_PER_ANGLE} different ones needed"
            for text in texts:
                if figure := _figure(text, book.language):
                    yield f"angles.yaml {key}.{name}: the figure «{figure}» without a source"
        for text in words.subjects:
            if len(text) > book.limits.subject:
                yield f"angles.yaml {key}: subject of {len(text)} characters: {text}"
    if strange := sorted(set(book.angle_words) - set(angle_kinds())):
        yield f"angles.yaml has unknown {', '.join(strange)}"


def _greetings(book: LanguageBook) -> Iterator[str]:
    rules = book.greeting_rules
    if "[[greeting]]" not in rules.module:
        yield "greetings.yaml module must hold [[greeting]]"
    keys = {rule.key for rule in rules.rules}
    if not rules.rules or rules.rules[-1].key != "none" or rules.rules[-1].needs:
        yield "greetings.yaml rules must end with the key none, which needs nothing"
    if missing := sorted(keys - set(rules.formal)):
        yield f"greetings.yaml formal lacks {', '.join(missing)}"
    if strange := sorted(set(rules.relaxed) - keys):
        yield f"greetings.yaml relaxed has unknown {', '.join(strange)}"


def _footer(book: LanguageBook) -> Iterator[str]:
    if missing := [name for name in _FOOTER_BLOCKS if name not in book.footer.blocks]:
        yield f"footer.yaml blocks lacks {', '.join(missing)}"
    kinds = {kind.value for kind in ConsentKind} - {"refused"}
    if missing := sorted(kinds - set(book.footer.reasons)):
        yield f"footer.yaml reasons lacks {', '.join(missing)}"
    for name in ("unsubscribe_label", "privacy_label"):
        if not getattr(book.footer, name):
            yield f"footer.yaml lacks {name}"


# --- sentences ------------------------------------------------------------------------------


def _all(book: LanguageBook) -> Iterator[tuple[str, str, Pattern]]:
    for owner, mail in [("blocks.yaml modules", book.blocks.modules)] + [
        (f"mails.yaml {name}", mail) for name, mail in book.mails.items()
    ]:
        for field in Mail.model_fields:
            for pattern in getattr(mail, field):
                yield owner, field, pattern
    for pattern in book.blocks.seconds:
        yield "blocks.yaml", "seconds", pattern


def _sentences(book: LanguageBook) -> Iterator[str]:
    ids = Counter((owner, field, pattern.id) for owner, field, pattern in _all(book))
    for (owner, field, name), count in ids.items():
        if count > 1:
            yield f"{owner}.{field}: {name} stands there {count} times"
    texts = Counter((owner, field, pattern.text) for owner, field, pattern in _all(book))
    for (owner, field, text), count in texts.items():
        if count > 1:
            yield f"{owner}.{field}: «{text[:40]}» stands there {count} times"
    for owner, field, pattern in _all(book):
        place = f"{owner}.{field} {pattern.id}"
        yield from _pattern(book, field, pattern, place)
    for form, value in {
        **book.blocks.who.named_ours, **book.blocks.who.named, **book.blocks.who.anonymous
    }.items():  # fmt: skip
        yield from _renders(book, value, f"blocks.yaml who.{form}")
    for name, text in book.footer.blocks.items():
        if "[[" not in text:
            yield from _renders(book, text, f"footer.yaml blocks.{name}")


def _pattern(book: LanguageBook, field: str, pattern: Pattern, place: str) -> Iterator[str]:
    for text in (pattern.text, pattern.other):
        if text:
            yield from _renders(book, text, place)
            bare = re.sub(r"<brief:minutes>.*?</brief>", " ", text)  # its unit is the pattern's
            bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\[\[.*?\]\]|</?[a-z_.:]+>", " ", bare)
            if figure := _figure(bare, book.language):
                yield f"{place}: the figure «{figure}» without a source"
    if field in ("subjects", "openers") and pattern.tactic not in _TACTICS:
        yield f"{place}: tactic must be one of {', '.join(sorted(_TACTICS))}"
    limit = {"subjects": book.limits.subject, "preheaders": book.limits.preheader}.get(field)
    if limit and "{{" not in pattern.text and len(pattern.text) > limit:
        yield f"{place}: {len(pattern.text)} characters, {limit} is the most"
    own, other = _address_words(book)
    if any(re.search(word, pattern.text) for word in other):
        yield f"{place}: the text is in the other form of address"
    if pattern.other and any(re.search(word, pattern.other) for word in own):
        yield f"{place}: `other` holds a word of the usual form of address"


def _address_words(book: LanguageBook) -> tuple[Sequence[str], Sequence[str]]:
    """The words of the usual form of address, and those of the other one."""
    address = book.profile.address
    if address is None:
        return (), ()
    if address.default == "formal":
        return address.formal, address.familiar
    return address.familiar, address.formal


def _figure(text: str, language: str) -> str:
    """The first quantity that a reader, and screening, would see in `text`; "" if none."""
    found = find_numbers(text, language)
    return found[0].raw.strip() if found else ""


def _renders(book: LanguageBook, text: str, place: str) -> Iterator[str]:
    try:
        render_pattern(text, _sample(book))
    except BadPhrases as error:
        yield f"{place}: {error}"


def _sample(book: LanguageBook) -> Mapping[str, Any]:
    """A value for every name that a pattern may use; what is not here is a mistake."""
    terms, who = book.terms, book.blocks.who

    def forms(name: str) -> dict[str, str]:
        return dict.fromkeys(terms.forms.get(name, ()), "x") | {"counter": ""}

    verb = {key: "x" for way in terms.verbs.values() for entry in way for key in entry}
    plain = (
        "name", "offer", "description", "news", "deadline", "minutes", "signatory", "title",
        "challenge", "solution", "caveat", "outcome", "second", "scene", "concern", "before",
        "before_full", "after", "change", "period", "ask", "items",
    )  # fmt: skip
    cases = {form.split("_")[0] for form in terms.forms.get("units", ()) if "_" in form}
    declined = (f"{name}_{case}" for name in ("before_full", "after", "change") for case in cases)
    metric = forms("metrics")
    for marker in ("number", "gender"):
        if marker in metric:
            first = next(iter(terms.metrics.values()), {})
            metric[marker] = first.get(marker, "sg")
    return {
        **dict.fromkeys((*plain, *declined), "x"),
        "metric": metric,
        "industry": forms("industries"),
        "role": forms("roles"),
        "problem": forms("problems"),
        "verb": verb,
        "who": {key: "x" for group in (who.named_ours, who.named, who.anonymous) for key in group},
        "angle": dict.fromkeys(("subject", "question", "mechanism"), "x"),
        "product": {"name": "x"},
        "event": {"title": "x", "when": "x", "place": "x", "agenda": ["x"]},
        "sender": {
            **dict.fromkeys(
                ("legal_name", "phone", "email", "website", "reply_to", "representative",
                 "registration", "vat_id", "refusal_mailbox"), "x",
            ),
            "postal_address": ["x"],
        },
    }  # fmt: skip
