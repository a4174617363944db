"""Which part of a case a heading opens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from contracts.case import Section, SectionKind, Span
from knowledge_base.markdown import BlockKind, Readable
from language import DataFile, fold, load_data

__all__ = ["heading_of", "own_heading", "sections_of"]


class _HeadingsFile(DataFile):
    headings: Mapping[SectionKind, Mapping[str, tuple[str, ...]]]


def heading_of(text: str) -> SectionKind:
    """The kind of section that a heading opens; OTHER for one that is not known."""
    return _index().get(_key(text), SectionKind.OTHER)


def own_heading(kind: SectionKind, language: str) -> str:
    """The heading that Mailwright writes for a kind of section; English where the language
    has none."""
    by_language = _file().headings[kind]
    return by_language.get(language, by_language["en"])[0]


def sections_of(document: Readable) -> tuple[Section, ...]:
    """The parts of a document in order; none is empty and none overlaps another.

    The first heading of level 1 is the title. A quotation set apart is a QUOTE of its own
    wherever it stands, and what follows it under an outcome heading is OTHER: published
    stories go on to tell there. Text before the first heading is OTHER with no heading.
    Lower headings of unknown kind stay inside a known section.
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
    return fold(re.sub(r"^[\W\d_]+|[\W_]+$", "", text)) or fold(text)


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
