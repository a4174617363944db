"""What the mail has to say in words, and what it must not say."""

from __future__ import annotations

import re
from functools import lru_cache

from contracts.brief import local_text
from contracts.case import Span
from contracts.verdict import Place, Severity
from evaluation.law.answers import Answers, Idle, Met, Missed, Unseen
from evaluation.law.packfile import Notice, Register, SaidIn, Size, Terms, Tracking, Wording
from evaluation.look import Look

__all__ = ["notice", "register", "said_answer", "said_in", "size", "terms", "tracking", "wording"]

_OLD = 31  # days after which a register has to be asked again


def wording(check: Wording, look: Look) -> Answers:
    for part, _ in look.bodies:
        yield said_answer(check.sign, part, look)


def said_answer(sign: str, part: str, look: Look) -> Met | Missed:
    """Missed where `part` does not say `sign`; milder where it does in another language or where
    nobody has written down how the mail's language says it."""
    found = {"sign": sign_name(sign, look)}
    said = look.facts.said(sign, part)
    if said is not None:
        return Met(Place(part, said.span))
    if not look.facts.has_words_for(sign):
        return Missed(Place(part), "no_lists", Severity.WARN, found)
    other = look.facts.said(sign, part, elsewhere=True)
    if other is not None:
        severity = None if look.context.in_campaign else Severity.WARN
        return Missed(Place(part, other.span), "other_language", severity, found)
    return Missed(Place(part), found=found)


def sign_name(sign: str, look: Look) -> str:
    names = look.packs.sign_names.get(sign)
    if names is None:
        return sign.replace("_", " ")
    return local_text(names, look.context.say) or names[""]


def notice(check: Notice, look: Look) -> Answers:
    """Each sign said, or a privacy link that may say it: layered notices are accepted."""
    for part, _ in look.bodies:
        linked = look.facts.said("privacy", part) or look.facts.said(
            "privacy", part, elsewhere=True
        )
        if linked is not None and look.facts.links(part):
            yield Met(Place(part, linked.span))
            continue
        missing = [sign for sign in check.signs if look.facts.said(sign, part) is None]
        if missing:
            names = ", ".join(sign_name(sign, look) for sign in missing)
            severity = None if look.speaks_known_language else Severity.WARN
            yield Missed(Place(part), severity=severity, found={"missing": names})
        else:
            yield Met(Place(part))


def said_in(check: SaidIn, look: Look) -> Answers:
    for part, _ in look.bodies:
        lacking = [
            "/".join(choice)
            for choice in check.in_languages
            if not any(look.facts.said_in(check.sign, part, tag) for tag in choice)
        ]
        if lacking:
            yield Missed(Place(part), found={"wanted": ", ".join(lacking)})
        else:
            yield Met(Place(part))


def terms(check: Terms, look: Look) -> Answers:
    told: set[str] = set()
    for part, text in (("subject", look.view.subject), *look.view.bodies):
        hits = [match for word in _compiled(check.words) for match in word.finditer(text)]
        if not hits:
            continue
        excused = [m.span() for word in _compiled(check.exceptions) for m in word.finditer(text)]
        for match in hits:
            start, end = match.span()
            if match.group() in told or any(a <= start and end <= b for a, b in excused):
                continue
            told.add(match.group())
            yield Missed(Place(part, Span(start, end)), found={"said": match.group()})
    if not told:
        yield Met()


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(item, re.IGNORECASE) for item in patterns)


def tracking(check: Tracking, look: Look) -> Answers:
    del check
    for image in look.view.images:
        size = {image.width.removesuffix("px"), image.height.removesuffix("px")}
        if size <= {"0", "1"} and image.src.lower().startswith(("http:", "https:")):
            yield Missed(Place("html"))
            return
    yield Met()


def register(check: Register, look: Look) -> Answers:
    asked = look.context.registers.get(check.register_name)
    if asked is None:
        yield Unseen(f"no record says when {check.register_name} was asked")
    elif (look.context.now.date() - asked).days > _OLD:
        yield Missed(Place("record"), found={"name": check.register_name})
    else:
        yield Met()


def size(check: Size, look: Look) -> Answers:
    if not look.view.html:
        yield Idle("there is no HTML part")
        return
    length = len(look.view.html.encode("utf-8", "replace"))
    if length >= check.limit_bytes:
        yield Missed(Place("html"), found={"size": str(length // 1000)})
    else:
        yield Met()
