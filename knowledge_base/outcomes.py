"""Measured results: which sentence of a case says that which measure changed by how much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contracts.case import Outcome, Section, SectionKind, Span
from knowledge_base.outcome_rules import Rules, rules_for
from knowledge_base.outcome_sentence import Reading, read_sentence
from language import Taxonomy, sentences

__all__ = ["extract_outcomes"]

# Characters of a sentence that is one: a longer run is a list or a log, and takes long to read.
_LONGEST = 1000
# Where a change is no result of what the case is about.
_NOT_RESULTS = {SectionKind.TITLE, SectionKind.CHALLENGE, SectionKind.QUOTE}
# Somebody's words inside a paragraph; a mark that opens and is never closed counts to its end.
_QUOTED = re.compile(
    r"“[^”\n]*(?:”|$)|„[^“”\n]*(?:[“”]|$)|«[^»\n]*(?:»|$)|「[^」\n]*(?:」|$)|『[^』\n]*(?:』|$)"
    r"|\"[^\"\n]*(?:\"|$)",
    re.MULTILINE,
)


def extract_outcomes(
    text: str, sections: Sequence[Section], language: str, taxonomy: Taxonomy
) -> tuple[Outcome, ...]:
    """The measured results that `text` states, in order; those of one sentence share its span.

    `sure` where the sentence itself shows a result: it names one metric, one direction and
    one exact value (a change, or before and after), every number in it is accounted for
    (value, time frame, or a bare count such as "the 38 machines"), nothing in it doubts,
    plans, denies or compares with others, and it is nobody's direct speech. Outside a
    section of outcomes it must also be for the better, of a measure that does not change by
    itself, and told as something achieved rather than as what is generally so. A sentence
    with several results has sure ones only if each is clear by itself. Whatever fails this
    is given, and not sure, if direction and value could be read or the sentence stands under
    an outcome heading; its metric is "" where the taxonomy has none. Challenge, quotation and
    title are not read. Change is None where only before and after are stated: no size is
    worked out. A language without word lists has no outcomes, nor has a "sentence" of more than
    1,000 characters.
    """
    rules = rules_for(language)
    if rules is None:
        return ()
    found: list[Outcome] = []
    for section in sections or (Section(SectionKind.OTHER, "", Span(0, len(text))),):
        if section.kind not in _NOT_RESULTS:
            found.extend(_of_section(text, section, language, rules, taxonomy))
    return tuple(found)


def _of_section(
    text: str, section: Section, language: str, rules: Rules, taxonomy: Taxonomy
) -> Iterator[Outcome]:
    body = section.span.of(text)
    stated = section.kind is SectionKind.OUTCOME
    quoted = [Span(*match.span()) for match in _QUOTED.finditer(body)]
    for span in sentences(body, language):
        if span.end - span.start > _LONGEST:
            continue
        for reading in read_sentence(span.of(body), language, rules, taxonomy):
            if not (stated or reading.tells_a_change):
                continue
            words = None
            spoken = False
            if reading.words is not None:
                start = span.start + reading.words.start
                words = Span(start, span.start + reading.words.end)
                spoken = any(q.start < words.end and words.start < q.end for q in quoted)
            yield _outcome(
                reading,
                span.of(body),
                _moved(span, section.span.start),
                _moved(words, section.span.start) if words else None,
                sure=reading.complete
                and reading.clear
                and not spoken
                and (stated or _shows_itself(reading, taxonomy)),
            )


def _shows_itself(reading: Reading, taxonomy: Taxonomy) -> bool:
    """Whether it is a result without a heading that says so."""
    return reading.plain and reading.direction is taxonomy.metric(reading.metric).better


def _outcome(
    reading: Reading, text: str, span: Span, value_span: Span | None, *, sure: bool
) -> Outcome:
    return Outcome(
        metric=reading.metric,
        direction=reading.direction,
        unit=reading.unit,
        change=reading.change,
        before=reading.before,
        after=reading.after,
        value_unit=reading.value_unit,
        period=reading.period,
        span=span,
        text=text,
        sure=sure,
        frame=reading.frame,
        frame_unit=reading.frame_unit,
        value_span=value_span,
    )


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
