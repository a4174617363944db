from __future__ import annotations

import pytest
from mail_samples import edition, png
from pydantic import ValidationError

from contracts.brand import Brand, Colours, contrast
from contracts.errors import BadInput
from personalize.writing.brand import look_of


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.542, abs=0.001)
    assert contrast("#123456", "#123456") == 1


def test_the_look_of_the_product_itself_can_be_read() -> None:
    assert Brand().colours.text != Brand().dark.text


@pytest.mark.parametrize(
    "given, says",
    [
        ({"colours": {"muted": "#aaaaaa"}}, ["colours.muted", "2.3 to 1", "darker"]),
        ({"colours": {"button": "#ffcc00"}}, ["colours.button_text", "1.5 to 1", "darker"]),
        ({"colours": {"accent": "#ffffff"}}, ["colours.accent", "1.0 to 1"]),
        ({"dark": {"text": "#444444"}}, ["dark.text", "lighter"]),
        ({"dark": {"button": "#8ec5ff"}}, ["dark.button_text"]),
        ({"colours": {"text": "red"}}, ["#rrggbb"]),
        ({"colours": {"ink": "#000000"}}, ["ink"]),
        ({"fonts": {"": ["x'; } body { display:none"]}}, ["font"]),
        ({"fonts": {"": ["https://fonts.example/x"]}}, ["font"]),
        ({"logo": {"alt": "x"}}, ["file or url"]),
        ({"logo": {"alt": "x", "url": "http://probe.example/l.png"}}, ["url"]),
        ({"radius": 99}, ["radius"]),
    ],
)
def test_what_nobody_could_read_is_refused_with_the_ratio(given: dict, says: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        Brand.model_validate(given)
    for words in says:
        assert words in str(refused.value)


def test_a_brand_changes_only_what_it_names() -> None:
    brand = Brand.model_validate({"colours": {"accent": "#A00"}, "dark": {"accent": "#fca"}})
    assert brand.colours == Colours(accent="#aa0000")
    assert brand.dark.page == Brand().dark.page
    assert brand.dark.accent == "#ffccaa"


def test_own_fonts_come_first_and_those_of_the_script_stay() -> None:
    brand = Brand.model_validate({"fonts": {"": ["Inter"], "ja": ["Noto Serif JP"]}})
    assert look_of(brand, "en").fonts.startswith("Inter,'Segoe UI'")
    assert look_of(brand, "ja").fonts.startswith("'Noto Serif JP','Hiragino Sans'")
    assert look_of(brand, "zh-Hant-HK").fonts.startswith("Inter,'PingFang TC'")
    assert look_of(brand, "en").fonts.endswith("sans-serif")
    assert look_of(Brand(), "ar").size >= 16


def test_a_brand_is_seen_in_the_mail() -> None:
    brand = Brand.model_validate(
        {
            "colours": {"accent": "#aa0000", "button": "#00573f"},
            "radius": 12,
            "logo": {"file": "l.png", "alt": {"": "Probe", "de": "Probe GmbH"}, "width": 120},
        }
    )
    mail = edition(brand=brand, images={"brands/l.png": png(240, 60)})
    assert "#aa0000" in mail.html
    assert "#00573f" in mail.html
    assert "border-radius:12px" in mail.html
    (logo,) = mail.images
    assert f'alt="Probe" height="30" src="cid:{logo.cid}" width="120"' in mail.html


def test_a_brand_whose_logo_is_not_at_hand_stops_the_mail() -> None:
    brand = Brand.model_validate({"logo": {"file": "l.png", "alt": "Probe"}})
    with pytest.raises(BadInput, match=r"l\.png"):
        edition(brand=brand)
