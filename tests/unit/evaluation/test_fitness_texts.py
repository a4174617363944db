"""The words of the rules of fitness: both languages say the same with the same facts."""

from __future__ import annotations

import re

import pytest

from contracts.verdict import Severity
from evaluation import load_packs
from evaluation.rulefiles import TopicRule

TOPICS = (
    "accessibility", "confidentiality", "fatigue", "links", "personalisation", "rendering", "voice",
)  # fmt: skip
RULES = [rule for topic in TOPICS for rule in load_packs().topics[topic].rules]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_said_in_both_languages_and_with_its_source(rule: TopicRule) -> None:
    for texts in (rule.message, rule.remedy):
        english, chinese = texts[""], texts["zh-Hans"]
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert _facts(chinese) <= _facts(english)
    assert _facts(rule.message["zh-Hans"]) == _facts(rule.message[""])
    assert rule.source
    assert rule.severity is not Severity.BLOCK  # practice and standards, no law


def _facts(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_ids_stand_under_their_topic() -> None:
    assert all(rule.id.partition(".")[0] in TOPICS for rule in RULES)
