"""What a brief says of look and links: what cannot be used is named with its line."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from contracts.errors import BadInput
from workflow.briefs import BriefFiles, load_brief

BRIEF = """\
name: spring
sender: acme
product: {name: Probe One, description: monitoring}
offer: {en: We measure for 30 days.}
call_to_action: {url: "https://probe.example", label: {en: [See]}}
segments: [{name: all}]
"""
SENDER = """\
legal_name: Probe GmbH
from_name: Ada Probe
from_address: ada@probe.example
signatory: {name: Ada Probe}
postal_address: [Probeweg 1]
country: DE
refusal_mailbox: stop@probe.example
"""


def png(noise: int = 0) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"x" * noise)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for folder in ("briefs", "senders", "brands"):
        (tmp_path / folder).mkdir()
    (tmp_path / "senders" / "acme.yaml").write_text(SENDER, encoding="utf-8")
    (tmp_path / "briefs" / "a.png").write_bytes(png())
    return tmp_path


def load(place: Path, more: str = "") -> BriefFiles:
    path = place / "briefs" / "spring.yaml"
    path.write_text(BRIEF + more, encoding="utf-8")
    return load_brief(path)


def refusal(place: Path, more: str) -> str:
    with pytest.raises(BadInput) as refused:
        load(place, more)
    return str(refused.value)


def test_a_brief_without_any_of_it_has_the_products_look(place: Path) -> None:
    look = load(place).look
    assert look.brand.logo is None
    assert look.images == {}


def test_images_and_brand_are_read_from_where_they_lie(place: Path) -> None:
    (place / "brands" / "probe.yaml").write_text(
        "logo: {file: logo.png, alt: Probe}\ncolours: {accent: '#a00000'}\n", encoding="utf-8"
    )
    (place / "brands" / "logo.png").write_bytes(png(1))
    look = load(
        place,
        "brand: probe\n"
        "images: [{file: a.png, alt: {en: A pump}}]\n"
        "channels: [{kind: wechat, image: a.png}, {kind: phone, url: +49 40 66969 100}]\n"
        "link_parameters: {utm_source: mail}\n",
    ).look
    assert look.brand.colours.accent == "#a00000"
    assert look.images == {"a.png": png(), "brands/logo.png": png(1)}


@pytest.mark.parametrize(
    "more, line, says",
    [
        ("images: [{file: b.png, alt: x}]", 7, "no image «b.png»"),
        ("images: [{file: ../senders/acme.yaml, alt: x}]", 7, "beside the brief"),
        ("images: [{file: /etc/passwd, alt: x}]", 7, "beside the brief"),
        ("images: [{file: a.png}]", 7, "alt"),
        ("images: [{file: a.png, alt: {}}]", 7, "alt"),
        ("images: [{file: a.png, alt: {en: ''}}]", 7, "alt.en"),
        ("images: [{file: a.png, url: 'https://a.example/b.png', alt: x}]", 7, "either"),
        ("images: [{url: 'http://a.example/b.png', alt: x}]", 7, "https"),
        ("images: [{file: a.png, alt: x, place: heros}]", 7, "«hero»"),
        ("images: [{file: a.png, alt: x, variants: [0]}]", 7, "1 to 4"),
        ("images:\n  - {file: a.png, alt: x}\n  - {file: a.png, alt: y}", 9, "second image"),
        ("link_parameters: {utm source: x}", 7, "utm source"),
        ("link_parameters: {utm_source: ''}", 7, "empty"),
        ("channels: [{kind: whatsapp, url: 'https://evil.example/'}]", 7, "https://wa.me/"),
        ("channels: [{kind: linkedin, url: 'https://x.example/'}]", 7, "linkedin.com"),
        ("channels: [{kind: website, url: 'javascript:alert(1)'}]", 7, "https"),
        ("channels: [{kind: website}]", 7, "no url"),
        ("channels: [{kind: phone, url: 'call me'}]", 7, "telephone"),
        ("channels: [{kind: website, url: 'https://a.example', image: a.png}]", 7, "QR"),
        ("channels: [{kind: fax, url: '+49 40 1'}]", 7, "kind"),
        ("event: {title: x, start: 2027-01-12T10:00:00}", 7, "time zone"),
        (
            "event: {title: x, start: '2027-01-12T10:00:00Z', end: '2027-01-12T09:00:00Z'}",
            7,
            "not after",
        ),
        ("event: {title: x, start: '2027-01-12T10:00:00Z', zone: Mars/Base}", 7, "Mars/Base"),
        ("event: {title: x, start: '2027-01-12T10:00:00Z', zone: ../../x}", 7, "zone"),
        ("event: {title: x, start: '2027-01-12T10:00:00Z', url: 'http://a.b'}", 7, "https"),
        ("items: [{title: x, text: y, url: 'http://a.example'}]", 7, "https"),
        ("ps: {en: 'For {{ company }}'}", 7, "company"),
        ("ps: {en: 'For {{ phone | fallback(\"x\") }}'}", 7, "phone"),
        ("ps: {en: 'For [[company]]'}", 7, "fallback"),
        (
            "event: {title: '{{ company | fallback(\"x\") }}', start: '2027-01-12T10:00:00Z'}",
            7,
            "event.title",
        ),
        ("mail: case_storry", 7, "«case_story»"),
        ("layout: [greeting, prooof]", 7, "«proof»"),
        ("layout: [{module: ps, when: {stadium: [customer]}}]", 7, "stadium"),
        ("languages: {regional: [en-GB, en-AU]}", 7, "en-AU"),
        ("news: {chinese: x}", 7, "news.chinese"),
        ("ps: {zh-CN: x}", 7, "«zh-Hans»"),
        ("steps: {xx: [a]}", 7, "steps.xx"),
        ("event: {title: {klingon: x}, start: '2027-01-12T10:00:00Z'}", 7, "event.title.klingon"),
        ("items: [{title: {zz: x}, text: y}]", 7, "items.0.title.zz"),
        ("images: [{file: a.png, alt: {zz: x}}]", 7, "images.0.alt.zz"),
        ("channels: [{kind: website, url: {zz: 'https://a.example'}}]", 7, "channels.0.url.zz"),
        ("brand: nowhere", 0, "no brand «nowhere»"),
        ("brand: ../x", 7, "brands/"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(
    place: Path, more: str, line: int, says: str
) -> None:
    said = refusal(place, more + "\n")
    assert says in said
    assert not line or f"line {line}" in said


def test_an_image_that_is_too_large_says_how_large_it_is(place: Path) -> None:
    (place / "briefs" / "b.png").write_bytes(png(300 * 1024))
    said = refusal(place, "images: [{file: b.png, alt: x}]\n")
    assert "300 KB" in said
    assert "200 KB" in said


def test_images_of_one_mail_have_a_limit_together(place: Path) -> None:
    shown = ("hero", "opener", "offer", "proof")
    for name in shown:
        (place / "briefs" / f"{name}.png").write_bytes(png(199 * 1024))
    images = ", ".join(f"{{file: {name}.png, place: {name}, alt: x}}" for name in shown)
    assert "600 KB" in refusal(place, f"images: [{images}]\n")
    few = ", ".join(f"{{file: {name}.png, place: {name}, alt: x}}" for name in shown[:2])
    assert len(load(place, f"images: [{few}]\n").look.images) == 2


@pytest.mark.parametrize(
    "brand, says",
    [
        ("colours: {text: '#bbbbbb'}", "colours.text"),
        ("colours: {txt: '#000000'}", "did you mean «text»"),
        ("logo: {file: logo.png, alt: x}", "no image «logo.png»"),
        ("logo: {file: ../briefs/a.png, alt: x}", "beside this one"),
    ],
)
def test_a_brand_that_cannot_be_used_is_refused_with_its_line(
    place: Path, brand: str, says: str
) -> None:
    (place / "brands" / "probe.yaml").write_text(brand + "\n", encoding="utf-8")
    said = refusal(place, "brand: probe\n")
    assert says in said
    assert "probe.yaml line 1" in said
    assert "Value error" not in said
