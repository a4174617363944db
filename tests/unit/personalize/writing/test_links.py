from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import brief, edition, png

from contracts.brief import Channel
from contracts.errors import BadInput
from personalize import NoText
from personalize.writing.links import channel_links, channel_words, qr_code, with_parameters

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt-BR", "zh-Hans", "zh-Hant")
LANGUAGES = (*LANGUAGES, "ja", "ko", "ar")
KINDS = ("wechat", "wecom", "whatsapp", "linkedin", "line", "website", "phone")
MARKS = {"utm_source": "mail wright", "utm_campaign": "a&b=c"}


def channel(kind: str, url: str = "", **more: object) -> Channel:
    return Channel.model_validate({"kind": kind, "url": url, **more})


def test_parameters_stand_behind_the_query_and_before_the_fragment() -> None:
    assert with_parameters("https://p.example/x?page=2#top", MARKS) == (
        "https://p.example/x?page=2&utm_campaign=a%26b%3Dc&utm_source=mail%20wright#top"
    )
    assert with_parameters("https://p.example", {"utm_source": "x"}) == (
        "https://p.example?utm_source=x"
    )


def test_the_order_is_that_of_the_names_whatever_the_brief_has() -> None:
    turned = dict(reversed(MARKS.items()))
    assert with_parameters("https://p.example/", MARKS) == with_parameters(
        "https://p.example/", turned
    )


def test_a_parameter_that_an_address_has_is_its_own() -> None:
    url = "https://p.example/?utm_source=partner"
    assert with_parameters(url, {"utm_source": "mailwright"}) == url


@pytest.mark.parametrize("url", ["tel:+4940", "mailto:a@b.example", "[[unsubscribe_url]]"])
def test_only_web_addresses_take_parameters(url: str) -> None:
    assert with_parameters(url, MARKS) == url


@given(st.dictionaries(st.from_regex(r"[A-Za-z0-9_.-]{1,9}", fullmatch=True), st.text(min_size=1)))
def test_a_server_reads_what_the_brief_says(parameters: dict[str, str]) -> None:
    values = {k: v for k, v in parameters.items() if v.isprintable()}
    url = with_parameters("https://p.example/a?own=1", values)
    read = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    assert read == {**values, "own": "1"}


def test_legal_links_are_left_alone_and_all_others_marked() -> None:
    mail = edition(brief=brief(link_parameters={"utm_source": "x"}))
    assert "https://probe.example/plan?page=2&amp;utm_source=x#top" in mail.html
    assert "https://probe.example/1?utm_source=x" in mail.html
    assert "https://probe.example/event?utm_source=x" in mail.html
    assert '"[[unsubscribe_url]]"' in mail.html
    assert '"https://probe.example/en/privacy"' in mail.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_word_for_every_channel(language: str) -> None:
    words = channel_words(language)
    assert set(words.labels) == set(KINDS)
    assert set(words.scan) == set(words.code) == {"wechat", "wecom"}
    assert words.event_page


def test_a_regional_language_takes_the_words_of_its_own() -> None:
    assert channel_words("es-419") == channel_words("es")
    assert channel_words("zh-Hant-HK") == channel_words("zh-Hant")
    with pytest.raises(NoText):
        channel_words("sw")


def test_channels_keep_the_briefs_order_and_label() -> None:
    links = channel_links(
        (
            channel("linkedin", "https://www.linkedin.com/company/probe"),
            channel("phone", "+49 40 66969-100"),
            channel("website", "https://p.example", label="Our house"),
        ),
        "de",
        {},
    )
    assert [(link.label, link.url) for link in links] == [
        ("LinkedIn", "https://www.linkedin.com/company/probe"),
        ("Telefon", "tel:+494066969100"),
        ("Our house", "https://p.example"),
    ]
    assert links[1].shown == "+49 40 66969 100"


def test_a_channel_without_an_address_in_the_language_is_missing_text() -> None:
    only_german = channel("website").model_copy(update={"url": {"de": "https://p.example"}})
    assert channel_links((only_german,), "de", {})
    with pytest.raises(NoText) as missing:
        channel_links((only_german,), "en", {})
    assert missing.value.fields == ("channels.0.url.en",)


def test_a_qr_code_is_the_given_file_or_made_of_the_address() -> None:
    own = png(300, 300)
    given_file, made = channel_links(
        (
            channel("wechat", image="code.png"),
            channel("wecom", "https://work.weixin.qq.com/x"),
        ),
        "zh-Hans",
        {"code.png": own},
    )
    assert given_file.image is not None
    assert given_file.image.data == own
    assert made.image == qr_code("https://work.weixin.qq.com/x")
    assert made.image.width == made.image.height >= 240
    assert qr_code("https://a.example").data != made.image.data
    assert (made.caption, made.alt) == ("微信扫码，添加企业微信", "我司企业微信二维码")


def test_a_qr_code_that_is_not_at_hand_is_not_replaced_by_another() -> None:
    with pytest.raises(BadInput, match=r"code\.png"):
        channel_links((channel("wechat", image="code.png"),), "en", {})
