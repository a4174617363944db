"""Every sign of spam on a mail, as findings, and one score of them all.

The score is a chance, but it is a review hint: only deceptive structure blocks, never a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from contracts.brief import local_text
from contracts.verdict import Finding, Place
from evaluation.look import Look
from evaluation.rulefiles import Signal
from evaluation.spam.headers import HEADER_TESTS
from evaluation.spam.hidden import HIDDEN_TESTS
from evaluation.spam.links import LINK_TESTS
from evaluation.spam.model import Contribution, Score, SpamModel, load_model
from evaluation.spam.reading import Hit, Reading
from evaluation.spam.structure import STRUCTURE_TESTS
from evaluation.spam.transit import TRANSIT_TESTS
from evaluation.spam.wording import WORDING_TESTS, phrase_hits

__all__ = ["SPAM_WARNING", "SpamReport", "judge_spam", "seen_signals"]

SPAM_WARNING = 500  # per mille: as likely spam as not

_SHOWN = 3  # reasons that the finding on the whole names
_SMALLEST = 0.1  # log-odds that are worth being named as a reason

_TESTS: Mapping[str, Callable[[Reading, Signal], Hit | None]] = {
    **HEADER_TESTS,
    **HIDDEN_TESTS,
    **LINK_TESTS,
    **STRUCTURE_TESTS,
    **TRANSIT_TESTS,
    **WORDING_TESTS,
}


@dataclass(frozen=True, slots=True)
class SpamReport:
    """`score` is the chance of spam per mille, 0 to 1000; `reasons` say in words what raised
    it, the heaviest first; `contributions` are all signs with what each adds or takes away."""

    score: int
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]
    contributions: tuple[Contribution, ...] = ()


def judge_spam(look: Look, model: SpamModel | None = None) -> SpamReport:
    """Every sign of the common pack and of the mail's language (of all, where unknown), weighed
    by `model`, the product's own where none is given."""
    reading = Reading(look)
    seen = seen_signals(reading)
    score = (model or load_model()).score(seen, travelled=reading.travelled)
    per_mille = round(score.chance * 1000)
    reasons = tuple(_reasons(score, look.context.say))
    findings = [_finding(signal, hit, look.context.say) for signal, hit in seen if not signal.quiet]
    if per_mille >= SPAM_WARNING:
        findings.append(_overall(reading, score.chance, reasons))
    return SpamReport(per_mille, reasons, tuple(findings), score.contributions)


def seen_signals(reading: Reading) -> list[tuple[Signal, Hit]]:
    """The signs that a mail bears, with where and how strongly."""
    found: list[tuple[Signal, Hit]] = []
    for signal in reading.known.structural:
        hit = _TESTS[signal.test](reading, signal)
        if hit is not None and hit.strength > 0:
            found.append((signal, hit))
    found.extend(phrase_hits(reading))
    return found


def _reasons(score: Score, say: str) -> Iterator[str]:
    """What speaks for spam, in words, with the name of the sign."""
    for share in score.contributions:
        if share.log_odds >= _SMALLEST:
            yield f"{_said(share.signal.message, say)} ({share.signal.id})"


def _said(texts: Mapping[str, str], say: str) -> str:
    return local_text(texts, say) or texts[""]


def _finding(signal: Signal, hit: Hit, say: str) -> Finding:
    return Finding(
        rule=signal.id,
        severity=signal.severity,
        jurisdiction="",
        place=hit.place,
        message=f"{_said(signal.message, say)} {hit.detail}".strip(),
        source=f"{signal.source} ({signal.grade} evidence)",
        verified=signal.verified,
        remedy=_said(signal.remedy, say),
    )


def _overall(reading: Reading, chance: float, reasons: tuple[str, ...]) -> Finding:
    rule = reading.look.packs.topics["spam"].rule("spam.score")
    heaviest = " ".join(reason.rpartition(" (")[0] for reason in reasons[:_SHOWN])
    return rule.finding(
        Place(reading.part), say=reading.look.context.say, score=f"{chance:.2f}", reasons=heaviest
    )
