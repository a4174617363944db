"""What a writer is given, and the seam behind which both writers stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from contracts.brief import Brief, Sender
from contracts.canonical import content_hash
from contracts.case import Case, Passage
from contracts.mail import Draft

__all__ = ["Writer", "WritingTask"]


@dataclass(frozen=True, slots=True)
class WritingTask:
    """One segment in one language. Holds facts of the segment and of cases, and nothing
    of any contact: what a writer never receives it cannot give away."""

    brief: Brief
    sender: Sender
    segment: str
    language: str  # BCP 47
    industry: str  # taxonomy id, "" where the segment has none
    role: str
    passages: tuple[Passage, ...]  # the best first
    cases: Mapping[str, Case]
    today: date
    seed: int = 0
    limits: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""  # taxonomy id, "" where the segment has none
    stage: str = ""  # as SegmentRule.stage
    touch: str = ""  # as SegmentRule.touch
    ordinal: int = 0  # of the segment in the brief: no two segments get the same wording
    address: str = ""  # "formal" or "familiar"; "" as the language does by default
    preferred: tuple[str, ...] = ()  # words of the house's voice, in the task's language
    forbidden: tuple[str, ...] = ()  # words that it does not use

    @property
    def random_seed(self) -> int:
        """The same for the same campaign, segment, language and seed."""
        return int(content_hash([self.brief.name, self.segment, self.language, self.seed])[:12], 16)

    def turn(self, what: str) -> int:
        """From which wording on a choice counts: the same for all segments of a campaign in one
        language, so that `ordinal` sets them apart."""
        key = [self.brief.name, self.language, self.seed, what]
        return int(content_hash(key)[:8], 16) + self.ordinal


class Writer(Protocol):
    """Writes drafts: the composer from phrases, or a chat model."""

    def write(self, task: WritingTask) -> Draft:
        """A draft whose every claim is cited.

        Raises:
            NoText: the brief or the product has no text in the task's language.
            NoEvidence: nothing among the passages may be cited.
        """
