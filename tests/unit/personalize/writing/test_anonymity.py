"""An anonymous case: nothing that a draft may say, or a model sees, tells whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from model_samples import case, outcome, passages

from language.names import without_legal_form
from personalize.writing.evidence import choose_proofs
from personalize.writing.masking import mask_for
from personalize.writing.prompt_files import checks

TODAY = date(2026, 12, 1)
_WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=9).map(str.capitalize)
_NAMES = st.lists(_WORDS, min_size=2, max_size=3).map(" ".join)
_WAYS = st.sampled_from(
    [
        str,
        str.upper,
        str.lower,
        lambda name: name.replace(" ", "-"),
        lambda name: f"{name}’s",
        lambda name: f"www.{name.replace(' ', '').lower()}.com",
        lambda name: f"@{name.replace(' ', '')}",
        lambda name: f"#{name.replace(' ', '')}",
    ]
)


def story(name: str, said: str):
    parts = (
        f"Four transfer lines run two shifts a day at {said} in the north of the country.",
        f"Sensors were bolted to 42 points on the line of {said} over one summer.",
        f"Unplanned downtime at {said} fell from 27 to 9 hours a month within twelve months.",
        f"“We ordered the bearing in May.” — Renate Kowalski, Manager at {said}",
    )
    made = case("secret", parts, f"{name}, Inc.", public=False)
    stated = outcome(made.text, parts[2], "unplanned_downtime", "hour", "27", "9", period="month")
    return replace(made, outcomes=(stated,))


def _in(name: str, text: str) -> bool:
    def squeezed(value: str) -> str:
        return "".join(char for char in value.casefold() if char.isalnum())

    return squeezed(without_legal_form(name)) in squeezed(text)


@settings(max_examples=40)
@given(name=_NAMES, way=_WAYS)
def test_no_form_of_the_name_is_told_or_shown(name: str, way) -> None:
    made = story(name, way(name))
    assert choose_proofs(passages(made), {"secret": made}, "en", TODAY) == ()
    shown = mask_for([(made, "")], [made], checks()).cover(made.text)
    assert not _in(name, shown)
    assert "42 points" in shown
    assert "Kowalski" not in shown


def test_a_case_that_tells_nothing_is_told() -> None:
    made = story("Brackwell Stampings", "the plant")
    (proof,) = choose_proofs(passages(made), {"secret": made}, "en", TODAY)
    assert proof.name == ""
    assert [item.text for item in proof.outcomes] == [made.outcomes[0].text]


def test_what_a_model_writes_may_not_name_it_in_any_way() -> None:
    made = replace(story("Brackwell Stampings", "the plant"), extra_names=("Quietline",))
    mask = mask_for([(made, "")], [made], checks())
    for text in ("At BRACKWELL STAMPINGS", "the Quietline press", "see brackwell.example.com"):
        assert mask.names_customer(text)
    assert not mask.names_customer("At a supplier of stamped parts, downtime fell by 18 hours.")
