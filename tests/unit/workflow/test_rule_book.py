"""The list of rules says of each sign of spam what a finding of it says."""

from __future__ import annotations

from evaluation import load_packs
from workflow.rule_book import rule_rows

SIGNALS = [signal for pack in load_packs().spam.values() for signal in pack.signals]


def test_signs_stand_with_the_severity_of_their_findings() -> None:
    listed = {row.rule: row.severity for row in rule_rows()}
    told = {signal.id: signal.severity.value for signal in SIGNALS if not signal.quiet}
    assert {rule: listed[rule] for rule in told} == told
    assert set(told.values()) == {"block", "warn", "note"}


def test_signs_that_are_never_told_are_no_rules() -> None:
    quiet = {signal.id for signal in SIGNALS if signal.quiet}
    assert quiet
    assert quiet.isdisjoint(row.rule for row in rule_rows())
