"""Whether something that looks confidential goes where nobody knows who reads it.

Only marks, names of files and the words that go with an attachment count: "we treat your data as
confidential" and the disclaimers below mails say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from contracts.audience import ConsentKind, Contact
from contracts.case import Span
from contracts.verdict import Finding, Place
from evaluation.fitness.people import RecipientFacts
from evaluation.fitness.telling import examples, shortened
from evaluation.look import Look
from evaluation.rulefiles import TopicPack
from evaluation.view.mailview import Mailbox, mailboxes

__all__ = ["judge_confidentiality", "recipient_facts"]

_MOST_TEXT = 100_000  # characters of a part that are looked at
_MARK = 80  # characters of a line that may be nothing but a mark
_MOST_WORDS = 20  # places of one word that are looked at
_AROUND = 120  # characters before and behind it
_MOST_FILES = 200
_MOST_ADDRESSES = 500
_MOST_OF_A_HEADER = 5_000  # characters
_SEPARATORS = re.compile(r"[\[\](){}【】（）「」:：|!！–—-]+")
_EDGES = " \t\r\u00a0*_=~#-–—[](){}【】（）«»\"'“”<>.!！:：/\\"
_FILE_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Sign:
    what: str
    place: Place
    mark: bool  # says that it is confidential, and does not only look so


def judge_confidentiality(look: Look) -> Iterator[Finding]:
    """Findings at the first sign of something confidential, by whom the mail goes to: inside a
    campaign the counts of the records, of a lone file its To, Cc and Bcc."""
    pack = look.packs.topics["confidentiality"]
    signs = list(_signs(look, pack))
    if not signs:
        return
    what = examples(list(dict.fromkeys(sign.what for sign in signs)), int(pack.limits["told"]))
    for verdict in _verdicts(look, pack, signs):
        yield pack.rule(f"confidentiality.{verdict.rule}").finding(
            signs[0].place,
            say=look.context.say,
            what=what,
            who=verdict.who,
            count=verdict.count,
            total=verdict.total,
        )


def recipient_facts(contacts: Iterable[Contact], pack: TopicPack) -> RecipientFacts:
    """Counts over the contacts that a mail goes to.

    Args:
        pack: the topic `confidentiality`.
    """
    total = unconfirmed = role = free_mail = 0
    for contact in contacts:
        box = Mailbox("", contact.email)
        total += 1
        unconfirmed += contact.consent.kind is not ConsentKind.DOUBLE_OPT_IN
        role += _is_role(box, pack)
        free_mail += box.domain in pack.words("free_mail")
    return RecipientFacts(total, unconfirmed, role, free_mail)


def _signs(look: Look, pack: TopicPack) -> Iterator[_Sign]:
    marks, documents = pack.words("marks"), pack.lists["documents"]
    view = look.view
    for piece in _SEPARATORS.split(view.subject[:1_000]):
        if piece.strip(_EDGES).lower() in marks:
            start = view.subject.find(piece)
            yield _Sign(piece.strip(), Place("subject", Span(start, start + len(piece))), True)
    for part, text in view.bodies:
        start = 0
        for line in text[:_MOST_TEXT].split("\n"):
            if 0 < len(line) < _MARK and line.strip(_EDGES).lower() in marks:
                span = Span(start, start + len(line))
                yield _Sign(shortened(line.strip(_EDGES)), Place(part, span), True)
            start += len(line) + 1
    for name in view.attachments[:_MOST_FILES]:
        words = f" {_FILE_SIGNS.sub(' ', name[:300].lower())} "
        for known, mark in ((pack.lists["marks"], True), (documents, False)):
            if any(_stands_in(word, words) for word in known):
                yield _Sign(shortened(name, 40), Place("attachment"), mark)
                break
    for part, text in view.bodies:
        if sent := _sent_with(text[:_MOST_TEXT], pack):
            yield _Sign(shortened(sent.of(text), 40), Place(part, sent), False)
            break


def _sent_with(text: str, pack: TopicPack) -> Span | None:
    """Where a text says that a document is with it: looked for around the words that every such
    sentence holds, for the patterns are many."""
    low = text.lower()
    if len(low) != len(text):  # a letter that is two in lower case moves the places
        low = text
    for word in pack.lists["sent_words"]:
        at = -1
        for _ in range(_MOST_WORDS):
            at = low.find(word, at + 1)
            if at < 0:
                break
            start = max(0, at - _AROUND)
            match = pack.any_of("sent_with").search(text[start : at + _AROUND])
            if match:
                return Span(start + match.start(), start + match.end())
    return None


def _stands_in(word: str, words: str) -> bool:
    """Whether a file's name holds a word; in scripts without spaces anywhere."""
    return f" {word} " in words or (word[0] >= "\u3000" and word in words)


@dataclass(frozen=True, slots=True)
class _Verdict:
    rule: str
    who: str = ""
    count: int = 0
    total: int = 0


def _verdicts(look: Look, pack: TopicPack, signs: Sequence[_Sign]) -> Iterator[_Verdict]:
    facts = look.context.recipients
    if facts is not None or look.context.in_campaign:
        if any(sign.mark for sign in signs):
            yield _Verdict("whole_list")
        if facts is not None:
            yield from _of_list(facts)
        return
    boxes = _outside(look)
    if not boxes:
        yield _Verdict("content")
        return
    told = int(pack.limits["told"])
    role = [box.address.rpartition("@")[0].lower() + "@" for box in boxes if _is_role(box, pack)]
    free = [box.domain for box in boxes if box.domain in pack.words("free_mail")]
    companies = list(dict.fromkeys(box.domain for box in boxes if box.domain not in free))
    for rule, found in (
        ("role_account", role), ("free_mail", free),
        ("several_companies", companies if len(companies) > 1 else []),
    ):  # fmt: skip
        if found:
            yield _Verdict(rule, examples([shortened(name, 30) for name in found], told))


def _of_list(facts: RecipientFacts) -> Iterator[_Verdict]:
    if facts.role:
        yield _Verdict("role_account", f"{facts.role} / {facts.total}")
    if facts.free_mail:
        yield _Verdict("free_mail", f"{facts.free_mail} / {facts.total}")
    if facts.unconfirmed:
        yield _Verdict("unconfirmed", "", facts.unconfirmed, facts.total)


def _outside(look: Look) -> list[Mailbox]:
    """Recipients who are not of the sender's own house."""
    own = {box.domain for value in look.view.header_values("From") for box in mailboxes(value)}
    values = [value for name in ("To", "Cc", "Bcc") for value in look.view.header_values(name)]
    boxes = [box for value in values for box in mailboxes(value[:_MOST_OF_A_HEADER])]
    return [box for box in boxes[:_MOST_ADDRESSES] if box.domain not in own]


def _is_role(box: Mailbox, pack: TopicPack) -> bool:
    local = box.address.rpartition("@")[0].lower().partition("+")[0]
    return local in pack.words("role_accounts")
