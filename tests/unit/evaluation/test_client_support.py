"""What the mail programs lack of a mail, as findings."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from fitness_samples import HEAD, look, rules

from contracts.verdict import Severity
from evaluation.fitness.clients import judge_support
from evaluation.support import ClientData, read_client_data, used_features


def data(**features: dict[str, str]) -> ClientData:
    return ClientData(
        {name.replace("_", "-"): name.upper() for name in features},
        {name.replace("_", "-"): states for name, states in features.items()},
    )


FLEX = {"outlook/windows 2019": "n", "gmail/ios 2023-01": "y", "gmx/ios 2022": "n"}


def test_a_feature_that_common_programs_lack_warns_once_with_all_that_lack_it() -> None:
    html = f'{HEAD}<p style="display:flex">a</p><p style="display:flex">b</p>'
    (finding,) = judge_support(look(html), data(css_display_flex=FLEX))
    assert finding.rule == "rendering.unsupported"
    assert finding.severity is Severity.WARN
    assert "outlook windows 2019, gmx ios 2022" in finding.message
    assert "css-display-flex" in finding.remedy


def test_a_feature_that_only_rare_programs_lack_is_a_note() -> None:
    html = f'{HEAD}<p style="display:flex">a</p>'
    for state in ({"gmx/ios 2022": "n"}, {"gmail/mobile-webmail 2020-02": "n"}):
        (finding,) = judge_support(look(html), data(css_display_flex=state))
        assert finding.rule == "rendering.unsupported_rarely"
        assert finding.severity is Severity.NOTE


def test_decoration_is_told_together_as_one_note() -> None:
    html = f'{HEAD}<p style="border-radius:4px;box-shadow:0 0 1px #000">a</p>'
    lacking = {"outlook/windows 2019": "n"}
    known = data(css_border_radius=lacking, css_box_shadow=lacking)
    (finding,) = judge_support(look(html), known)
    assert finding.rule == "rendering.without_harm"
    assert "CSS_BORDER_RADIUS, CSS_BOX_SHADOW" in finding.message


def test_the_products_own_template_knows_what_it_can_do_without() -> None:
    html = f'{HEAD}<p style="max-width:600px">a</p>'
    known = data(css_max_width={"outlook/windows 2019": "n"})
    assert rules(judge_support(look(html), known)) == ["unsupported"]
    assert rules(judge_support(look(html, in_campaign=True), known)) == ["without_harm"]


def test_how_a_preheader_is_hidden_is_no_gap() -> None:
    hidden = '<div style="display:none;opacity:0;visibility:hidden">preheader</div>'
    assert "css-opacity" not in used_features(hidden, shown=True)
    assert "css-opacity" in used_features(hidden)
    sheet = "<style>.pre{display:none;opacity:0}</style>"
    assert "css-opacity" not in used_features(sheet, shown=True)
    assert "css-display-none" in used_features(sheet, shown=True)


def test_nothing_is_judged_without_data_or_html() -> None:
    known = data(css_display_flex=FLEX)
    assert list(judge_support(look(f'{HEAD}<p style="display:flex">'), None)) == []
    assert list(judge_support(look(text="display:flex"), known)) == []


def test_a_body_that_only_the_parser_adds_is_not_used() -> None:
    assert "html-body" not in used_features("<p>x</p>")
    assert "html-body" in used_features("<body><p>x</p></body>")


@pytest.mark.parametrize(
    "html",
    [
        '<p style="display:flex;' + "a:b;" * 100_000 + '">x',
        "".join(f'<p style="width:{n}px;x:{"y" * 50}">' for n in range(5_000)),
        "<style>" + "a," * 100_000 + "{color:red}</style>",
        "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">",
        ("<p " + " ".join(f"a{n}" for n in range(800)) + ">") * 100,
    ],
    ids=["long style", "many styles", "selectors", "attributes", "crowded"],
)
def test_hostile_mails_are_looked_through(html: str) -> None:
    started = time.perf_counter()
    assert isinstance(used_features(html), tuple)
    assert time.perf_counter() - started < 3


def test_a_picture_inside_of_a_mail_is_no_crowd() -> None:
    html = f'<img alt="x" src="data:image/png;base64,{"QUJD" * 20_000}">'
    assert "image-base64" in used_features(html)


def test_the_shape_of_the_published_data_is_read(tmp_path: Path) -> None:
    record = {
        "slug": "css-display-flex",
        "title": "display:flex",
        "stats": {"outlook": {"windows": {"2016": "y", "2019": "n #1"}}},
    }
    (tmp_path / "features.jsonl").write_text(json.dumps(record), encoding="utf-8")
    html = f'{HEAD}<p style="display:flex">a</p>'
    (finding,) = judge_support(look(html, say="zh-Hans"), read_client_data(tmp_path))
    assert "outlook windows 2019 " in f"{finding.message} " or "2019" in finding.message
    assert "不支持" in finding.message
