"""The words of the rules about providers, domains and attachments."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import evaluation
from contracts.verdict import Severity
from evaluation import load_packs
from evaluation.rulefiles import TopicRule

TOPICS = ("attachments", "domain", "providers")
RULES = [rule for topic in TOPICS for rule in load_packs().topics[topic].rules]
CODE = "\n".join(
    file.read_text(encoding="utf-8")
    for folder in ("attachments", "providers")
    for file in sorted((Path(evaluation.__file__).parent / folder).rglob("*.py"))
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_said_in_both_languages_and_with_its_source(rule: TopicRule) -> None:
    for texts in (rule.message, rule.remedy):
        assert re.search(r"[\u4e00-\u9fff]", texts["zh-Hans"])
    assert _facts(rule.message["zh-Hans"]) == _facts(rule.message[""])
    assert rule.source


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_asked_by_the_code(rule: TopicRule) -> None:
    assert f'"{rule.id}"' in CODE or f'"{rule.id.partition(".")[2]}"' in CODE


DECEIVES = {"double_extension", "turned_name", "macro_hidden", "bomb"}
ASKED = ("Gmail", "Yahoo", "Outlook", "ClamAV", "RFC")


def test_what_blocks_is_asked_by_a_provider_or_a_standard_or_deceives() -> None:
    for rule in RULES:
        if rule.severity is Severity.BLOCK and rule.id.partition(".")[2] not in DECEIVES:
            assert any(name in rule.source for name in ASKED), rule.id


def _facts(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))
