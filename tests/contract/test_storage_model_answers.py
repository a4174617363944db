"""Kept answers and counted tokens, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from storage_samples import NOW

from storage import ModelCall, Store

ANSWER = '{"wordings": [], "modules": [{"kind": "proof", "text": "精度 ±0.1 µm\u2028"}]}'
CALL = ModelCall(
    campaign="spring",
    model="openai:test",
    tokens_in=900,
    tokens_out=301,
    most_in=2400,
    most_out=4000,
    cached=False,
    cost=Decimal("0.0012340"),
    most_cost=Decimal("0.0012340"),
    currency="EUR",
    at=NOW,
)


def test_an_answer_comes_back_character_for_character(store: Store, open_again) -> None:
    with store.begin() as tx:
        assert tx.model_answers.get("k1") is None
        tx.model_answers.put("k1", "openai:test", ANSWER, NOW)
        tx.model_answers.put("k2", "openai:test", "{}", NOW)
    with open_again().read() as tx:
        assert tx.model_answers.get("k1") == ANSWER
        assert tx.model_answers.get("k2") == "{}"
        assert tx.model_answers.get("k") is None


def test_a_later_answer_takes_the_place_of_the_first(store: Store) -> None:
    with store.begin() as tx:
        tx.model_answers.put("k1", "openai:test", "{}", NOW)
    with store.begin() as tx:
        tx.model_answers.put("k1", "openai:test", '{"a": 1}', NOW + timedelta(hours=1))
    with store.read() as tx:
        assert tx.model_answers.get("k1") == '{"a": 1}'


def test_what_was_used_is_kept_in_order_and_by_campaign(store: Store, open_again) -> None:
    unknown = replace(CALL, tokens_in=None, tokens_out=None, cost=None, most_cost=None, currency="")
    kept = replace(CALL, cached=True, tokens_in=0, tokens_out=0, cost=Decimal(0))
    other = replace(CALL, campaign="autumn")
    with store.begin() as tx:
        for call in (CALL, unknown, other, kept):
            tx.model_usage.add(call)
    with open_again().read() as tx:
        assert tx.model_usage.of("spring") == [CALL, unknown, kept]
        assert tx.model_usage.of("autumn") == [other]
        assert tx.model_usage.of("winter") == []


def test_threads_that_answer_at_once_lose_nothing(store: Store) -> None:
    def one(number: int) -> None:
        with store.begin() as tx:
            tx.model_answers.put(f"k{number}", "openai:test", str(number), NOW)
            tx.model_usage.add(replace(CALL, tokens_in=number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(24)))
    with store.read() as tx:
        assert {call.tokens_in for call in tx.model_usage.of("spring")} == set(range(24))
        assert [tx.model_answers.get(f"k{number}") for number in range(24)] == [
            str(number) for number in range(24)
        ]
