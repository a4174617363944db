"""The checks that law packs ask for. Each kind of check is one function; which of them a
country wants, with what parameters and how severely, stands in its pack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from contracts.case import Span
from contracts.verdict import Finding, Place, Severity
from evaluation.look import Look
from evaluation.rulefiles import Check, CheckKind, Signs
from evaluation.view.mailview import mailboxes

__all__ = ["judge"]

_EMAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[\w-]{2,}")
_PHONE = re.compile(
    r"(?:\+\d{1,3}|\(0?\d{2,5}\)|\b0\d{2,4}|\b1?[ -]?\d{3}[-. ]\d{3})[\d ()/.-]{4,}\d"
)
_WEBSITE = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_NEAR = 250  # characters between the word "unsubscribe" and the link or address it speaks of


@dataclass(frozen=True, slots=True)
class _Miss:
    place: Place
    severity: Severity | None = None  # None: as the check says
    detail: str = ""


def judge(checks: Iterable[Check], look: Look, jurisdiction: str) -> Iterator[Finding]:
    """Findings of `checks`, in their order. A check that needs a part which the mail does not
    have, such as the subject of a lone page, finds nothing; screening says so apart."""
    for check in checks:
        if check.languages and look.language not in check.languages:
            continue
        for miss in _KINDS[check.kind](check, look):
            severity = miss.severity or check.severity
            if look.lone and miss.severity is None and check.lone_severity:
                severity = check.lone_severity
            message = check.message[""]
            yield Finding(
                rule=check.id,
                severity=severity,
                jurisdiction=jurisdiction,
                place=miss.place,
                message=f"{message} {miss.detail}".strip(),
                source=check.source,
                verified=check.verified,
                remedy=check.remedy[""],
            )


def _subject_label(check: Check, look: Look) -> Iterator[_Miss]:
    if look.view.has_subject and not look.view.subject.lstrip(" ").startswith(check.labels):
        yield _Miss(Place("subject", Span(0, min(8, len(look.view.subject)))))


def _wording(check: Check, look: Look) -> Iterator[_Miss]:
    for part, text in look.bodies():
        yield from _said(check.sign, part, text, look)


def _said(sign: str, part: str, text: str, look: Look) -> Iterator[_Miss]:
    """A miss where `text` does not say `sign`, milder where it does in another language or
    where nobody has written down how the mail's language says it."""
    if any(signs.found(sign, text) for signs in look.packs.signs_in(look.language)):
        return
    if not look.speaks_known_language:
        detail = "(There are no word lists for the mail's language; let a reader confirm.)"
        yield _Miss(Place(part), Severity.WARN, detail)
    elif any(signs.found(sign, text) for signs in look.packs.signs.values()):
        severity = None if look.context.in_campaign else Severity.WARN
        yield _Miss(Place(part), severity, "It is said, but not in the mail's language.")
    else:
        yield _Miss(Place(part))


def _legal_name(check: Check, look: Look) -> Iterator[_Miss]:
    del check
    sender = look.context.sender
    for part, text in look.bodies():
        if sender is not None:
            if not _holds(text, sender.legal_name):
                yield _Miss(Place(part))
        elif not _any(look, lambda signs: signs.legal_forms, text):
            yield _Miss(Place(part))


def _postal_address(check: Check, look: Look) -> Iterator[_Miss]:
    sender = look.context.sender
    for part, text in look.bodies():
        if sender is not None:
            lines = [line for line in sender.postal_address if line.strip()]
            if not lines or not all(_holds(text, line) for line in lines):
                yield _Miss(Place(part))
                continue
            shown = "\n".join(lines)
        else:
            found = _any(look, lambda signs: signs.address, text)
            if found is None:
                yield _Miss(Place(part))
                continue
            shown = found.group()
        if not check.po_box_allowed and _any(look, lambda signs: signs.po_box, shown):
            yield _Miss(Place(part), None, "The address given is a PO box.")


def _contact(check: Check, look: Look) -> Iterator[_Miss]:
    sender = look.context.sender
    for part, text in look.bodies():
        reach = _with_mailto(look, part, text)
        if sender is not None:
            mailboxes = [sender.email, sender.reply_to, sender.from_address, sender.refusal_mailbox]
            ways = {
                "email": any(item and _holds(reach, item) for item in mailboxes),
                "phone": bool(sender.phone) and _digits(sender.phone) in _digits(text),
                "website": bool(sender.website) and _holds(text, sender.website),
            }
        else:
            ways = {
                "email": bool(_EMAIL.search(reach)),
                "phone": bool(_PHONE.search(text)),
                "website": bool(_WEBSITE.search(text)),
            }
        if not any(ways[way] for way in check.any_of):
            yield _Miss(Place(part))


def _record(name: str, sign: str) -> Callable[[Check, Look], Iterator[_Miss]]:
    """A fact of the sender's record that the footer must show, or its sign in a lone file."""

    def test(check: Check, look: Look) -> Iterator[_Miss]:
        sender = look.context.sender
        if sender is None:
            for part, text in look.bodies():
                if not _anywhere(sign, text, look):
                    severity = None if look.speaks_known_language else Severity.WARN
                    yield _Miss(Place(part), severity)
            return
        value: str = getattr(sender, name)
        if not value:
            # Whoever is established elsewhere may have no such entry; a person has to say.
            severity = None if sender.country.upper() in check.home else Severity.WARN
            yield _Miss(Place("html"), severity, f"The sender record has no {name}.")
            return
        for part, text in look.bodies():
            if not _holds(text, value):
                yield _Miss(Place(part))

    return test


def _refusal_address(check: Check, look: Look) -> Iterator[_Miss]:
    del check
    sender = look.context.sender
    for part, text in look.bodies():
        if sender is not None:
            if not _holds(text, sender.refusal_mailbox):
                yield _Miss(Place(part))
        elif not _EMAIL.search(_with_mailto(look, part, text)):
            yield _Miss(Place(part))


def _unsubscribe_link(check: Check, look: Look) -> Iterator[_Miss]:
    """Words that say so, with a link or an address at hand; either alone is not enough."""
    del check
    for part, text in look.bodies():
        addresses = look.packs.everywhere.unsubscribe_addresses
        links = [link for link in look.view.links if link.part == part]
        if any(_matches(addresses, link.href) and link.label for link in links):
            yield from _said_or_linked(part, text, look)
            continue
        hits = [
            match
            for signs in look.packs.signs.values()
            for pattern in signs.wording.get("unsubscribe", ())
            for match in re.finditer(pattern, text, re.IGNORECASE)
        ]
        spots = [link.span for link in links]
        spots += [Span(*match.span()) for match in _EMAIL.finditer(text)]
        if not any(_close(hit.span(), spot) for hit in hits for spot in spots):
            severity = None if hits or look.speaks_known_language else Severity.WARN
            yield _Miss(Place(part), severity)
        else:
            yield from _said_or_linked(part, text, look)


def _said_or_linked(part: str, text: str, look: Look) -> Iterator[_Miss]:
    if look.speaks_known_language:
        for miss in _said("unsubscribe", part, text, look):
            severity = Severity.WARN if miss.severity is None and look.lone else miss.severity
            detail = miss.detail or "A link is there, but no words in the mail's language say so."
            yield _Miss(miss.place, severity, detail)


def _one_click(check: Check, look: Look) -> Iterator[_Miss]:
    del check
    view = look.view
    if not view.has_headers:
        return
    place = Place("header:List-Unsubscribe")
    values = view.header_values("List-Unsubscribe")
    if len(values) != 1:
        yield _Miss(place, None, "It needs exactly one List-Unsubscribe header.")
        return
    addresses = re.findall(r"<\s*([^<>]+?)\s*>", values[0])
    if not any(_https(item, look) for item in addresses):
        yield _Miss(place, None, "List-Unsubscribe holds no https address in angle brackets.")
    posts = view.header_values("List-Unsubscribe-Post")
    if len(posts) != 1 or posts[0].strip() != "List-Unsubscribe=One-Click":
        yield _Miss(Place("header:List-Unsubscribe-Post"), None, "List-Unsubscribe-Post is wrong.")


def _https(address: str, look: Look) -> bool:
    field = re.fullmatch(r"\[\[([^\]]+)\]\]", address)
    if field:
        known = look.view.merge_fields | set(look.context.merge_fields)
        return field.group(1) in known and "unsub" in field.group(1).lower()
    return address.lower().startswith("https://")


def _reply_subject(check: Check, look: Look) -> Iterator[_Miss]:
    view = look.view
    words = "|".join(
        re.escape(word) for signs in look.packs.signs.values() for word in signs.reply_prefix
    )
    label = r"(?:\W{0,2}(?:广告|AD)\W{1,3})?"
    match = re.match(rf"\s*{label}({words})\s*(?:\[\d+\])?\s*[:：]", view.subject, re.IGNORECASE)
    if not match or view.header("In-Reply-To") or view.header("References"):
        return
    known = view.has_headers or look.context.in_campaign
    yield _Miss(Place("subject", Span(*match.span(1))), None if known else Severity.WARN)
    del check


def _urgent_subject(check: Check, look: Look) -> Iterator[_Miss]:
    del check
    everything = "\n".join([look.view.subject, look.view.body])
    for signs in look.packs.signs.values():
        for pattern in signs.urgency:
            match = re.search(pattern, look.view.subject, re.IGNORECASE)
            if match and not _any(look, lambda item: item.dated_fact, everything):
                yield _Miss(Place("subject", Span(*match.span())), None, f"({match.group()})")
                return


def _terms(check: Check, look: Look) -> Iterator[_Miss]:
    told: set[str] = set()
    for part, text in (("subject", look.view.subject), *look.view.bodies):
        excused = [m.span() for word in check.exceptions for m in re.finditer(word, text)]
        for pattern in check.words:
            for match in re.finditer(pattern, text, re.IGNORECASE):
                start, end = match.span()
                if match.group() in told or any(a <= start and end <= b for a, b in excused):
                    continue
                told.add(match.group())
                yield _Miss(Place(part, Span(start, end)), None, f"({match.group()})")


def _replyable(check: Check, look: Look) -> Iterator[_Miss]:
    del check
    if not look.view.has_headers:
        return
    name = "Reply-To" if look.view.header("Reply-To") else "From"
    boxes = mailboxes(look.view.header(name))
    unattended = look.packs.everywhere.unattended_mailboxes
    if boxes and _matches(unattended, boxes[0].address):
        yield _Miss(Place(f"header:{name}"))


def _size(check: Check, look: Look) -> Iterator[_Miss]:
    size = len(look.view.html.encode("utf-8", "replace"))
    if size >= check.limit_bytes:
        yield _Miss(Place("html"), None, f"It has {size // 1000} KB.")


_KINDS: Mapping[CheckKind, Callable[[Check, Look], Iterator[_Miss]]] = {
    CheckKind.SUBJECT_LABEL: _subject_label,
    CheckKind.WORDING: _wording,
    CheckKind.LEGAL_NAME: _legal_name,
    CheckKind.POSTAL_ADDRESS: _postal_address,
    CheckKind.CONTACT: _contact,
    CheckKind.REPRESENTATIVE: _record("representative", "representative"),
    CheckKind.REGISTRATION: _record("registration", "registration"),
    CheckKind.VAT: _record("vat_id", "vat"),
    CheckKind.REFUSAL_ADDRESS: _refusal_address,
    CheckKind.UNSUBSCRIBE_LINK: _unsubscribe_link,
    CheckKind.ONE_CLICK: _one_click,
    CheckKind.REPLY_SUBJECT: _reply_subject,
    CheckKind.URGENT_SUBJECT: _urgent_subject,
    CheckKind.TERMS: _terms,
    CheckKind.REPLYABLE: _replyable,
    CheckKind.SIZE: _size,
}


def _any(look: Look, group: Callable[[Signs], tuple[str, ...]], text: str) -> re.Match[str] | None:
    """The first hit of a group of patterns in any language; case counts in names."""
    for signs in look.packs.signs.values():
        for pattern in group(signs):
            match = re.search(pattern, text)
            if match:
                return match
    return None


def _anywhere(sign: str, text: str, look: Look) -> bool:
    return any(signs.found(sign, text) for signs in look.packs.signs.values())


def _with_mailto(look: Look, part: str, text: str) -> str:
    boxes = [
        link.href.removeprefix("mailto:")
        for link in look.view.links
        if link.part == part and link.href.lower().startswith("mailto:")
    ]
    return "\n".join([text, *boxes])


def _holds(text: str, fact: str) -> bool:
    return bool(fact.strip()) and _squeezed(fact) in _squeezed(text)


def _squeezed(text: str) -> str:
    """Without spaces and line breaks, which mean nothing in an address."""
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _matches(patterns: Iterable[str], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def _close(hit: tuple[int, int], spot: Span) -> bool:
    return hit[0] - _NEAR <= spot.end and spot.start <= hit[1] + _NEAR
