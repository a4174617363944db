"""The marketer's page: a brief, its audience, its drafts; draft, screen, submit."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from contracts.decision import DraftState, User
from interface.web.audience import show_audience
from interface.web.blocks import show_blocks
from interface.web.frame import heading
from interface.web.mailbody import (
    choose_variant,
    show_editions,
    show_screenings,
    show_text,
    show_variants,
)
from interface.web.names import draft_name, people, sentence, user_names
from interface.web.parts import (
    LettersComing,
    Markup,
    ProgressBar,
    badge,
    escape,
    plain,
    show_verdict,
    table,
)
from interface.web.parts.markup import facts
from interface.web.session import Studio, brief_folder, say, show_messages, shown_errors
from interface.web.texts import term, text
from interface.web.translation import show_translation
from workflow.approval import ReviewItem, review_item, submit_campaign
from workflow.audience import Audience
from workflow.briefs import BriefFiles, load_brief
from workflow.campaign import (
    arms_of,
    draft_campaign,
    drafts_of,
    make_variants,
    planned,
    tactic_names,
)
from workflow.people import why_not
from workflow.screening import screen_campaign, trial_editions

__all__ = ["show_campaign"]


def show_campaign(studio: Studio, user: User) -> None:
    heading("campaign")
    files = _brief(studio)
    if files is None:
        return
    audience = planned(studio.house, files.brief, files.sender)
    items = _items(studio, files)
    show_audience(studio.house, files.brief, audience, drafted=bool(items))
    st.subheader(text("campaign.drafts"), anchor=False)
    _steps(studio, user, files, items)
    if not items:
        st.info(text("campaign.nothing_drafted"))
        return
    st.html(_overview(items))
    _one_draft(studio, user, files, audience, items)


def _items(studio: Studio, files: BriefFiles) -> list[ReviewItem]:
    """The drafts of the campaign, segments in the order of the brief."""
    order = {rule.name: rank for rank, rule in enumerate(files.brief.segments)}
    records = sorted(
        drafts_of(studio.house, files.brief.name),
        key=lambda record: (order.get(record.draft.segment, len(order)), record.draft.language),
    )
    return [review_item(studio.house, record.draft.id) for record in records]


def _brief(studio: Studio) -> BriefFiles | None:
    """The brief that was chosen, with its main facts; None where there is none to use."""
    folder = brief_folder(studio)
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]) if folder.is_dir() else []
    if not paths:
        st.info(plain(text("campaign.no_briefs", folder=folder)))
        return None
    path = st.selectbox(
        text("campaign.brief"), paths, format_func=lambda item: Path(item).stem, key="brief"
    )
    with shown_errors():
        files = load_brief(path)
        brief = files.brief
        st.html(
            facts(
                [
                    (text("campaign.goal"), brief.goal),
                    (text("campaign.product"), brief.product.name),
                    (text("campaign.sender"), files.sender.legal_name),
                    (text("campaign.tone"), term("tone", brief.tone)),
                    (text("campaign.legal_basis"), term("basis", brief.legal_basis)),
                ]
            )
        )
        return files
    return None


def _steps(studio: Studio, user: User, files: BriefFiles, items: list[ReviewItem]) -> None:
    """The three steps of the marketer, each with the reason where it cannot be taken now."""
    screened = any(item.screenings for item in items)
    fresh = any(item.record.state is DraftState.DRAFTED for item in items)
    no_draft = why_not(user, "draft")
    no_screen = why_not(user, "screen") or ("" if items else text("campaign.draft_first"))
    no_submit = why_not(user, "submit") or (
        text("campaign.screen_first")
        if not screened
        else ("" if fresh else text("campaign.nothing_to_submit"))
    )
    with st.container(horizontal=True):
        draft = _step("draft", no_draft, first=not items)
        screen = _step("screen", no_screen, first=bool(items) and not screened)
        submit = _step("submit", no_submit, first=screened and fresh)
    reasons = dict.fromkeys(why for why in (no_draft, no_screen, no_submit) if why)
    if reasons:
        st.caption(" ".join(plain(sentence(why)) for why in reasons))
    show_messages()
    if draft:
        _draft(studio, user, files)
    if screen:
        _screen(studio, user, files.brief.name)
    if submit:
        _submit(studio, user, files.brief.name)


def _step(name: str, why: str, *, first: bool) -> bool:
    return st.button(
        text(f"campaign.{name}_button"),
        key=f"{name}-button",
        type="primary" if first and not why else "secondary",
        disabled=bool(why),
        help=plain(why) or None,
    )


def _draft(studio: Studio, user: User, files: BriefFiles) -> None:
    with (
        shown_errors(),
        ProgressBar(text("campaign.drafting")) as progress,
        LettersComing() as coming,
    ):
        with studio.busy:
            run = draft_campaign(
                studio.house,
                files.brief,
                files.sender,
                user,
                progress,
                look=files.look,
                coming=coming,
            )
        make_variants(studio.house, files.brief.name, user)
        say(text("campaign.drafted", count=len(run.drafts)))
        if run.notes:
            say(text("campaign.notes", notes="; ".join(run.notes)))
        st.rerun()


def _screen(studio: Studio, user: User, name: str) -> None:
    with shown_errors(), ProgressBar(text("campaign.screening")) as progress:
        done = screen_campaign(studio.house, name, user, progress)
        blocked = sum(item.blocked for item in done)
        say(
            text(
                "campaign.screened",
                count=len(done),
                passed=len(done) - blocked,
                blocked=blocked,
            )
        )
        st.rerun()


def _submit(studio: Studio, user: User, name: str) -> None:
    with shown_errors():
        done = submit_campaign(studio.house, name, user)
        say(
            text(
                "campaign.submitted",
                count=len(done.submitted),
                unchanged=done.unchanged,
                blocked=done.blocked,
            )
        )
        st.rerun()


def _overview(items: list[ReviewItem]) -> Markup:
    """Every draft with its state."""
    head = [
        text(f"campaign.{name}")
        for name in ("segment", "language", "state", "screening_state", "updated")
    ]
    return table(
        head,
        [
            (
                item.record.draft.segment,
                term("language", item.record.draft.language),
                badge(item.record.state.value),
                show_verdict(item.screenings)
                if item.screenings
                else Markup(f'<span class="mw-quiet">{text("campaign.not_screened")}</span>'),
                f"{item.record.updated_at:%Y-%m-%d %H:%M}",
            )
            for item in items
        ],
        compact=True,
    )


def _option(item: ReviewItem) -> str:
    draft = item.record.draft
    name = draft_name(draft.segment, draft.language)
    return f"{name} \N{MIDDLE DOT} {term('state', item.record.state.value)}"


def _one_draft(
    studio: Studio,
    user: User,
    files: BriefFiles,
    audience: Audience,
    items: list[ReviewItem],
) -> None:
    by_id = {item.record.draft.id: item for item in items}
    chosen = st.selectbox(
        text("campaign.choose"),
        list(by_id),
        format_func=lambda key: _option(by_id[key]),
        key="draft",
    )
    item = by_id[chosen]
    draft = item.record.draft
    names = user_names(studio.house)
    st.html(
        f'<p class="mw-title">{escape(draft_name(draft.segment, draft.language))} '
        f"{badge(item.record.state.value)}</p>"
        f'<p class="mw-quiet">{escape(text("campaign.writer", writer=draft.writer))}<br>'
        f"{escape(text('campaign.authors', names=people(item.record.authors, names)))}</p>"
    )
    if item.record.state is DraftState.REJECTED and item.decision is not None:
        reviewer = people([item.decision.reviewer], names)
        st.warning(plain(text("campaign.rejected_because", name=reviewer, why=item.decision.why)))
    show_translation(studio, user, item)
    if not item.variants:
        st.info(text("campaign.no_variants"))
        return
    tactics = tactic_names()
    variant = choose_variant(item.variants, tactics, draft.id)
    words, blocks, mail, variants, findings = st.tabs(
        [
            text(f"campaign.tab_{name}")
            for name in ("text", "blocks", "preview", "variants", "findings")
        ]
    )
    with words:
        show_text(studio, variant)
    with blocks:
        show_blocks(studio, user, files.brief.name, draft)
    with mail, shown_errors():
        editions = item.editions or trial_editions(studio.house, files.brief.name, draft.id)
        show_editions(studio, [one for one in editions if one.variant_id == variant.id], draft.id)
    with variants:
        st.markdown(text("campaign.variants_lead"))
        group = next(
            (
                len(group.contacts)
                for group in audience.groups
                if (group.segment, group.language) == (draft.segment, draft.language)
            ),
            0,
        )
        plan = arms_of(files.brief, group, len(item.variants))
        st.info(
            plain(
                text(
                    "campaign.seen_arms",
                    arms=plan.arms,
                    made=len(item.variants),
                    why=sentence(plan.why).rstrip("."),
                )
            )
        )
        show_variants(item.variants, tactics)
    with findings:
        show_screenings(item.variants, item.editions, item.screenings)
