"""Whether the text of a mail can be made out: its contrast and its size."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.verdict import Finding
from evaluation.fitness.colours import Colour, contrast
from evaluation.fitness.page import Page
from evaluation.fitness.styles import Styled, Words, styled_words
from evaluation.fitness.telling import place_of, shortened
from evaluation.look import Look
from evaluation.rulefiles import TopicPack

__all__ = ["judge_readable"]

_HIDDEN = 24  # sum of differences: so close in colour that it is there to be hidden
_UNSEEN = 2  # pixels of a text that nobody is meant to see
_LOOKED_UP = 40  # texts whose place is searched for


def judge_readable(look: Look, pack: TopicPack, page: Page) -> Iterator[Finding]:
    """Text whose contrast is too low, a finding for each pair of colours, the worst first; and
    the smallest text. What is hidden is no text that anybody is to read."""
    poor: dict[tuple[Colour, Colour, bool], Words] = {}
    smallest: Words | None = None
    looked_up = 0
    limits = pack.limits
    for words in styled_words(page):
        style = words.style
        if style.size <= _UNSEEN or not _letters(words.text) or _same(style):
            continue
        small = style.size < limits["small_pixels"] - 0.01
        pair = _poor(style, pack)
        known = pair is None or pair in poor
        if known and not (small and (smallest is None or style.size < smallest.style.size)):
            continue
        looked_up += 1
        if looked_up > _LOOKED_UP or place_of(look, words.text).span is None:
            continue  # hidden in some other way
        if pair is not None:
            poor.setdefault(pair, words)
        if small and (smallest is None or style.size < smallest.style.size):
            smallest = words
    worst = sorted(poor.items(), key=lambda item: contrast(item[0][0], item[0][1]))
    for (colour, ground, large), words in worst[: int(limits["colour_pairs"])]:
        yield pack.rule("accessibility.contrast").finding(
            place_of(look, words.text),
            say=look.context.say,
            colour=colour,
            ground=ground,
            ratio=_one_decimal(contrast(colour, ground)),
            least=f"{limits['large_contrast' if large else 'contrast']:g}",
            words=shortened(words.text, 40),
        )
    if smallest is not None:
        tiny = smallest.style.size < limits["tiny_pixels"] - 0.01
        yield pack.rule(f"accessibility.{'tiny' if tiny else 'small'}_text").finding(
            place_of(look, smallest.text),
            say=look.context.say,
            size=f"{smallest.style.size:.3g}",
            least=f"{limits['small_pixels']:g}",
            words=shortened(smallest.text, 40),
        )


def _poor(style: Styled, pack: TopicPack) -> tuple[Colour, Colour, bool] | None:
    if style.colour is None or style.ground is None:
        return None
    limits = pack.limits
    large = style.size >= limits["large_pixels"] or (
        style.bold and style.size >= limits["large_bold_pixels"]
    )
    least = limits["large_contrast"] if large else limits["contrast"]
    ratio = contrast(style.colour, style.ground)
    return (style.colour, style.ground, large) if ratio < least else None


def _same(style: Styled) -> bool:
    """Whether text and ground are so close that it is hidden, which is for spam to say."""
    if style.colour is None or style.ground is None:
        return False
    pairs = zip(style.colour, style.ground, strict=True)
    return sum(abs(one - other) for one, other in pairs) < _HIDDEN


def _letters(text: str) -> bool:
    """Whether there is anything to read: lines and dots between links are none."""
    return any(char.isalnum() for char in text)


def _one_decimal(ratio: float) -> str:
    """Cut, not rounded: 4.48 is not 4.5."""
    return f"{int(ratio * 10) / 10:g}"
