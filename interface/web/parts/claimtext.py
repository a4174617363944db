"""A mail's modules as cards: the text with its claims marked, each beside its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath

from contracts.case import Case
from contracts.mail import BriefCitation, CaseCitation, Claim, Module
from interface.web.parts.markup import Markup, escape
from interface.web.texts import term, text

__all__ = ["ClaimRun", "claim_runs", "draft_text"]

CaseLookup = Callable[[str, str], Case | None]
"""The case of an id in the version that a text hash names."""

# A place of the salutation, and a merge field of the brief with what stands there otherwise.
_FIELD = re.compile(r"""\[\[(\w+)\]\]|\{\{\s*(\w+)\s*\|\s*fallback\(\s*(["'])(.*?)\3\s*\)\s*\}\}""")


@dataclass(frozen=True, slots=True)
class ClaimRun:
    """Consecutive text under the same claims; `ends` are those that end with it."""

    text: str
    claims: tuple[int, ...]
    ends: tuple[int, ...]


def claim_runs(wording: str, claims: Sequence[Claim]) -> tuple[ClaimRun, ...]:
    """The text cut wherever a claim begins or ends; joined again it is the text.

    Claims may overlap. One that reaches past the text is cut at its end.
    """
    cuts = {0, len(wording)}
    for claim in claims:
        cuts |= {min(claim.span.start, len(wording)), min(claim.span.end, len(wording))}
    edges = sorted(cuts)
    return tuple(
        ClaimRun(
            text=wording[start:end],
            claims=tuple(
                number
                for number, claim in enumerate(claims)
                if claim.span.start <= start and end <= claim.span.end
            ),
            ends=tuple(
                number
                for number, claim in enumerate(claims)
                if claim.span.start < min(claim.span.end, len(wording)) == end
            ),
        )
        for start, end in pairwise(edges)
    )


def draft_text(modules: Sequence[Module], language: str, case: CaseLookup) -> Markup:
    """Every module of a mail as a card, in the order of the mail."""
    return Markup("".join(_card(module, language, case) for module in modules))


def _card(module: Module, language: str, case: CaseLookup) -> str:
    paragraphs = _paragraphs(module)
    button = (
        f'<p><span class="mw-button">{escape(module.label)}</span> '
        f'<span class="mw-quiet">{escape(module.url)}</span></p>'
        if module.label
        else ""
    )
    note = (
        f'<p class="mw-note">{escape(text("claim.note", note=module.note))}</p>'
        if module.note
        else ""
    )
    sources = "".join(
        _source(number, claim, case) for number, claim in enumerate(module.claims, start=1)
    )
    return (
        '<section class="mw-card"><header>'
        f'<span class="mw-kind">{escape(term("module", module.kind.value))}</span>'
        f'<span class="mw-quiet">{escape(module.origin)}</span></header>'
        f'<div class="mw-sides"><div class="mw-wording" lang="{escape(module.lang or language)}">'
        f"{paragraphs}{button}</div>"
        f'<ol class="mw-sources">{sources}</ol></div>{note}</section>'
    )


def _paragraphs(module: Module) -> str:
    """The marked text; a blank line that no claim crosses begins a paragraph."""
    marked = "".join(_run(run) for run in claim_runs(module.text, module.claims))
    return f"<p>{marked}</p>"


def _run(run: ClaimRun) -> str:
    shown = _with_fields(run.text)
    if not run.claims:
        return shown
    numbers = "".join(f"<sup>{number + 1}</sup>" for number in run.ends)
    return f"<mark>{shown}{numbers}</mark>"


def _with_fields(wording: str) -> str:
    """The text with its merge fields as chips: the name, and in brackets what stands there for
    a recipient without such a value."""
    parts: list[str] = []
    end = 0
    for match in _FIELD.finditer(wording):
        name, otherwise = match[1] or match[2], match[4]
        chip = f"{name} ({otherwise})" if otherwise else name
        parts += [
            escape(wording[end : match.start()]),
            f'<span class="mw-field">{escape(chip)}</span>',
        ]
        end = match.end()
    return "".join([*parts, escape(wording[end:])])


def _source(number: int, claim: Claim, case: CaseLookup) -> str:
    kind = escape(term("claim", claim.kind.value))
    match claim.citation:
        case BriefCitation() as brief:
            where = escape(text("claim.brief_field", field=brief.field))
            quote = brief.quote
        case CaseCitation() as cited:
            where = _case_place(cited, case)
            quote = cited.quote
    return (
        f'<li value="{number}"><span class="mw-kind">{kind}</span> {where}'
        f"<blockquote>{escape(quote)}</blockquote></li>"
    )


def _case_place(cited: CaseCitation, case: CaseLookup) -> Markup:
    found = case(cited.case_id, cited.text_hash)
    if found is None:
        return Markup(f"{escape(cited.case_id)}, {escape(text('claim.case_gone'))}")
    file = PurePath(found.path).name or cited.source
    return Markup(f'{escape(found.title)}<div class="mw-quiet">{escape(file)}</div>')
