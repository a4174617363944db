from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from evaluation_samples import NOW, message
from hypothesis import given
from hypothesis import strategies as st

from contracts.verdict import Place
from evaluation import BadRulePack, MailView, ScreeningContext, load_packs
from evaluation.look import Look
from evaluation.rulefiles import Signal
from evaluation.spam.duplicates import families
from evaluation.spam.model import SpamModel, load_model, prior_weight, write_model
from evaluation.spam.reading import Hit, Reading
from evaluation.spam.signals import judge_spam, seen_signals
from evaluation.spam.training import chances, folds_of, read_examples, train, train_on

PACKS = load_packs()
SIGNALS = {signal.id: signal for pack in PACKS.spam.values() for signal in pack.signals}
NOUNS = [
    "valve",
    "pump",
    "bearing",
    "motor",
    "gauge",
    "boiler",
    "press",
    "belt",
    "filter",
    "sensor",
    "line",
    "plant",
]
VERBS = [
    "measures",
    "drives",
    "heats",
    "cools",
    "shows",
    "lifts",
    "turns",
    "stops",
    "moves",
    "checks",
    "seals",
    "holds",
]


def sorted_mails(count: int = 40) -> list[tuple[bytes, bool]]:
    """Invented mails: honest letters, and such as nobody should send."""
    dice = random.Random(4)
    found = []
    for number in range(count):
        words = [f"{dice.choice(NOUNS)} {dice.choice(VERBS)}" for _ in range(60)]
        text = ". ".join(words)
        if number % 2:
            text = f"Dear friend, act now!!! {text} Earn $5,000 a day, guaranteed results."
        mail = message("US", subject=f"Number {number}", text=text, html=f"<html>{text}</html>")
        found.append((mail, bool(number % 2)))
    return found


@pytest.fixture(scope="module")
def trained() -> SpamModel:
    return train(sorted_mails(), data="invented", version="1")


hits = st.lists(st.tuples(st.sampled_from(sorted(SIGNALS)), st.floats(0.01, 1.0)), max_size=12)


def seen(pairs: list[tuple[str, float]]) -> list[tuple[Signal, Hit]]:
    return [(SIGNALS[name], Hit(Place("text"), "", strength)) for name, strength in pairs]


@given(hits, st.sampled_from(sorted(SIGNALS)), st.booleans())
def test_no_sign_says_the_opposite_of_what_it_is(
    pairs: list[tuple[str, float]], more: str, travelled: bool
) -> None:
    model = load_model()
    before = model.score(seen(pairs), travelled=travelled).chance
    after = model.score(seen([*pairs, (more, 1.0)]), travelled=travelled).chance
    assert after <= before if SIGNALS[more].honest else after >= before
    assert 0.0 <= before <= 1.0


@given(hits, st.booleans())
def test_contributions_add_up_to_the_chance(
    pairs: list[tuple[str, float]], travelled: bool
) -> None:
    model = load_model()
    nothing = model.score([], travelled=travelled).chance
    score = model.score(seen(pairs), travelled=travelled)
    z = math.log(nothing / (1 - nothing)) + sum(item.log_odds for item in score.contributions)
    assert score.chance == pytest.approx(1 / (1 + math.exp(-z)))
    sizes = [abs(item.log_odds) for item in score.contributions]
    assert sizes == sorted(sizes, reverse=True)


def test_style_alone_makes_no_spam_of_a_mail() -> None:
    """How a text is written counts, but all measures of it together only reach the mark."""
    style = [s for s in SIGNALS.values() if s.phrases and s.full and not s.honest]
    score = load_model().score([(s, Hit(Place("text"))) for s in style], travelled=False)
    assert score.chance < 0.6


def test_deceptive_signs_weigh_what_their_rule_says_at_least() -> None:
    model = load_model()
    for signal in SIGNALS.values():
        if signal.deceptive:
            weight = model.weights.get(signal.id, prior_weight(signal))
            assert weight >= prior_weight(signal) - 1e-3


def test_the_model_knows_no_sign_that_there_is_not() -> None:
    assert set(load_model().weights) <= set(SIGNALS)


def test_a_weight_of_a_rule_moves_an_even_chance() -> None:
    signal = SIGNALS["spam.link_ip"]
    chance = 1 / (1 + math.exp(-prior_weight(signal)))
    assert chance == pytest.approx((1 + signal.weight) / 2)
    honest = SIGNALS["spam.own_links"]
    assert prior_weight(honest) < 0


def test_training_tells_what_it_was_shown_apart(trained: SpamModel) -> None:
    assert trained.measured["area"] > 0.95
    assert trained.trained_on.spam == trained.trained_on.honest == 20
    assert trained.weights["spam.en.impersonal"] > 0
    for raw, is_spam in sorted_mails():
        look = Look(MailView.from_bytes(raw), ScreeningContext(now=NOW), PACKS, "en")
        assert (judge_spam(look, trained).score >= 500) is is_spam


def test_training_gives_the_same_every_time(trained: SpamModel) -> None:
    assert train(sorted_mails(), data="invented", version="1") == trained


def test_a_model_is_read_as_it_was_written(trained: SpamModel, tmp_path: Path) -> None:
    file = tmp_path / "model.yaml"
    write_model(trained, file)
    assert load_model(file) == trained
    file.write_text(file.read_text().replace("intercept:", "interception:"))
    load_model.cache_clear()
    with pytest.raises(BadRulePack):
        load_model(file)
    with pytest.raises(BadRulePack):
        load_model(tmp_path / "none.yaml")


def test_spam_and_honest_mail_are_both_needed() -> None:
    with pytest.raises(ValueError, match="spam and honest"):
        train(sorted_mails(2)[:1], data="x", version="1")


def test_the_score_of_one_is_that_of_many(trained: SpamModel) -> None:
    mails = sorted_mails(6)
    examples = read_examples(mails, PACKS)
    for (raw, _), chance in zip(mails, chances(trained, examples), strict=True):
        reading = Reading(Look(MailView.from_bytes(raw), ScreeningContext(now=NOW), PACKS, "en"))
        one = trained.score(seen_signals(reading), travelled=reading.travelled)
        assert one.chance == pytest.approx(float(chance))


def test_a_mail_without_headers_is_judged_by_its_content() -> None:
    raw, _ = sorted_mails(2)[1]
    view = MailView.from_bytes(raw)
    bare = MailView.from_parts(subject=view.subject, html=view.html, text=view.text)
    examples = read_examples([(raw, True)], PACKS)
    look = Look(bare, ScreeningContext(now=NOW), PACKS, "en")
    expected = float(chances(load_model(), examples.content)[0])
    assert judge_spam(look).score == round(expected * 1000)


def test_near_copies_are_of_one_family() -> None:
    text = "the " + " ".join(f"{a} {b}" for a, b in zip(NOUNS, VERBS, strict=True))
    changed = text.replace("boiler", "kettle") + " and more words than before"
    other = " ".join(f"{b} {a}" for a, b in zip(NOUNS, VERBS, strict=True))
    numbers = families([text, other, changed, ""])
    assert numbers[0] == numbers[2]
    assert len(set(numbers)) == 3


@given(st.lists(st.text(alphabet="ab c", max_size=60), max_size=25))
def test_families_hold_equal_texts_together(texts: list[str]) -> None:
    numbers = families(texts)
    for one, text in zip(numbers, texts, strict=True):
        for other, same in zip(numbers, texts, strict=True):
            assert one == other or text != same


@given(st.lists(st.integers(0, 30), min_size=1, max_size=80))
def test_no_family_is_in_two_folds(family: list[int]) -> None:
    fold = folds_of(np.array(family, dtype=np.int64))
    assert len({(a, int(b)) for a, b in zip(family, fold, strict=True)}) == len(set(family))
    assert (fold == folds_of(np.array(family, dtype=np.int64))).all()


def test_rows_are_chosen_together() -> None:
    examples = read_examples(sorted_mails(4), PACKS)
    half = examples.of(examples.spam)
    assert len(half) == 2
    assert half.spam.all()
    assert half.amounts.sum() == pytest.approx(1.0)
    assert replace(examples).content.travelled.any() is np.False_
    with pytest.raises(ValueError):
        train_on(half, data="x", version="1")
