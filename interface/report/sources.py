"""Where a claim comes from: the sentence of the case, with a little of what stands around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from contracts.case import Case, Span
from contracts.mail import BriefCitation, CaseCitation
from interface.report.texts import ReportTexts

__all__ = ["SourceText", "source_text"]

CONTEXT = 150  # characters shown on either side of a quotation
WIDE_CONTEXT = 60  # the same where a character says about as much as half a word
_BREAK = re.compile(r"[.!?;]\s+|[。！？；]|\n+")  # no full stop inside a number


@dataclass(frozen=True, slots=True)
class SourceText:
    """`before`, `quote` and `after` stand in the case one after the other, as it is stored;
    an ellipsis says that the case goes on."""

    title: str
    is_case: bool
    language: str  # BCP 47 of the quotation, "" unknown
    language_name: str
    section: str  # "results"
    heading: str  # as the case has it
    before: str
    quote: str
    after: str
    file: str  # name of the file the case came from
    source: str  # where the case itself comes from
    warning: str  # "" where nothing is amiss


def source_text(
    citation: CaseCitation | BriefCitation,
    cases: Mapping[tuple[str, str], Case],
    language: str,
    texts: ReportTexts,
) -> SourceText:
    """The source as the report shows it.

    Args:
        language: of the mail; what a brief says stands in it.
    """
    if isinstance(citation, BriefCitation):
        return SourceText(
            title=citation.field,
            is_case=False,
            language=language,
            language_name=texts.language(language),
            section="",
            heading="",
            before="",
            quote=citation.quote,
            after="",
            file="",
            source="",
            warning="",
        )
    case = cases.get((citation.case_id, citation.text_hash))
    if case is None:
        return _lost(citation, "The case is not on record any more; this is what was quoted.")
    if citation.span.of(case.text) != citation.quote:
        return _lost(citation, "These words do not stand at the cited place of the case.")
    before, after = _around(case, citation.span)
    section = next((item for item in case.sections if item.span.covers(citation.span)), None)
    return SourceText(
        title=case.title,
        is_case=True,
        language=case.language,
        language_name=texts.language(case.language),
        section=texts.sections.get(section.kind.value, section.kind.value) if section else "",
        heading=section.heading if section else "",
        before=before,
        quote=citation.quote,
        after=after,
        file=PurePath(case.path.replace("\\", "/")).name,  # never a folder of this machine
        source=citation.source or case.source,
        warning=_warning(case),
    )


def _lost(citation: CaseCitation, warning: str) -> SourceText:
    return SourceText(
        title=citation.case_id,
        is_case=True,
        language="",
        language_name="",
        section="",
        heading="",
        before="",
        quote=citation.quote,
        after="",
        file="",
        source=citation.source,
        warning=warning,
    )


def _warning(case: Case) -> str:
    if case.withdrawn:
        return "The case has been withdrawn since."
    if not case.name_public:
        return "The customer of this case may not be named outside."
    return ""


def _room(quote: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) == "W" for char in quote)
    return WIDE_CONTEXT if 2 * wide > len(quote) else CONTEXT


def _around(case: Case, span: Span) -> tuple[str, str]:
    """What stands before and after, within the section, cut where a sentence ends."""
    section = next((item.span for item in case.sections if item.span.covers(span)), None)
    first, last = (section.start, section.end) if section else (0, len(case.text))
    room = _room(span.of(case.text))
    start, end = max(first, span.start - room), min(last, span.end + room)
    before, after = case.text[start : span.start], case.text[span.end : end]
    if start > first:
        cut = _BREAK.search(before)
        before = "… " + (before[cut.end() :] if cut else before)
    if end < last:
        ends = [match.end() for match in _BREAK.finditer(after)]
        after = (after[: ends[-1]].rstrip() if ends else after) + " …"
    return before.lstrip("\n"), after.rstrip()
