"""The shape of rule files. Unknown keys, patterns that do not compile and parameters that a
kind of check does not take are refused when the file is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.brief import LocalText, local_text
from contracts.verdict import Finding, Place, Severity
from evaluation.spam.phrasebook import expand

__all__ = [
    "ClaimWords",
    "FidelityWords",
    "Identity",
    "RuleFile",
    "Signal",
    "Signs",
    "SpamPack",
    "TopicPack",
    "TopicRule",
]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleFile(_Strict):
    version: str
    source: str


class Signs(RuleFile):
    """How one language says what the law wants said. All are regular expressions."""

    language: str
    wording: Mapping[str, tuple[str, ...]]
    legal_forms: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    po_box: tuple[str, ...] = ()
    reply_prefix: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    dated_fact: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _compiles(self) -> Signs:
        for group in (*self.wording.values(), self.legal_forms, self.address, self.po_box):
            for pattern in group:
                re.compile(pattern)
        return self

    def found(self, sign: str, text: str) -> re.Match[str] | None:
        """The first place where `text` says `sign`."""
        return _first(self.wording.get(sign, ()), text)


class Identity(RuleFile):
    """How companies of one region give their name, address and numbers, in whatever language
    the mail is. All are regular expressions; case counts."""

    region: str
    legal_forms: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    po_box: tuple[str, ...] = ()
    registration: tuple[str, ...] = ()
    vat: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _compiles(self) -> Identity:
        groups = (self.legal_forms, self.address, self.po_box, self.registration, self.vat)
        for pattern in (item for group in groups for item in group):
            re.compile(pattern)
        return self


class Signal(_Strict):
    """One sign of spam, or of honest mail, and how much it says.

    `weight` is how far the sign alone moves a mail that was as likely spam as not: 0.5 makes it
    75 %, (1 + weight) / 2. The trained model's weight stands instead where it has one.
    A sign is seen by a structural test or by phrases (evaluation/spam/phrasebook.py).
    """

    id: str
    test: str = ""
    phrases: tuple[str, ...] = ()
    where: Literal["subject", "body", "both"] = "both"  # where phrases are looked for
    weight: float = Field(ge=0.0, lt=1.0)
    grade: Literal["strong", "moderate", "folklore"]
    deceptive: bool = False  # only deceptive structure may block
    honest: bool = False  # a sign of honest mail: it lowers the score
    quiet: bool = False  # counts in the score and is no finding of its own
    threshold: float = 0.0  # what is measured says nothing up to here
    # Value from which what is measured counts wholly. Phrases are measured to a hundred words
    # where this is given; else each further phrase says half as much as the one before.
    full: float = 0.0
    lack: bool = False  # measured phrases: the sign is that they are lacking
    message: LocalText
    remedy: LocalText
    source: str
    verified: bool

    @model_validator(mode="after")
    def _one_way(self) -> Signal:
        if bool(self.test) == bool(self.phrases):
            raise ValueError(f"{self.id}: give either test or phrases")
        if self.deceptive and (self.phrases or self.honest or self.grade == "folklore"):
            raise ValueError(f"{self.id}: only deceptive structure may block, never a word")
        if self.honest and not self.quiet:
            raise ValueError(f"{self.id}: a sign of honest mail is quiet, there is nothing to mend")
        if self.lack and not (self.phrases and self.full > self.threshold):
            raise ValueError(f"{self.id}: only phrases that are measured can be lacking")
        if "" not in self.message or "" not in self.remedy:
            raise ValueError(f"{self.id}: message and remedy need their English under ''")
        for phrase in self.phrases:
            expand(phrase)
        return self

    @property
    def severity(self) -> Severity:
        """How its findings count: only deceptive structure blocks, words are hints, whatever
        they weigh, and so is what is but believed."""
        if self.deceptive:
            return Severity.BLOCK
        grave = self.weight >= 0.3 and bool(self.test) and self.grade != "folklore"
        return Severity.WARN if grave else Severity.NOTE


class SpamPack(RuleFile):
    language: str  # "" for what holds in every language
    shorteners: tuple[str, ...] = ()  # hosts
    freemail: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)  # domain -> its relays
    forms: tuple[str, ...] = ()  # hosts of forms that anybody can make
    trackers: tuple[str, ...] = ()  # hosts, or the beginning of their path, that count openings
    imitated: tuple[str, ...] = ()  # domains that look-alikes are made of
    confusables: Mapping[str, str] = Field(default_factory=dict)  # ASCII -> what looks like it
    signals: tuple[Signal, ...]


class ClaimWords(RuleFile):
    """How one language speaks of results. All are regular expressions."""

    language: str
    up: tuple[str, ...]
    down: tuple[str, ...]
    results: tuple[str, ...]  # verbs that state a result of somebody
    results_alone: tuple[str, ...] = ()  # verbs that carry their number in themselves
    # finished changes, which state a result where the sentence names a metric and asks nothing
    results_of_metric: tuple[str, ...] = ()
    before: tuple[str, ...]  # word that stands before the value from which it changed
    after: tuple[str, ...]  # word that stands before the value to which it changed
    before_suffix: tuple[str, ...] = ()  # what follows the value from which it changed: から
    after_suffix: tuple[str, ...] = ()  # what follows the value to which it changed: に, 으로
    introduces: tuple[str, ...] = ()  # word before the name of a company: at, bei, chez
    companies: tuple[str, ...] = ()  # a company's whole name in a script without capitals


class TopicRule(_Strict):
    """One thing that a topic's Python looks at: what it says of it, and how severely.

    `message` and `remedy` are in English under the key "" and in further languages under their
    tags; `{name}` in them is filled with what the check found.
    """

    id: str = Field(pattern=r"^[a-z_]+(?:\.[a-z0-9_]+)+$")
    severity: Severity
    message: LocalText
    remedy: LocalText
    source: str
    verified: bool

    def finding(
        self, place: Place, *, say: str = "", jurisdiction: str = "", **found: object
    ) -> Finding:
        """The finding at `place`, worded in the language `say`.

        Raises:
            KeyError: the message names something that is not in `found`.
        """
        message = local_text(self.message, say) or self.message[""]
        remedy = local_text(self.remedy, say) or self.remedy[""]
        return Finding(
            rule=self.id,
            severity=self.severity,
            jurisdiction=jurisdiction,
            place=place,
            message=message.format_map(found),
            source=self.source,
            verified=self.verified,
            remedy=remedy.format_map(found),
        )


class TopicPack(RuleFile):
    """The rules of one subject that holds everywhere (attachments, providers …), with the word
    lists, patterns and limits that its Python reads. `lists` hold plain words or patterns, as
    the Python that reads them says."""

    topic: str
    rules: tuple[TopicRule, ...]
    lists: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    limits: Mapping[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _once_and_in_english(self) -> TopicPack:
        ids = [rule.id for rule in self.rules]
        if twice := sorted({item for item in ids if ids.count(item) > 1}):
            raise ValueError(f"{', '.join(twice)} stands twice")
        for rule in self.rules:
            if "" not in rule.message or "" not in rule.remedy:
                raise ValueError(f"{rule.id}: message and remedy need their English under ''")
        return self

    def rule(self, rule_id: str) -> TopicRule:
        """The rule of that id.

        Raises:
            KeyError: the pack has none.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def words(self, name: str) -> frozenset[str]:
        """A list to look words up in."""
        return _as_set(self.lists[name])

    def any_of(self, name: str) -> re.Pattern[str]:
        """A list of patterns as one; case does not count."""
        return _as_one(self.lists[name])


@lru_cache(maxsize=64)
def _as_set(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


@lru_cache(maxsize=16)
def _as_one(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


class FidelityWords(RuleFile):
    """What never belongs into a finished mail, and which words may stand in any language."""

    placeholders: tuple[str, ...]
    foreign_words_allowed: tuple[str, ...] = ()
    longest_foreign_run: int = Field(ge=1)
    scripts: Mapping[str, tuple[str, ...]]  # language -> scripts its sentences are written in
    script_characters: Mapping[str, str]  # script -> character class


def _first(patterns: tuple[str, ...], text: str) -> re.Match[str] | None:
    for pattern in patterns:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            return match
    return None
