import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import BadInput
from delivery import Unsubscriber, UnsubscribeTicket

ours = Unsubscriber(b"0123456789abcdef")
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=60)


@given(names.filter(bool), names)
def test_a_token_names_its_contact_and_campaign(contact, campaign):
    token = ours.token(contact, campaign)

    assert ours.read(token) == UnsubscribeTicket(contact, campaign)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", token)


@given(st.data())
def test_a_token_with_one_character_changed_is_wrong(data):
    token = ours.token("c_1", "spring")
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(
        st.characters(categories=["L", "N", "P", "S", "Zs"]).filter(lambda c: c != token[place])
    )

    assert ours.read(token[:place] + other + token[place + 1 :]) is None


@given(st.text(max_size=700))
def test_what_was_not_made_here_is_wrong(text):
    assert ours.read(text) is None


def test_another_secret_reads_nothing():
    assert Unsubscriber(b"fedcba9876543210").read(ours.token("c_1", "spring")) is None


def test_the_mark_has_at_least_128_bits():
    assert len(ours.token("c_1", "spring").rsplit(".")[-1]) * 6 >= 128


def test_a_url_is_the_sealed_base_and_the_token():
    url = ours.url("https://mail.example.com/u/", "c_1", "spring")

    assert url == "https://mail.example.com/u/" + ours.token("c_1", "spring")


@pytest.mark.parametrize("contact, campaign", [("", "spring"), ("c\n1", "s"), ("c", "s\nx")])
def test_names_that_could_be_read_two_ways_are_refused(contact, campaign):
    with pytest.raises(BadInput):
        ours.token(contact, campaign)


def test_a_short_secret_is_refused():
    with pytest.raises(BadInput):
        Unsubscriber(b"short")
