"""Signs that make filters or readers take a mail for spam, and one score of them.

Each sign has a weight, read as the chance that a mail with it is junk, as if it stood alone.
Independent signs combine to `1 - (1 - w1)(1 - w2)...` (noisy or), given per mille. It is a
review hint: only deceptive structure blocks, never a word.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from contracts.case import Span
from contracts.verdict import Finding, Place, Severity
from evaluation.look import Look
from evaluation.packs import RulePacks, of_language
from evaluation.rulefiles import Signal, SpamPack
from evaluation.view.mailview import mailboxes

__all__ = ["SPAM_WARNING", "SpamReport", "judge_spam"]

SPAM_WARNING = 500  # per mille

_WARN_WEIGHT = 0.3
_SINGLE = ("from", "sender", "reply-to", "to", "cc", "date", "subject", "message-id")
_DOMAIN = re.compile(
    r"(?:(https?)://|www\.)?((?:[\w-]+\.)+(?:com|net|org|de|cn|io|eu|co|uk|info|biz|at|ch|fr|it|es|"
    r"nl|pl|jp|kr|ai|app|dev|us|ca|au))(?:[/:?#]\S*)?",
    re.IGNORECASE,
)
_CYRILLIC_GREEK = "\u0370-\u03ff\u0400-\u04ff"
_BROKEN = re.compile(
    "[A-Za-z][\u200b\u200c\u200d\u2060\ufeff]+[A-Za-z]"
    f"|[A-Za-z]+[{_CYRILLIC_GREEK}][A-Za-z]*[A-Za-z]|[A-Za-z][{_CYRILLIC_GREEK}]{{1,2}}[A-Za-z]"
)


@dataclass(frozen=True, slots=True)
class SpamReport:
    """`score` per mille, 0 to 1000; `reasons` are the ids of the signs, heaviest first."""

    score: int
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    place: Place
    detail: str = ""


def judge_spam(look: Look) -> SpamReport:
    """Every sign of the common pack and of the mail's language (of all, where unknown)."""
    hits: list[tuple[Signal, _Hit]] = []
    for pack in _packs(look.packs, look.language):
        for signal in pack.signals:
            hit = _phrase(signal, look) if signal.patterns else _TESTS[signal.test](look, signal)
            if hit:
                hits.append((signal, hit))
    left = 1.0
    for signal, _ in hits:
        left *= 1.0 - signal.weight
    score = round((1.0 - left) * 1000)
    findings = [_finding(signal, hit) for signal, hit in hits]
    if score >= SPAM_WARNING:
        findings.append(_overall(score, look.packs))
    ranked = sorted(hits, key=lambda pair: (-pair[0].weight, pair[0].id))
    return SpamReport(score, tuple(signal.id for signal, _ in ranked), tuple(findings))


def _packs(packs: RulePacks, language: str) -> Iterator[SpamPack]:
    """What holds everywhere and the phrases of the mail's language; of every language where
    there are none for it."""
    own = of_language(packs.spam, language)
    for name, pack in packs.spam.items():
        if own is None or pack is own or not name:
            yield pack


def _finding(signal: Signal, hit: _Hit) -> Finding:
    severity = Severity.NOTE
    if signal.deceptive:
        severity = Severity.BLOCK
    elif signal.weight >= _WARN_WEIGHT and signal.test:  # words are hints, whatever they weigh
        severity = Severity.WARN
    return Finding(
        rule=signal.id,
        severity=severity,
        jurisdiction="",
        place=hit.place,
        message=f"{signal.message['']} {hit.detail}".strip(),
        source=f"{signal.source} ({signal.grade} evidence)",
        verified=signal.verified,
        remedy=signal.remedy[""],
    )


def _overall(score: int, packs: RulePacks) -> Finding:
    return Finding(
        rule="spam.score",
        severity=Severity.WARN,
        jurisdiction="",
        place=Place("html"),
        message=f"Taken together the signs of spam score {score / 1000:.2f} of 1.",
        source=packs.spam[""].source,
        verified=False,
        remedy="Remove the heaviest signs named above until the score is below 0.5.",
    )


def _phrase(signal: Signal, look: Look) -> _Hit | None:
    places: list[tuple[str, str]] = []
    if signal.where in ("subject", "both"):
        places.append(("subject", look.view.subject))
    if signal.where in ("body", "both"):
        places.extend(look.view.bodies)
    for part, text in places:
        for pattern in signal.patterns:
            match = re.search(pattern, text, re.IGNORECASE)
            if match:
                return _Hit(Place(part, Span(*match.span())), f"({match.group()[:60]})")
    return None


def _hidden_text(look: Look, signal: Signal) -> _Hit | None:
    """Hidden words behind visible ones. A preheader stands first; text that the style sheet
    shows on some screens is shown."""
    texts = [item for item in look.view.hidden if not item.leading and not item.responsive]
    length = sum(len(_words_only(item.text)) for item in texts)
    if length >= signal.threshold:
        return _Hit(Place("html"), f"({length} characters, by {texts[0].why})")
    return None


def _long_preheader(look: Look, signal: Signal) -> _Hit | None:
    length = sum(len(_words_only(item.text)) for item in look.view.hidden if item.leading)
    return _Hit(Place("html"), f"({length} characters)") if length > signal.threshold else None


def _words_only(text: str) -> str:
    return re.sub(r"[^\w]", "", text)


def _link_mismatch(look: Look, signal: Signal) -> _Hit | None:
    """A label that is an address of another owner than the link's. A counter of clicks in the
    sender's own domain, or one that names the address it goes on to, deceives nobody."""
    del signal
    own = _owner(_domain(look.view.header("From")))
    for link in look.view.links:
        target = _target(link.href)
        label = _DOMAIN.fullmatch(link.label.strip())
        if target is None or label is None or "@" in link.label or not target.hostname:
            continue
        named = _owner(label.group(2))
        goes_on = named in f"{target.path}?{target.query}".lower()
        if _owner(target.hostname) not in (named, own) and not goes_on:
            return _Hit(Place(link.part, link.span), f"({label.group(2)} / {target.hostname})")
    return None


def _link_lookalike(look: Look, signal: Signal) -> _Hit | None:
    del signal
    for link in look.view.links:
        target = _target(link.href)
        if target is None or not target.hostname:
            continue
        if "@" in target.netloc and "." in target.netloc.split("@")[0]:
            return _Hit(Place(link.part, link.span), "(another host stands before the @)")
        if any(_mixed(_unicode(name)) for name in target.hostname.split(".")):
            return _Hit(Place(link.part, link.span), f"({target.hostname})")
    return None


def _link_ip(look: Look, signal: Signal) -> _Hit | None:
    del signal
    for link in look.view.links:
        target = _target(link.href)
        if target is None or not target.hostname:
            continue
        host = target.hostname
        if re.fullmatch(r"(?:0x[0-9a-f]+|\d{8,10})", host) or _is_ip(host):
            return _Hit(Place(link.part, link.span), f"({host})")
    return None


def _shortener(look: Look, signal: Signal) -> _Hit | None:
    del signal
    known = look.packs.spam[""].shorteners
    for link in look.view.links:
        target = _target(link.href)
        if target and target.hostname and target.hostname.removeprefix("www.") in known:
            return _Hit(Place(link.part, link.span), f"({target.hostname})")
    return None


def _odd_port(look: Look, signal: Signal) -> _Hit | None:
    del signal
    for link in look.view.links:
        target = _target(link.href)
        try:
            port = target.port if target else None
        except ValueError:
            port = -1
        if port not in (None, 80, 443):
            return _Hit(Place(link.part, link.span))
    return None


def _many_links(look: Look, signal: Signal) -> _Hit | None:
    count = len(look.view.page.links)
    return _Hit(Place("html"), f"({count})") if count > signal.threshold else None


def _image_only(look: Look, signal: Signal) -> _Hit | None:
    letters = len(_words_only(look.view.visible))
    small = [i for i in look.view.images if i.width in ("0", "1") or i.height in ("0", "1")]
    images = len(look.view.images) - len(small)  # counting pixels show nothing
    if images and letters * (2 if _han(look.view.visible) else 1) < signal.threshold:
        return _Hit(Place("html"), f"({images} images, {letters} letters)")
    return None


def _parts_differ(look: Look, signal: Signal) -> _Hit | None:
    if not look.view.visible or not look.view.text:
        return None
    page, plain = _words(look.view.visible), _words(look.view.text)
    if min(len(page), len(plain)) < 8:
        return None
    shared = len(page & plain) / min(len(page), len(plain))
    return _Hit(Place("text"), f"({shared:.0%} in common)") if shared < signal.threshold else None


def _no_text_part(look: Look, signal: Signal) -> _Hit | None:
    del signal
    known = look.view.has_headers or look.context.in_campaign
    if known and look.view.html and not look.view.text.strip():
        return _Hit(Place("text"))
    return None


def _no_subject(look: Look, signal: Signal) -> _Hit | None:
    del signal
    return _Hit(Place("subject")) if look.view.has_subject and not look.view.subject else None


def _fake_reply(look: Look, signal: Signal) -> _Hit | None:
    del signal
    view = look.view
    if not view.has_headers or view.header("In-Reply-To") or view.header("References"):
        return None
    words = [re.escape(word) for signs in look.packs.signs.values() for word in signs.reply_prefix]
    match = re.match(rf"\s*(?:{'|'.join(words)})\s*[:：]", view.subject, re.IGNORECASE)
    return _Hit(Place("subject", Span(*match.span()))) if match else None


def _shouting_subject(look: Look, signal: Signal) -> _Hit | None:
    letters = re.findall(r"[^\W\d_]", look.view.subject)
    cased = [letter for letter in letters if letter.lower() != letter.upper()]
    loud = sum(letter.isupper() for letter in cased)
    if len(cased) >= 12 and loud / len(cased) >= signal.threshold:
        return _Hit(Place("subject"))
    return None


def _exclamation_run(look: Look, signal: Signal) -> _Hit | None:
    del signal
    for part, text in (("subject", look.view.subject), *look.view.bodies):
        match = re.search(r"(?:[!！][?？]?\s?){3,}|[$€￥]{3,}", text)
        if match:
            return _Hit(Place(part, Span(*match.span())))
    return None


def _subject_url(look: Look, signal: Signal) -> _Hit | None:
    del signal
    match = re.search(r"https?://\S+|\bwww\.\S+", look.view.subject, re.IGNORECASE)
    return _Hit(Place("subject", Span(*match.span()))) if match else None


def _broken_words(look: Look, signal: Signal) -> _Hit | None:
    del signal
    for part, text in (("subject", look.view.subject), *look.view.bodies):
        match = _BROKEN.search(text)
        if match:
            return _Hit(Place(part, Span(*match.span())))
    return None


def _title_differs(look: Look, signal: Signal) -> _Hit | None:
    del signal
    title, subject = _words(look.view.page.title), _words(look.view.subject)
    if len(title) >= 2 and len(subject) >= 2 and not title & subject:
        return _Hit(Place("html"))
    return None


def _remote_fonts(look: Look, signal: Signal) -> _Hit | None:
    del signal
    return _Hit(Place("html")) if look.view.page.remote_fonts else None


def _active_content(look: Look, signal: Signal) -> _Hit | None:
    del signal
    tags = look.view.page.active
    return _Hit(Place("html"), f"({', '.join(sorted(set(tags)))})") if tags else None


def _travelled(look: Look) -> bool:
    """Whether the headers are those of a message, not of one that is still to be made."""
    return look.view.has_headers and not look.context.in_campaign


def _no_date(look: Look, signal: Signal) -> _Hit | None:
    del signal
    if not _travelled(look):
        return None
    try:
        parsedate_to_datetime(look.view.header("Date"))
    except (TypeError, ValueError, IndexError):
        return _Hit(Place("header:Date"))
    return None


def _no_message_id(look: Look, signal: Signal) -> _Hit | None:
    del signal
    if _travelled(look) and not re.search(r"<[^<>\s]+@[^<>\s]+>", look.view.header("Message-ID")):
        return _Hit(Place("header:Message-ID"))
    return None


def _no_recipient(look: Look, signal: Signal) -> _Hit | None:
    del signal
    if _travelled(look) and not (look.view.header("To") or look.view.header("Cc")):
        return _Hit(Place("header:To"))
    return None


def _forged_sender(look: Look, signal: Signal) -> _Hit | None:
    del signal
    if not look.view.has_headers:
        return None
    place = Place("header:From")
    values = look.view.header_values("From")
    people = [box for value in values for box in mailboxes(value)]
    if not people:
        return _Hit(place, "(there is no From address)")
    if len(values) > 1 and len({box.address.lower() for box in people}) > 1:
        return _Hit(place, "(several From headers)")
    first = people[0]
    shown = re.search(r"[\w.+-]+@((?:[\w-]+\.)+\w{2,})", first.name)
    if shown and _owner(shown.group(1)) != _owner(first.domain):
        return _Hit(place, "(the display name shows an address of another domain)")
    sender = look.context.sender
    if look.context.in_campaign and sender and first.address.lower() != sender.from_address.lower():
        return _Hit(place, "(it is not the sender's address on record)")
    return None


def _freemail_reply(look: Look, signal: Signal) -> _Hit | None:
    del signal
    reply = _domain(look.view.header("Reply-To"))
    if reply in look.packs.spam[""].freemail and _domain(look.view.header("From")) != reply:
        return _Hit(Place("header:Reply-To"))
    return None


def _duplicate_headers(look: Look, signal: Signal) -> _Hit | None:
    del signal
    for name in _SINGLE:
        if len(look.view.header_values(name)) > 1:
            return _Hit(Place(f"header:{name.title()}"))
    return None


def _raw_subject(look: Look, signal: Signal) -> _Hit | None:
    del signal
    raw = look.view.raw_subject
    return _Hit(Place("header:Subject")) if raw and not raw.isascii() else None


_TESTS: Mapping[str, Callable[[Look, Signal], _Hit | None]] = {
    "active_content": _active_content,
    "broken_words": _broken_words,
    "duplicate_headers": _duplicate_headers,
    "exclamation_run": _exclamation_run,
    "fake_reply": _fake_reply,
    "forged_sender": _forged_sender,
    "freemail_reply": _freemail_reply,
    "hidden_text": _hidden_text,
    "image_only": _image_only,
    "link_ip": _link_ip,
    "link_lookalike": _link_lookalike,
    "link_mismatch": _link_mismatch,
    "long_preheader": _long_preheader,
    "many_links": _many_links,
    "no_date": _no_date,
    "no_message_id": _no_message_id,
    "no_recipient": _no_recipient,
    "no_subject": _no_subject,
    "no_text_part": _no_text_part,
    "odd_port": _odd_port,
    "parts_differ": _parts_differ,
    "raw_subject": _raw_subject,
    "remote_fonts": _remote_fonts,
    "shortener": _shortener,
    "shouting_subject": _shouting_subject,
    "subject_url": _subject_url,
    "title_differs": _title_differs,
}


def _target(href: str) -> SplitResult | None:
    """A web address taken apart; None for anything else, a template's place included."""
    if not re.match(r"https?://", href, re.IGNORECASE) or re.search(r"[{}\[\]%|]{2}", href):
        return None
    try:
        parts = urlsplit(href)
        return parts if parts.hostname else None
    except ValueError:
        return None


def _owner(host: str) -> str:
    """The part of a host that somebody registers, to a good approximation."""
    names = host.lower().rstrip(".").split(".")
    second = len(names) > 2 and len(names[-1]) == 2 and names[-2] in _SECOND_LEVEL
    return ".".join(names[-3:] if second else names[-2:])


_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne"})


def _unicode(name: str) -> str:
    if name.startswith("xn--"):
        try:
            return name.encode("ascii").decode("idna")
        except UnicodeError:
            return name
    return name


def _mixed(name: str) -> bool:
    latin = re.search(r"[a-z]", name)
    return bool(latin and re.search(f"[{_CYRILLIC_GREEK}]", name))


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _domain(value: str) -> str:
    people = mailboxes(value)
    return people[0].domain if people else ""


def _han(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))


def _words(text: str) -> set[str]:
    """Words in lower case; of Chinese each character, which has no gaps between words."""
    text = re.sub(r"https?://\S+", " ", text.lower())
    return set(
        re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]{2,}", text)
    )
