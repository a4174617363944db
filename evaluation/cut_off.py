"""What of a mail no check has read, because there is too much of it.

A bound keeps a hostile mail from taking all time and memory; this keeps anything from hiding
behind one.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.verdict import Finding, Place
from evaluation.fitness import page
from evaluation.look import Look
from evaluation.spam import reading

__all__ = ["judge_cut_off"]


def judge_cut_off(look: Look) -> Iterator[Finding]:
    """Findings of the topic `reading`: a warning for each thing that was left out altogether or
    that links could hide behind, a note where only the beginning of a long text was judged."""
    pack, say, view = look.packs.topics["reading"], look.context.say, look.view
    for what in _left_out(look):
        yield pack.rule("reading.cut_off").finding(Place("message"), say=say, what=what)
    if len(view.body) > reading.LONGEST_BODY:
        part = "html" if view.visible.strip() else "text"
        yield pack.rule("reading.beginning").finding(
            Place(part), say=say, most=f"{reading.LONGEST_BODY:,}"
        )


def _left_out(look: Look) -> Iterator[str]:
    view = look.view
    yield from view.cut_off
    if len(view.html) > page.LONGEST:
        yield f"HTML elements behind {page.LONGEST:,} characters were not judged one by one"
    if len(view.links) > reading.MOST_LINKS:
        yield f"links behind the first {reading.MOST_LINKS:,} were not judged as signs of spam"
