"""One draft to look at: its text with sources, its mail, its variants, its findings.

The campaign page and the review page show the same things of a draft; what they may do
with it differs, and stands in those pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from contracts.mail import Edition, Variant
from contracts.verdict import Screening
from interface.web.names import law_name, letter, tactic_line
from interface.web.parts import (
    Markup,
    draft_text,
    escape,
    plain,
    show_findings,
    show_limits,
    show_preview,
    table,
)
from interface.web.session import Studio
from interface.web.texts import term, text
from workflow.campaign import TacticName
from workflow.screening import sample_message

__all__ = ["choose_variant", "show_editions", "show_screenings", "show_text", "show_variants"]


def choose_variant(
    variants: Sequence[Variant], tactics: Mapping[str, TacticName], key: str
) -> Variant:
    """The variant that all tabs show; asks only where there are several."""
    if len(variants) == 1:
        return variants[0]
    numbers = list(range(len(variants)))
    chosen = st.radio(
        text("campaign.choose_variant"),
        numbers,
        format_func=lambda number: plain(
            text(
                "tactic.label",
                letter=letter(number),
                tactics=tactic_line(variants[number], tactics),
            )
        ),
        key=f"variant-{key}",
    )
    return variants[chosen]


def show_text(studio: Studio, variant: Variant) -> None:
    st.html(draft_text(variant.modules, variant.language, studio.house.evidence().case))


def show_editions(studio: Studio, editions: Sequence[Edition], key: str) -> None:
    """The mail of one variant as a sample recipient gets it, under a law of choice."""
    if not editions:
        st.info(text("preview.not_yet"))
        return
    numbers = list(range(len(editions)))
    chosen = numbers[0]
    if len(editions) > 1:
        chosen = st.segmented_control(
            text("preview.law"),
            numbers,
            default=0,
            required=True,
            format_func=lambda number: law_name(editions[number].profile),
            key=f"law-{key}",
        )
    show_preview(sample_message(studio.house, editions[chosen]), key)


def show_variants(variants: Sequence[Variant], tactics: Mapping[str, TacticName]) -> None:
    """The wordings in which the variants differ, with the tactic each stands for and why it
    might work; of a single variant, those that an experiment could vary."""
    head = [text(f"campaign.{name}") for name in ("choose_variant", "slot", "tactic", "wording")]
    slots = _differing(variants)
    rows = [
        (
            letter(number),
            term("module", slot),
            _tactic(variant.tactics[slot], tactics),
            _wording(variant, slot),
        )
        for number, variant in enumerate(variants)
        for slot in slots
        if slot in variant.tactics
    ]
    st.html(table(head, rows, (9, 15, 30, 46)))


def _differing(variants: Sequence[Variant]) -> list[str]:
    slots = list(dict.fromkeys(slot for variant in variants for slot in variant.tactics))
    if len(variants) == 1:
        return slots
    return [slot for slot in slots if len({_wording(variant, slot) for variant in variants}) > 1]


def _tactic(key: str, tactics: Mapping[str, TacticName]) -> Markup:
    known = tactics.get(key, TacticName(key, ""))
    return Markup(f'{escape(known.name)}<div class="mw-quiet">{escape(known.why)}</div>')


def _wording(variant: Variant, slot: str) -> Markup:
    """The text of a slot, and the button of a call to action."""
    parts = [
        part
        for module in variant.modules
        if module.kind.value == slot
        for part in (module.text, module.label)
        if part
    ]
    shown = "<br>".join(escape(part) for part in parts)
    return Markup(f'<span lang="{escape(variant.language)}">{shown}</span>')


def show_screenings(
    variants: Sequence[Variant], editions: Sequence[Edition], screenings: Sequence[Screening]
) -> None:
    """The findings on every edition, by variant and law."""
    letters = {variant.id: letter(number) for number, variant in enumerate(variants)}
    found = {screening.subject_id: screening for screening in screenings}
    if not found:
        st.info(text("findings.not_screened"))
        return
    ordered = sorted(editions, key=lambda item: (letters.get(item.variant_id, ""), item.profile))
    for edition in ordered:
        if edition.id in found:
            show_findings(
                found[edition.id],
                text(
                    "findings.mail",
                    letter=letters.get(edition.variant_id, ""),
                    law=law_name(edition.profile),
                ),
            )
    show_limits(list(found.values()))
