"""HTML of the pages: what comes from outside is escaped here, once."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from interface.web.texts import term

__all__ = ["Markup", "badge", "escape", "facts", "plain", "table"]

# What Markdown, and Streamlit's additions to it, would take for a sign inside of one line.
_MARKDOWN = re.compile(r"([\\`*_\[\]<>~:$|]|^[#+\-=])")

_TONES = {
    "approved": "good",
    "sent": "good",
    "pass": "good",
    "submitted": "busy",
    "sending": "busy",
    "due": "busy",
    "warn": "warn",
    "held": "warn",
    "rejected": "bad",
    "blocked": "bad",
    "block": "bad",
    "failed": "bad",
}


class Markup(str):
    """HTML that was made here and may stand as it is."""

    __slots__ = ()


def escape(value: object) -> Markup:
    """A value as HTML text; `Markup` stays as it is."""
    return value if isinstance(value, Markup) else Markup(html.escape(str(value)))


def plain(value: object) -> str:
    """A value for Streamlit's Markdown, every sign of it shown as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(value).split()))


def badge(name: str, group: str = "state") -> Markup:
    """A state or verdict as a small coloured label."""
    tone = _TONES.get(name, "calm")
    return Markup(f'<span class="mw-badge mw-{tone}">{escape(term(group, name))}</span>')


def facts(pairs: Sequence[tuple[str, object]]) -> Markup:
    """Names and values one below the other."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return Markup(f'<dl class="mw-facts">{rows}</dl>')


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    widths: Sequence[int] = (),
    *,
    compact: bool = False,
) -> Markup:
    """A table that wraps its text and becomes a list of cards on a narrow screen.

    Args:
        widths: share of each column in percent; empty lets the browser choose.
        compact: short cells that explain themselves: a card is one line without headings.
    """
    columns = "".join(f'<col style="width:{width}%">' for width in widths)
    heads = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-label="{escape(name)}">{escape(value)}</td>'
            for name, value in zip(head, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    kinds = (" mw-fixed" if widths else "") + (" mw-compact" if compact else "")
    return Markup(
        f'<table class="mw-table{kinds}"><colgroup>{columns}</colgroup>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )
