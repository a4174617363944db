"""What a mail says of its sender and of the way out, found once and judged by every law.

Patterns are asked in the mail's own language first; in others only where it says nothing, since
ten laws ask the same of one mail and each question costs a pass over its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from contracts.case import Span
from evaluation.packs import RulePacks, of_language
from evaluation.prefilter import sought
from evaluation.rulefiles import Signs
from evaluation.view.mailview import Link, MailView

__all__ = ["EMAIL", "Facts", "Said"]

EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,24}")
_PHONE = re.compile(
    r"(?:\+\d{1,3}|\(0?\d{2,5}\)|\b0\d{2,4}|\b1?[ -]?\d{3}[-. ]\d{3})[\d ()/.-]{4,24}\d"
)
_WEBSITE = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_NEAR = 250  # characters between the word "unsubscribe" and the link or address it speaks of
_LATIN = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class Said:
    """Where a part says a sign, and in which language."""

    language: str
    span: Span
    match: re.Match[str]


@dataclass
class Facts:
    """Questions to one mail; each answer is remembered. Spans count in the visible text."""

    view: MailView
    packs: RulePacks
    language: str  # of the mail; "" unknown
    _texts: Mapping[str, str] = field(init=False)
    _said: dict[tuple[str, str, bool], Said | None] = field(init=False, default_factory=dict)
    _told: dict[tuple[str, str], tuple[Said, ...]] = field(init=False, default_factory=dict)
    _identity: dict[tuple[str, str], Span | None] = field(init=False, default_factory=dict)
    _ways: dict[tuple[str, str], Span | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._texts = {**dict(self.view.bodies), "subject": self.view.subject}

    def text(self, part: str) -> str:
        return self._texts.get(part, "")

    @property
    def knows_language(self) -> bool:
        return of_language(self.packs.signs, self.language) is not None

    def has_words_for(self, sign: str) -> bool:
        """Whether somebody has written down how the mail's language says `sign`."""
        own = of_language(self.packs.signs, self.language)
        return own is not None and bool(own.wording.get(sign))

    def said(self, sign: str, part: str, *, elsewhere: bool = False) -> Said | None:
        """Where `part` says `sign` in the mail's language (any, where that is unknown); with
        `elsewhere` in any other language that its script allows."""
        key = (sign, part, elsewhere)
        if key not in self._said:
            self._said[key] = next(self.all_said(sign, part, elsewhere=elsewhere), None)
        return self._said[key]

    def all_said(self, sign: str, part: str, *, elsewhere: bool = False) -> Iterator[Said]:
        own = of_language(self.packs.signs, self.language)
        text = self.text(part)
        if own is not None and not elsewhere:
            yield from _hits(own, sign, text)
            return
        for signs in self.packs.signs.values():
            if signs is not own and _may_hold(signs.language, text):
                yield from _hits(signs, sign, text)

    def told(self, sign: str, part: str) -> tuple[Said, ...]:
        """Where `part` says `sign` in the mail's language or in English, which many mails carry
        beside it. For what should not be said: looking for it in every language costs most where
        nothing is wrong."""
        key = (sign, part)
        if key not in self._told:
            self._told[key] = tuple(self._tell(sign, part))
        return self._told[key]

    def _tell(self, sign: str, part: str) -> Iterator[Said]:
        own = of_language(self.packs.signs, self.language)
        english = self.packs.signs.get("en")
        text = self.text(part)
        if own is None:
            yield from self.all_said(sign, part)
            return
        yield from _hits(own, sign, text)
        if english is not None and english is not own and _LATIN.search(text):
            yield from _hits(english, sign, text)

    def said_in(self, sign: str, part: str, language: str) -> Said | None:
        """Where `part` says `sign` in one language, whatever the mail's own is."""
        signs = of_language(self.packs.signs, language)
        return next(_hits(signs, sign, self.text(part)), None) if signs else None

    def of_identity(self, name: str, part: str) -> Span | None:
        """Where `part` shows something that `name` of the identity files and of the languages'
        signs describes: "legal_forms", "address", "po_box", "registration", "vat"."""
        key = (name, part)
        if key not in self._identity:
            self._identity[key] = self._find(name, self.text(part))
        return self._identity[key]

    def in_text(self, name: str, text: str) -> Span | None:
        """As `of_identity`, in a text of its own."""
        return self._find(name, text)

    def _find(self, name: str, text: str) -> Span | None:
        lowered = _lowered(text)
        groups = [getattr(pack, name, ()) for pack in self.packs.identity.values()]
        groups += [getattr(signs, name, ()) for signs in self._languages(text)]
        for pattern in chain.from_iterable(groups):
            for match in sought(pattern, 0).finditer(text, lowered):
                return Span(*match.span())
        return None

    def _languages(self, text: str) -> Iterator[Signs]:
        own = of_language(self.packs.signs, self.language)
        if own:
            yield own
        for signs in self.packs.signs.values():
            if signs is not own and _may_hold(signs.language, text):
                yield signs

    def way(self, name: str, part: str) -> Span | None:
        """An email address, a telephone number or a web address in `part`, addresses of links
        included."""
        key = (name, part)
        if key not in self._ways:
            self._ways[key] = self._way(name, part)
        return self._ways[key]

    def _way(self, name: str, part: str) -> Span | None:
        pattern = {"email": EMAIL, "phone": _PHONE, "website": _WEBSITE}[name]
        if match := pattern.search(self.text(part)):
            return Span(*match.span())
        for link in self.links(part):
            if name == "website" and link.href.lower().startswith(("http:", "https:")):
                return link.span
            if name == "email" and link.href.lower().startswith("mailto:"):
                return link.span
        return None

    def links(self, part: str) -> tuple[Link, ...]:
        return tuple(link for link in self.view.links if link.part == part)

    def way_out(self, part: str) -> Span | None:
        """The link or address of `part` by which its reader can stop further mails: one whose
        address says so, or one near words that do, in whatever language."""
        key = ("way_out", part)
        if key not in self._ways:
            self._ways[key] = self._way_out(part)
        return self._ways[key]

    def _way_out(self, part: str) -> Span | None:
        links = self.links(part)
        addresses = self.packs.everywhere.unsubscribe_addresses
        for link in links:
            if link.label.strip() and matches(addresses, link.href):
                return link.span
        spots = [link.span for link in links]
        spots += [Span(*match.span()) for match in EMAIL.finditer(self.text(part))]
        for hit in chain(self.told("unsubscribe", part), self._every("unsubscribe", part)):
            for spot in spots:
                if hit.span.start - _NEAR <= spot.end and spot.start <= hit.span.end + _NEAR:
                    return spot
        return None

    def speaks_of(self, sign: str, part: str) -> bool:
        return next(self._every(sign, part), None) is not None

    def _every(self, sign: str, part: str) -> Iterator[Said]:
        text = self.text(part)
        for signs in self._languages(text):
            yield from _hits(signs, sign, text)


def matches(patterns: tuple[str, ...], text: str) -> bool:
    lowered = text.lower()
    return any(next(sought(item).finditer(text, lowered), None) for item in patterns)


@lru_cache(maxsize=64)
def _lowered(text: str) -> str:
    return text.lower()


def _hits(signs: Signs, sign: str, text: str) -> Iterator[Said]:
    lowered = _lowered(text)
    for pattern in signs.wording.get(sign, ()):
        for match in sought(pattern).finditer(text, lowered):
            yield Said(signs.language, Span(*match.span()), match)


_SCRIPTS: tuple[tuple[tuple[str, ...], Callable[[str], object]], ...] = (
    (("zh-Hans", "zh-Hant"), re.compile("[\u3400-\u9fff]").search),
    (("ja",), re.compile("[\u3040-\u30ff\u3400-\u9fff]").search),
    (("ko",), re.compile("[\uac00-\ud7af]").search),
    (("ar",), re.compile("[\u0600-\u06ff]").search),
    (("he",), re.compile("[\u0590-\u05ff]").search),
    (("hi",), re.compile("[\u0900-\u097f]").search),
)


def _may_hold(language: str, text: str) -> bool:
    """Whether `text` has letters of the script that `language` is written in."""
    for names, search in _SCRIPTS:
        if language in names:
            return search(text) is not None
    return _LATIN.search(text) is not None
