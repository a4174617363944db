"""Rules set aside for a time, by whom and why, and severities of the organisation's own."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from contracts.decision import Role, User
from contracts.errors import BadInput, MailwrightError
from contracts.verdict import Severity
from evaluation import load_packs
from workflow.house import House, open_house
from workflow.house_rules import read_house_rules, restore_rule, set_aside, set_aside_rules
from workflow.settings import load_settings

REVIEWER = User(id="u_rev", name="Rev", roles=frozenset({Role.REVIEWER}), active=True)
MARKETER = User(id="u_mar", name="Mar", roles=frozenset({Role.MARKETER}), active=True)


@pytest.fixture
def house(tmp_path: Path):
    with open_house(load_settings(tmp_path / "workspace")) as opened:
        yield opened


def test_a_rule_is_set_aside_and_restored_and_the_audit_log_keeps_both(house: House) -> None:
    until = house.today + timedelta(days=30)
    set_aside(house, REVIEWER, "de.vat", reason="small business, no number", until=until)
    assert [(item.rule, item.by, item.until) for item in set_aside_rules(house)] == [
        ("de.vat", "u_rev", until)
    ]
    restore_rule(house, REVIEWER, "de.vat")
    assert set_aside_rules(house) == ()
    with house.store.read() as tx:
        actions = [entry.action for entry in tx.audit.entries()]
    assert actions[-2:] == ["rule.set_aside", "rule.restored"]


def test_without_reason_person_or_day_nothing_is_set_aside(house: House) -> None:
    soon = house.today + timedelta(days=1)
    for rule, reason, until in (
        ("de.nothing", "why", soon),
        ("de.vat", "  ", soon),
        ("de.vat", "why", house.today - timedelta(days=1)),
        ("de.vat", "why", house.today + timedelta(days=400)),
    ):
        with pytest.raises(BadInput):
            set_aside(house, REVIEWER, rule, reason=reason, until=until)
    with pytest.raises(MailwrightError):
        set_aside(house, MARKETER, "de.vat", reason="why", until=soon)
    assert set_aside_rules(house) == ()


def test_a_file_of_severities_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "screening.yaml"
    path.write_text(
        "severities: {de.vat: warn}\nregisters: {rtr_ecg: 2026-11-01}\n", encoding="utf-8"
    )
    rules = read_house_rules(path, load_packs())
    assert rules.severities == {"de.vat": Severity.WARN}
    assert rules.registers == {"rtr_ecg": date(2026, 11, 1)}
    for text, said in (
        ("severities: {de.vta: warn}", "de.vta"),
        ("severities: {de.vat: mild}", "severities"),
        ("colour: red", "colour"),
        ("registers: {rtr: 2026-11-01}", "rtr_ecg"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=r"screening\.yaml") as error:
            read_house_rules(path, load_packs())
        assert said in str(error.value)
