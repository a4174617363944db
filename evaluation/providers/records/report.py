"""What is gathered while a domain's records are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.case import Span
from contracts.verdict import Finding, Place, Verdict, verdict_of
from evaluation.providers.records.answers import Answer, Asked, Kind, Resolver
from evaluation.rulefiles import TopicPack

__all__ = ["DomainReport", "Reading"]


@dataclass(frozen=True, slots=True)
class DomainReport:
    """`records` are those that were read, by what they are ("SPF example.com"). `unanswered`
    are the questions that decide and that nobody answered: the domain is not cleared."""

    domain: str
    findings: tuple[Finding, ...]
    not_judged: tuple[tuple[str, str], ...]
    records: Mapping[str, tuple[str, ...]]
    unanswered: tuple[str, ...]
    spf_lookups: int | None  # that a check may take, ten allowed; None: there is no record
    version: str  # of the rules

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.findings)


@dataclass(slots=True)
class Reading:
    """One domain while it is looked at."""

    domain: str
    resolver: Resolver
    pack: TopicPack
    say: str = ""
    findings: list[Finding] = field(default_factory=list)
    not_judged: list[tuple[str, str]] = field(default_factory=list)
    records: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)

    def find(
        self, rule: str, record: str, name: str, span: Span | None = None, **facts: str | int
    ) -> None:
        """Say the rule "domain.RULE" at the records of that kind and name."""
        place = Place(f"dns:{record} {name}", span)
        of = self.pack.rule(f"domain.{rule}")
        found: dict[str, Any] = {"name": name, **facts}
        self.findings.append(of.finding(place, say=self.say, **found))

    def ask(self, name: str, kind: Kind, topic: str, *, decides: bool = True) -> Answer:
        """Ask, and keep openly what was not answered."""
        answer = self.resolver.ask(name, kind)
        if answer.state is Asked.UNKNOWN:
            question = f"{kind.value} {name}"
            self.not_judged.append((topic, f"{question}: {answer.why}"))
            if decides and question not in self.unanswered:
                self.unanswered.append(question)
        return answer

    def with_start(
        self, name: str, start: str, topic: str, *, decides: bool = True
    ) -> list[str] | None:
        """TXT records of a name that begin so; None where it could not be asked. A tag list's
        version may be followed by spaces before its semicolon."""
        answer = self.ask(name, Kind.TXT, topic, decides=decides)
        if answer.state is Asked.UNKNOWN:
            return None
        return [record for record in answer.records if is_version(record, start)]


def is_version(record: str, start: str) -> bool:
    """Whether a record is of the version `start` ("v=DMARC1"): it is its first tag."""
    name, _, value = record.partition(";")[0].partition("=")
    return f"{name.strip()}={value.strip()}".lower() == start.lower()
