"""The shape of rule files. Unknown keys, patterns that do not compile and parameters that a
kind of check does not take are refused when the file is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.brief import LocalText, local_text
from contracts.verdict import Finding, Place, Severity

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
    """One sign of spam and how much it says. `weight` is a chance, 0 to 1."""

    id: str
    test: str = ""  # a structural test in spam.py; "" where `patterns` decide
    patterns: tuple[str, ...] = ()
    where: Literal["subject", "body", "both"] = "both"
    weight: float = Field(ge=0.0, lt=1.0)
    grade: Literal["strong", "moderate", "folklore"]
    deceptive: bool = False  # only deceptive structure may block
    threshold: float = 0.0  # what the structural test measures against
    message: LocalText
    remedy: LocalText
    source: str
    verified: bool

    @model_validator(mode="after")
    def _one_way(self) -> Signal:
        if bool(self.test) == bool(self.patterns):
            raise ValueError(f"{self.id}: give either test or patterns")
        if self.patterns and self.deceptive:
            raise ValueError(f"{self.id}: words alone never block")
        for pattern in self.patterns:
            re.compile(pattern)
        return self


class SpamPack(RuleFile):
    language: str  # "" for what holds in every language
    shorteners: tuple[str, ...] = ()
    freemail: tuple[str, ...] = ()
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
