from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from mail_samples import brief, edition, gif, jpeg, png, variant

from contracts.brand import Brand
from contracts.errors import BadInput
from contracts.mail import Edition, Module, ModuleKind
from evaluation.rendering import judge_rendering
from evaluation.support import read_client_data, unsupported
from personalize import NoText
from personalize.writing.brand import look_of
from personalize.writing.pictures import MAX_EACH, read_image
from personalize.writing.render import Block, FooterBlock, Letter, render_html, render_text

ARABIC = Letter(
    language="ar",
    direction="rtl",
    look=look_of(Brand(), "ar"),
    sender="Probe",
    subject="خطة",
    preheader="مقدمة",
    blocks=(
        Block(ModuleKind.OPENER, ("نص",)),
        Block(ModuleKind.EVENT, ("عنوان\nموعد",)),
    ),
    colon=": ",
    footer=(FooterBlock("unsubscribe", "نص", "[[unsubscribe_url]]", "إلغاء"),),
)


def visible(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for hidden in soup.select("title, style, [style*='display:none']"):
        hidden.decompose()
    return soup.get_text(" ", strip=True)


def in_order(text: str, *parts: str) -> bool:
    places = [text.index(part) for part in parts]
    return places == sorted(places)


def test_the_letter_keeps_the_order_of_its_modules() -> None:
    made = variant()
    greeting, opener, *rest = made.modules[2:]
    turned = replace(made, modules=(*made.modules[:2], greeting, rest[0], opener, *rest[1:]))
    for mail, first, second in (
        (edition(made), "First paragraph", "Monitoring in practice"),
        (edition(turned), "Monitoring in practice", "First paragraph"),
    ):
        assert in_order(visible(mail.html), first, second)
        assert in_order(mail.text, first, second)


def test_a_postscript_stands_below_the_signature_and_the_channels() -> None:
    given = brief(channels=[{"kind": "whatsapp", "url": "https://wa.me/4940"}])
    mail = edition(brief=given)
    for text, channel in ((visible(mail.html), "WhatsApp"), (mail.text, "WhatsApp")):
        assert in_order(text, "Ada Probe", channel, "P.S. Pass this on.", "Probeweg 1")


def test_a_colon_keeps_the_space_that_its_language_puts_before_it() -> None:
    letter = replace(
        ARABIC,
        language="fr",
        direction="ltr",
        colon="\u00a0: ",
        footer=(FooterBlock("unsubscribe", "Texte", "[[unsubscribe_url]]", "Se désabonner"),),
    )
    assert "Se désabonner\u00a0: [[unsubscribe_url]]" in render_text(letter)
    button = Block(ModuleKind.CALL_TO_ACTION, ("Texte",), label="Voir", url="https://probe.example")
    assert "Voir\u00a0:\nhttps://probe.example" in render_text(replace(letter, blocks=(button,)))


@pytest.mark.parametrize("missing", [ModuleKind.EVENT, ModuleKind.ITEMS, ModuleKind.CALL_TO_ACTION])
def test_a_module_that_a_mail_does_not_have_leaves_no_trace(missing: ModuleKind) -> None:
    whole, lean = edition(), edition(variant("en", without=(missing,)))
    (module,) = (m for m in variant().modules if m.kind is missing)
    assert module.text.split("\n")[0] in whole.text
    assert module.text.split("\n")[0] not in lean.html + lean.text
    assert "\n\n\n" not in lean.text


def test_the_text_part_is_written_to_be_read() -> None:
    mail = edition(brief=brief(channels=[{"kind": "phone", "url": "tel:+49-40-66969-100"}]))
    for lines in (
        "Monitoring in practice\n12 January, 10:00\nOnline\n\nEvent details:\n"
        "https://probe.example/event\n",
        "\nSee the plan:\nhttps://probe.example/plan?page=2#top\n",
        "\n1. Vibration\nWhat it tells.\nhttps://probe.example/1\n",
        "\n2. Cables\nNone are needed.\nHow sensors are mounted:\nhttps://probe.example/2\n",
        "\nPhone: +49 40 66969 100\n",
        "\n-- \nProbe Messtechnik GmbH\n",
    ):
        assert lines in mail.text


def test_steps_are_numbered_and_articles_are_titled() -> None:
    steps = Module(ModuleKind.ITEMS, "Switch it on.\n\nRead the value.")
    guide = edition(variant("en", steps))
    assert "1. Switch it on." in visible(guide.html)
    assert "2. Read the value." in visible(guide.html)
    assert "<strong>" not in guide.html.replace("<strong>Monitoring in practice</strong>", "")
    assert "<strong>Cables</strong>" in edition().html


def test_a_link_says_where_it_leads() -> None:
    soup = BeautifulSoup(edition(brief=brief()).html, "html.parser")
    links = {str(link["href"]): link.get_text(strip=True) for link in soup.find_all("a")}
    assert links["https://probe.example/1"] == "Vibration"
    assert links["https://probe.example/2"] == "How sensors are mounted"
    assert links["https://probe.example/event"] == "Event details"
    assert all(links.values())


def test_right_to_left_mirrors_all_that_has_a_side() -> None:
    html = render_html(ARABIC)
    assert '<html lang="ar" dir="rtl"' in html
    assert "border-right:4px solid" in html
    assert "border-left:4px" not in html
    assert not _texts_on_the_left(html)
    assert 'align="left"' not in html
    left = render_html(replace(ARABIC, direction="ltr", language="en"))
    assert "border-left:4px solid" in left
    assert _texts_on_the_left(left)
    assert 'align="right"' not in left


def _texts_on_the_left(html: str) -> list[str]:
    """Words whose own element says left; a column around them may, since each says its side."""
    soup = BeautifulSoup(html, "html.parser")
    found = soup.find_all("div", style=re.compile("text-align:left"))
    return [div.get_text() for div in found if div.find(string=True, recursive=False)]


def test_hostile_words_stay_words() -> None:
    evil = "</td><script>alert(\"1\")</script> & 'x' {{ 7*7 }} {% x %}"
    letter = replace(
        ARABIC,
        subject=evil,
        preheader=evil,
        sender=evil,
        blocks=(Block(ModuleKind.ITEMS, (f"{evil}\n{evil}",)), Block(ModuleKind.PS, (evil,))),
        footer=(FooterBlock("x", evil),),
    )
    html = render_html(letter)
    assert BeautifulSoup(html, "html.parser").find("script") is None
    assert visible(html).count('alert("1")') == 5
    assert "{{ 7*7 }}" in html
    assert render_text(letter).count(evil) == 4


def test_a_mail_that_programs_would_cut_off_says_what_to_shorten() -> None:
    long = Module(ModuleKind.ITEMS, "\n\n".join(["x" * 60] * 400))
    with pytest.raises(BadInput, match=r"102,400.*items"):
        edition(variant("en", long))


def test_styles_stand_on_elements_and_the_sheet_only_adds() -> None:
    html = edition().html
    sheet = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert len(sheet) == 1
    assert "prefers-color-scheme: dark" in sheet[0]
    outside = re.sub(r"@media[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet[0])
    assert outside.strip() == ""
    assert html.index("charset") < 1024


# --- images ---------------------------------------------------------------------------------


def pictured(**image: object) -> object:
    return brief(images=[{"file": "a.png", "alt": "A pump", **image}])


def test_an_image_is_embedded_once_and_shown_at_its_place() -> None:
    given = brief(
        images=[
            {"file": "a.png", "alt": {"en": "A pump", "de": "Eine Pumpe"}},
            {"file": "a.png", "place": "items", "alt": {"": ""}},
        ]
    )
    mail = edition(brief=given, images={"a.png": png(1200, 400)})
    (part,) = mail.images
    assert part.media_type == "image/png"
    assert part.cid.endswith("@probe.example")
    soup = BeautifulSoup(mail.html, "html.parser")
    first, second = soup.find_all("img")
    assert (first["alt"], second["alt"]) == ("A pump", "")
    assert {first["src"], second["src"]} == {f"cid:{part.cid}"}
    assert (first["width"], first["height"]) == ("544", "181")
    assert "max-width:100%" in str(first["style"])
    assert "height:auto" in str(first["style"])
    assert mail.html.index("A pump") < mail.html.index("[[greeting]]")
    assert mail.text.startswith("[A pump]\n\n[[greeting]]")
    assert mail.text.count("[A pump]") == 1
    assert "[]" not in mail.text


def test_a_small_image_is_not_blown_up() -> None:
    mail = edition(brief=pictured(), images={"a.png": png(100, 50)})
    assert 'height="50"' in mail.html
    assert 'width="100"' in mail.html


def test_an_image_is_for_the_variants_that_the_brief_says() -> None:
    given = pictured(variants=[2])
    files = {"a.png": png()}
    assert edition(brief=given, images=files, number=1).images == ()
    assert len(edition(brief=given, images=files, number=2).images) == 1


def test_a_hosted_image_is_loaded_and_not_carried() -> None:
    given = brief(images=[{"url": "https://probe.example/a.png", "alt": "A pump"}])
    mail = edition(brief=given)
    assert mail.images == ()
    assert 'src="https://probe.example/a.png"' in mail.html


def test_an_alternative_text_cannot_open_a_place() -> None:
    mail = edition(brief=pictured(alt="[a] pump"), images={"a.png": png()})
    assert mail.text.startswith("[(a) pump]")


def test_an_image_without_words_in_the_language_is_missing_text() -> None:
    with pytest.raises(NoText):
        edition(brief=pictured(alt={"de": "Eine Pumpe"}), images={"a.png": png()})


def test_an_image_that_is_not_at_hand_stops_the_mail() -> None:
    with pytest.raises(BadInput, match=r"a\.png"):
        edition(brief=pictured())


def test_images_together_have_a_limit() -> None:
    shown = ("hero", "opener", "event", "items")
    given = brief(images=[{"file": f"{p}.png", "place": p, "alt": "x"} for p in shown])
    files = {f"{p}.png": png(40, 20, MAX_EACH - 999 - n) for n, p in enumerate(shown)}
    with pytest.raises(BadInput, match="600 KB"):
        edition(brief=given, images=files)


def test_another_image_is_another_mail() -> None:
    one = edition(brief=pictured(), images={"a.png": png(40, 20)})
    other = edition(brief=pictured(), images={"a.png": png(40, 20, noise=1)})
    assert one.id != other.id


@pytest.mark.parametrize(
    "data, kind", [(png(7, 5), "image/png"), (gif(7, 5), "image/gif"), (jpeg(7, 5), "image/jpeg")]
)
def test_an_image_is_what_its_bytes_say(data: bytes, kind: str) -> None:
    read = read_image("pump.txt", data)
    assert (read.media_type, read.width, read.height) == (kind, 7, 5)


@pytest.mark.parametrize(
    "data, says",
    [
        (b"<svg xmlns='x'/>", "SVG"),
        (b"<?xml version='1.0'?>\n<svg/>", "SVG"),
        (b"%PDF-1.7", "PNG, JPEG nor GIF"),
        (b"", "PNG, JPEG nor GIF"),
        (b"RIFF\x00\x00\x00\x00WEBP", "PNG, JPEG nor GIF"),
        (b"\xff\xd8\xff\xe0", "no size"),
        (b"\xff\xd8\xff\xe0\x00\x00" * 9, "no size"),
        (png(0, 5), "no size"),
        (png(2001, 5), "2001 pixels"),
        (png(5, 5, MAX_EACH), "KB"),
        (gif(5, 5, 1, MAX_EACH), "smaller"),
        (gif(5, 5, 3, MAX_EACH), "animated GIF"),
    ],
)
def test_what_no_mail_may_carry_is_refused_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_image("pump.png", data)
    assert says in str(refused.value)
    assert "pump.png" in str(refused.value)


# --- as it arrives --------------------------------------------------------------------------


def full_mail(language: str) -> Edition:
    return edition(
        variant(language),
        brief=brief(
            images=[{"file": "a.png", "alt": "A pump"}],
            channels=[
                {"kind": "linkedin", "url": "https://www.linkedin.com/company/probe"},
                {"kind": "wechat", "url": "https://u.wechat.com/x"},
            ],
            link_parameters={"utm_source": "x"},
        ),
        images={"a.png": png(1200, 400)},
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_mail_with_everything_in_it_is_built_as_it_should_be(language: str) -> None:
    mail = full_mail(language)
    assert judge_rendering(mail.html, mail.text) == []
    assert len(mail.html.encode()) < 30_000


def test_right_to_left_is_built_as_it_should_be() -> None:
    assert judge_rendering(render_html(ARABIC), render_text(ARABIC)) == []


def test_common_programs_understand_all_that_a_mail_needs() -> None:
    root = Path(__file__).parents[4]
    data = Path(os.environ.get("MAILWRIGHT_DATA", root.parent / "shared" / "data"))
    folder = data / "caniemail"
    if not folder.is_dir():
        pytest.skip("needs the caniemail data in the folder MAILWRIGHT_DATA")
    gaps = unsupported(full_mail("en").html, read_client_data(folder))
    assert gaps
    assert [gap for gap in gaps if not gap.graceful] == []
