"""What an edition becomes with values that nobody had in mind when it was written: none at all,
very long ones, names in other scripts, values with signs of their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.case import Span
from contracts.mail import Edition
from contracts.verdict import Finding, Place
from evaluation.fitness.page import Element, Page, read_page
from evaluation.fitness.telling import shortened
from evaluation.rulefiles import TopicPack
from language.text import is_cjk

__all__ = ["judge_samples"]

_PLACE = re.compile(r"\[\[([a-z_]{1,60})\]\]")
_ENDS = frozenset(".!?。！？")
_SPACES = (" ", "\u00a0", "\u3000")
_STOPS = frozenset(".,;:!?。，；：！？、")
_CLOSING = _STOPS | frozenset(")）]】」』”»")
_PAIRS = frozenset({"()", "（）", "[]", "「」", "『』", "“”", "„“", "«»", '""'})
_CUTTING = re.compile(
    r"white-space\s{0,3}:\s{0,3}nowrap|text-overflow\s{0,3}:\s{0,3}ellipsis"
    r"|(?<![\w-])(?:max-)?height\s{0,3}:\s{0,3}[1-9]\d{0,4}px",
    re.IGNORECASE,
)
_CLIPS = re.compile(r"overflow(?:-x|-y)?\s{0,3}:\s{0,3}(?:hidden|clip)", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s{0,3}:\s{0,3}none|max-height\s{0,3}:\s{0,3}0", re.IGNORECASE)
_ANCESTORS = 8


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in one text of the edition."""

    part: str
    text: str
    name: str
    span: Span
    sealed: bool  # stands in a wording that is only taken where the value is there


def judge_samples(edition: Edition, pack: TopicPack, *, say: str = "") -> Iterator[Finding]:
    """Findings on the places that an edition leaves open; each kind of trouble once for each
    field. Spans count in the edition's texts with their places open.

    Args:
        pack: the topic `personalisation`, which holds the sample values.
    """
    said: set[tuple[str, str]] = set()
    for finding, name in _found(edition, pack, say):
        if (finding.rule, name) not in said:
            said.add((finding.rule, name))
            yield finding


def _found(edition: Edition, pack: TopicPack, say: str) -> Iterator[tuple[Finding, str]]:
    system = pack.lists["system_fields"]
    slots = [slot for slot in _slots(edition) if slot.name not in system]
    for slot in slots:
        place = Place(slot.part, slot.span if not slot.sealed else None)
        if not slot.sealed and slot.name not in edition.fallbacks:
            example = f'{{{{ {slot.name} | fallback("…") }}}}'
            yield (
                pack.rule("personalisation.no_fallback").finding(
                    place, say=say, fields=f"[[{slot.name}]]", example=example
                ),
                slot.name,
            )
        for kind in pack.lists["kinds"]:
            value = _value(slot, kind, edition, pack)
            shown = _trouble(slot, value)
            if shown:
                rule = "doubled" if value else "empty_value"
                yield (
                    pack.rule(f"personalisation.{rule}").finding(
                        place, say=say, field=slot.name, value=shortened(value, 40), shown=shown
                    ),
                    slot.name,
                )
    yield from _subject(edition, pack, say)
    yield from _layout(edition, pack, say)


def _slots(edition: Edition) -> Iterator[_Slot]:
    for part, text in (("subject", edition.subject), ("text", edition.text)):
        for match in _PLACE.finditer(text):
            if match[1] not in edition.choices:
                yield _Slot(part, text, match[1], Span(*match.span()), False)
    for wordings in edition.choices.values():
        for wording in wordings.values():
            for match in _PLACE.finditer(wording):
                yield _Slot("text", wording, match[1], Span(*match.span()), True)


def _value(slot: _Slot, kind: str, edition: Edition, pack: TopicPack) -> str:
    """A sample as the worker would put it in: a fallback stands for an empty one."""
    if kind == "empty" and slot.sealed:
        kind = "typical"
    value = _sample(slot.name, kind, pack)
    return value if value.strip() else edition.fallbacks.get(slot.name, value)


def _sample(name: str, kind: str, pack: TopicPack) -> str:
    values = pack.lists.get(name) or pack.lists["other"]
    number = pack.lists["kinds"].index(kind)
    return values[number] if number < len(values) else ""


def _trouble(slot: _Slot, value: str) -> str:
    """The stretch of text in which a value leaves two signs or spaces side by side; ""."""
    before, after = slot.text[: slot.span.start], slot.text[slot.span.end :]
    left, right = before[-1:], after[:1]
    if not right:
        return ""
    if value:
        wrong = value[-1] in _ENDS and right in _ENDS
    elif left in _SPACES:
        wrong = right in _CLOSING or right in _SPACES
    elif left in ("", "\n"):
        wrong = right in _CLOSING
    else:
        wrong = (left in _STOPS and right in _STOPS) or left + right in _PAIRS
    return shortened(f"{before[-16:]}{value}{after[:8]}", 60) if wrong else ""


def _subject(edition: Edition, pack: TopicPack, say: str) -> Iterator[tuple[Finding, str]]:
    names = [m for m in _PLACE.finditer(edition.subject) if m[1] not in edition.choices]
    if not names:
        return
    limit = int(pack.limits["subject_width"])
    wide = any(map(is_cjk, edition.subject))
    kind = "typical_wide" if wide else "typical"
    typical = {match[1]: _sample(match[1], kind, pack) for match in names}
    filled = _filled(edition.subject, typical)
    place = Place("subject", Span(*names[0].span()))
    if _width(filled) > limit:
        finding = pack.rule("personalisation.subject_long").finding(
            place, say=say, width=_width(filled), limit=limit, shown=_cut(filled, limit)
        )
        yield finding, ""
    for match in names:
        start = _width(_filled(edition.subject[: match.start()], typical))
        value = _sample(match[1], "long", pack)
        if start + _width(value) > limit:
            shown = _cut(_filled(edition.subject, {**typical, match[1]: value}), limit)
            finding = pack.rule("personalisation.subject_cut").finding(
                Place("subject", Span(*match.span())), say=say, field=match[1], shown=shown
            )
            yield finding, match[1]
    if names[0].start() == 0 and not _runs_backwards(edition.subject):
        finding = pack.rule("personalisation.direction").finding(place, say=say, field=names[0][1])
        yield finding, names[0][1]


def _layout(edition: Edition, pack: TopicPack, say: str) -> Iterator[tuple[Finding, str]]:
    page = read_page(edition.html)
    system = pack.lists["system_fields"]
    for name, element in _places_of(page):
        style = _cutting(element)
        if style and name not in system:
            yield (
                pack.rule("personalisation.cut_off").finding(
                    Place("html"), say=say, field=name, style=style
                ),
                name,
            )
    for link in page.elements("a"):
        for match in _PLACE.finditer(link.get("href") or ""):
            if match[1] not in system:
                finding = pack.rule("personalisation.in_link").finding(
                    Place("html"), say=say, field=match[1]
                )
                yield finding, match[1]


def _places_of(page: Page) -> Iterator[tuple[str, Element]]:
    """Every open place with the element that it stands in, hidden ones left out."""
    for element in page.elements():
        inside, behind = element.text or "", element.tail or ""
        if "[[" in inside:
            yield from ((match[1], element) for match in _PLACE.finditer(inside))
        if "[[" in behind and element.getparent() is not None:
            yield from ((match[1], element.getparent()) for match in _PLACE.finditer(behind))


def _cutting(element: Element) -> str:
    """The declaration that cuts off what is too long in `element`; ""."""
    node, style, clips = element, "", False
    for _ in range(_ANCESTORS):
        if node is None:
            break
        own = (node.get("style") or "")[:2_000]
        if _UNSEEN.search(own):
            return ""
        if match := _CUTTING.search(own):
            style = style or " ".join(match[0].split())
        clips = clips or bool(_CLIPS.search(own))
        node = node.getparent()
    return style if style and (clips or "nowrap" in style) else ""


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: values.get(match[1], ""), text)


def _width(text: str) -> int:
    """Columns that a text takes: a wide character two (Unicode TR 11), a mark none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _cut(text: str, limit: int) -> str:
    """What a phone shows of `text`."""
    if _width(text) <= limit:
        return text
    end = next(size for size in range(len(text), -1, -1) if _width(text[:size]) <= limit - 1)
    return f"{text[:end].rstrip()}…"


def _runs_backwards(text: str) -> bool:
    """Whether the first letter of `text` that is not of a place runs from right to left."""
    own = _PLACE.sub("", text)
    strong = next((d for d in map(unicodedata.bidirectional, own) if d in ("L", "R", "AL")), "L")
    return strong != "L"
