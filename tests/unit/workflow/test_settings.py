"""Settings for the knowledge base's models and for a Chroma server."""

from __future__ import annotations

import json
import os
import traceback

import pytest

from contracts.errors import BadInput
from workflow.house import House
from workflow.settings import load_settings

SECRET = "s3cret-of-the-proxy"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in [name for name in os.environ if name.startswith("MAILWRIGHT_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def load(tmp_path):
    """Loads a workspace whose file has these lines."""

    def load_(text=""):
        (tmp_path / "mailwright.toml").write_text(text, encoding="utf-8")
        return load_settings(tmp_path)

    return load_


def refusal(load, text=""):
    with pytest.raises(BadInput) as caught:
        load(text)
    said = str(caught.value)
    assert "\n" not in said
    # Also what a developer sees with a traceback holds no secret.
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return said


# --- languages of models ---------------------------------------------------------------------


def test_languages_out_of_the_file(load):
    settings = load('embedding_languages = ["en", "zh-Hans"]\nrerank_languages = ["*"]\n')
    assert settings.embedding_languages == ("en", "zh-Hans")
    assert settings.rerank_languages == ("*",)
    assert load().embedding_languages == ()


def test_languages_out_of_the_environment_stand_above_the_file(load, monkeypatch):
    monkeypatch.setenv("MAILWRIGHT_EMBEDDING_LANGUAGES", '["de"]')
    assert load('embedding_languages = ["en"]').embedding_languages == ("de",)


@pytest.mark.parametrize("value", ["en", "en,de", "[en]", ""])
def test_a_list_that_is_not_json_says_how_it_is_written(load, monkeypatch, value):
    monkeypatch.setenv("MAILWRIGHT_EMBEDDING_LANGUAGES", value)
    assert '["en", "de"]' in refusal(load)
    assert "MAILWRIGHT_EMBEDDING_LANGUAGES" in refusal(load)


def test_a_text_where_a_list_belongs_is_refused(load):
    assert "embedding_languages" in refusal(load, 'embedding_languages = "en"')


# --- a Chroma server -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("http://chroma:8000", "http://chroma:8000"),
        ("https://chroma.example.com/", "https://chroma.example.com"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://10.0.0.7:8443", "https://10.0.0.7:8443"),
    ],
)
def test_addresses_of_a_server(load, given, kept):
    assert load(f"chroma_url = {json.dumps(given)}").chroma_url == kept


@pytest.mark.parametrize(
    "address",
    [
        f"https://user:{SECRET}@chroma.example.com",
        f"https://:{SECRET}@chroma.example.com",
        f"https://{SECRET}@chroma.example.com:8000",
        "https://@chroma.example.com",
        "https://chroma.example.com/behind/a/path",
        "https://chroma.example.com?tenant=x",
        "chroma.example.com:8000",
        "ftp://chroma.example.com",
        "https://",
        "https://chroma example",
    ],
)
def test_addresses_with_a_user_or_more_are_refused(load, address):
    said = refusal(load, f"chroma_url = {json.dumps(address)}")
    assert "chroma_headers" in said


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_a_port_that_there_is_not_is_refused(load, port):
    assert "65535" in refusal(load, f'chroma_url = "http://chroma:{port}"')


def test_headers_are_secrets(load):
    settings = load(f'[chroma_headers]\nAuthorization = "Bearer {SECRET}"\n')
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "Authorization" in shown
        assert SECRET not in shown
    assert settings.chroma_headers["Authorization"].get_secret_value() == f"Bearer {SECRET}"


def test_headers_out_of_the_environment(load, monkeypatch):
    monkeypatch.setenv("MAILWRIGHT_CHROMA_HEADERS", json.dumps({"X-Token": SECRET}))
    assert load().chroma_headers["X-Token"].get_secret_value() == SECRET
    monkeypatch.setenv("MAILWRIGHT_CHROMA_HEADERS", f"X-Token: {SECRET}")
    assert "MAILWRIGHT_CHROMA_HEADERS must be JSON" in refusal(load)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", f"Bearer {SECRET}\n"),
        ("Authorization", f"Bearer {SECRET}\r\nX-Other: 1"),
        ("Authorization", f"Bearer {SECRET}ü"),
        ("Authorization", f" {SECRET}"),
        ("Authorization", ""),
        ("X Token", SECRET),
        ("", SECRET),
        ("X-Token:", SECRET),
    ],
)
def test_headers_that_cannot_be_sent_are_refused(load, name, value):
    said = refusal(load, f"[chroma_headers]\n{json.dumps(name)} = {json.dumps(value)}\n")
    assert "chroma_headers" in said


@pytest.mark.parametrize("prefix", ["", "-x", "a", "with space", "ünder", "x" * 70])
def test_prefixes_that_chroma_would_refuse_are_refused_here(load, prefix):
    assert "chroma_prefix" in refusal(load, f"chroma_prefix = {json.dumps(prefix)}")


def test_the_house_hands_on_what_was_set(load, tmp_path):
    settings = load(
        'chroma_url = "https://chroma.example.com:8443/"\n'
        f'chroma_ca_file = "{tmp_path / "ca.pem"}"\n'
        'chroma_prefix = "team-a"\nchroma_tenant = "t"\nchroma_database = "d"\n'
        f'[chroma_headers]\nX-Token = "{SECRET}"\n'
    )
    house = House(settings)
    try:
        server = house._chroma_server()
    finally:
        house.close()
    assert server.url == "https://chroma.example.com:8443"
    assert server.headers == {"X-Token": SECRET}
    assert server.ca_file == str(tmp_path / "ca.pem")
    assert (server.prefix, server.tenant, server.database) == ("team-a", "t", "d")
    assert SECRET not in repr(server)
    house = House(load())
    try:
        assert house._chroma_server() is None
    finally:
        house.close()
