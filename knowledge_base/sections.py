"""Which part of a case a heading opens."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from contracts.case import Section, SectionKind, Span
from knowledge_base.markdown import BlockKind, Readable
from language import DataFile, fold, load_data

__all__ = ["heading_of", "own_heading", "sections_of"]


_AROUND = re.compile(r"^[\W\d_]+|[\W_]+$")
# Numbers in letters and words for parts, after folding; a numeral alone is a heading's own word.
_NUMBERED = re.compile(
    r"^(?:(?:part|step|section|chapter|phase|teil|abschnitt|kapitel|schritt|partie|étape|parte"
    r"|capítulo|etapa|fase|deel|hoofdstuk|część|etap|rozdział|الجزء|القسم)\s*(?:\d+|[ivx]+)\b"
    r"|[ivx]{1,4}(?=[.):]\s*\S)|[a-d](?=[.)]\s*\S)|第[一二三四五六七八九十\d]+(?:部分|章|節|节|部)?"
    r"|제?\d+[장부](?=[.\s])|[一二三四五六七八九十]{1,2}(?=[、.,:)\s]))"
)
_BEFORE_COLON = re.compile(r"\s*([^:：]{2,40})[:：]\s*\S")


class _HeadingsFile(DataFile):
    headings: Mapping[SectionKind, Mapping[str, tuple[str, ...]]]


def heading_of(text: str) -> SectionKind:
    """The kind of section that a heading opens; OTHER for one that is not known.

    The whole heading counts, or what stands before a colon ("The challenge: no time"), without
    numbers and marks around it: "1. Ausgangslage", "【导入效果】", "三、成效", "■ 課題".
    """
    found = _index().get(_key(text))
    if found is None and (match := _BEFORE_COLON.match(text)):
        found = _index().get(_key(match.group(1)))
    return found or SectionKind.OTHER


def own_heading(kind: SectionKind, language: str) -> str:
    """The heading that Mailwright writes for a kind of section; English where the language
    has none."""
    by_language = _file().headings[kind]
    return by_language.get(language, by_language["en"])[0]


def sections_of(
    document: Readable, left_out: Collection[Span] = (), apart: Collection[Span] = ()
) -> tuple[Section, ...]:
    """The parts of a document in order; none is empty and none overlaps another.

    The first heading of level 1 is the title. A quotation set apart is a QUOTE of its own
    wherever it stands, and what follows it under an outcome heading is OTHER: published
    stories go on to tell there. Text before the first heading is OTHER with no heading.
    Lower headings of unknown kind stay inside a known section.

    Args:
        left_out: blocks that are no part of the story and so of no section.
        apart: blocks that are each OTHER, wherever they stand: nothing is told out of them.
    """
    found: list[Section] = []
    kind, heading, level = SectionKind.OTHER, "", 0
    open_from: int | None = None
    last_end = 0
    titled = False

    def close() -> None:
        nonlocal open_from
        if open_from is not None:
            found.append(Section(kind, heading, Span(open_from, last_end)))
        open_from = None

    for block in document.blocks:
        text = block.span.of(document.text)
        if block.span in left_out or block.span in apart:
            close()
            if block.span in apart:
                found.append(Section(SectionKind.OTHER, "", block.span))
            continue
        if block.kind is BlockKind.HEADING:
            opened = heading_of(text)
            if block.level == 1 and not titled and opened is SectionKind.OTHER:
                close()
                found.append(Section(SectionKind.TITLE, text, block.span))
                kind, heading, level, titled = SectionKind.OTHER, "", 1, True
                continue
            inside = kind is not SectionKind.OTHER and block.level > level
            if opened is SectionKind.OTHER and inside:
                if open_from is None:
                    open_from = block.span.start
                last_end = block.span.end
                continue
            close()
            kind, heading, level = opened, text, block.level
            continue
        if block.kind is BlockKind.QUOTE and kind is not SectionKind.QUOTE:
            close()
            found.append(Section(SectionKind.QUOTE, "", block.span))
            if kind is SectionKind.OUTCOME:
                kind = SectionKind.OTHER
            continue
        if open_from is None:
            open_from = block.span.start
        last_end = block.span.end
    close()
    return tuple(found)


def _key(text: str) -> str:
    plain = fold(text).replace("’", "'")
    bare = _AROUND.sub("", plain)
    return _AROUND.sub("", _NUMBERED.sub("", bare)) or bare or plain


@cache
def _file() -> _HeadingsFile:
    return load_data("knowledge_base", "headings.yaml", _HeadingsFile)


@cache
def _index() -> Mapping[str, SectionKind]:
    return {
        _key(name): kind
        for kind, by_language in _file().headings.items()
        for names in by_language.values()
        for name in names
    }
