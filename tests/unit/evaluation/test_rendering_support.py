"""What a mail uses, and what the mail programs make of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contracts.errors import BadInput
from evaluation.support import FAMILIES, read_client_data, unsupported, used_features
from evaluation.view.stylesheet import declarations, read_sheet


def feature(slug: str, **families: dict[str, dict[str, str]]) -> dict[str, object]:
    stats = {name.replace("_", "-"): platforms for name, platforms in families.items()}
    return {"slug": slug, "title": slug.upper(), "stats": stats, "category": "css"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    records = [
        feature(
            "css-display-flex",
            gmail={"ios": {"2019-01": "n", "2023-01": "y #1"}},
            outlook={"windows": {"2016": "y", "2019": "n #2"}, "macos": {"2019-10": "y"}},
        ),
        feature("css-border-radius", outlook={"windows": {"2019": "n"}}),
        feature("css-float", gmx={"ios": {"2022": "n"}}, gmail={"ios": {"2022": "a #1"}}),
    ]
    lines = "\n".join(json.dumps(record) for record in records)
    (tmp_path / "features.jsonl").write_text(lines + "\n\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "html, slug",
    [
        ('<p style="display:flex">', "css-display-flex"),
        ("<style>.a{display:inline-flex}</style>", "css-display-flex"),
        ("<style>@media (hover){a{gap:1px}}</style>", "css-at-media-hover"),
        ("<style>@media (hover){a{gap:1px}}</style>", "css-gap"),
        ("<style>@font-face{font-family:x}</style>", "css-at-font-face"),
        ("<style>@import url('x.css');</style>", "css-at-import"),
        ("<style>a > b{color:red}</style>", "css-selector-child"),
        ("<style>a:hover{color:red}</style>", "css-pseudo-class-hover"),
        ("<style>p::before{content:'x'}</style>", "css-pseudo-element-before"),
        ("<style>[data-x]{color:red}</style>", "css-selector-attribute"),
        ('<p style="width:calc(1px + 2%)">', "css-unit-calc"),
        ('<p style="color:var(--x)">', "css-variables"),
        ('<p style="background:linear-gradient(red, blue)">', "css-linear-gradient"),
        ('<p style="border-radius:4px">', "css-border-radius"),
        ("<video>", "html-video"),
        ('<input type="checkbox">', "html-input-checkbox"),
        ('<a href="#top">', "html-anchor-links"),
        ('<img src="a.webp">', "image-webp"),
        ('<img src="data:image/png;base64,x">', "image-base64"),
        ('<meta name="color-scheme" content="light">', "html-meta-color-scheme"),
    ],
)
def test_a_feature_is_known_where_it_is_used(html: str, slug: str) -> None:
    assert slug in used_features(html)


@pytest.mark.parametrize(
    "html, slug",
    [
        ('<p style="display:block">', "css-display-flex"),
        ("<p>display:flex</p>", "css-display-flex"),
        ("<!--[if mso]><video></video><![endif]-->", "html-video"),
        ('<p style="cursor:auto">', "css-cursor"),
        ('<a href="https://a.example/#top">', "html-anchor-links"),
        ('<p style="max-width:1px">', "css-width"),
        ("<style>/* a:hover{} */</style>", "css-pseudo-class-hover"),
    ],
)
def test_what_is_not_used_is_not_counted(html: str, slug: str) -> None:
    assert slug not in used_features(html)


def test_the_newest_version_of_each_platform_decides(data: Path) -> None:
    (gap,) = unsupported('<p style="display:flex">', read_client_data(data))
    assert gap.feature == "css-display-flex"
    assert gap.title == "CSS-DISPLAY-FLEX"
    assert gap.clients == ("outlook/windows 2019",)
    assert gap.graceful == ""


def test_what_does_no_harm_says_why(data: Path) -> None:
    (gap,) = unsupported('<p style="border-radius:4px">', read_client_data(data))
    assert gap.graceful == "Corners are square."


def test_partial_support_and_rare_programs_are_no_gap(data: Path) -> None:
    assert unsupported('<p style="float:left">', read_client_data(data)) == ()
    (gap,) = unsupported('<p style="float:left">', read_client_data(data), ["gmx"])
    assert gap.clients == ("gmx/ios 2022",)


@pytest.mark.parametrize("line", ["{", "[]", '{"slug": "x"}', '{"slug":"x","title":"y","stats":3}'])
def test_data_of_another_kind_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "features.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(BadInput, match="line 1"):
        read_client_data(tmp_path)
    with pytest.raises(BadInput, match="folder"):
        read_client_data(tmp_path / "nowhere")


def test_the_families_are_those_that_business_mail_is_read_in() -> None:
    assert set(FAMILIES) == {"gmail", "outlook", "apple-mail", "yahoo"}


def test_a_sheet_is_read_with_what_is_inside_of_at_rules() -> None:
    sheet = read_sheet(
        "/* x */ a, b { color: red; } @media (max-width: 9px) { .c { Margin : 0 !important } }"
        "@import url(a;b.css); .d{background:url('data:image/png;base64,x')}"
    )
    assert [(rule.selector, rule.media) for rule in sheet.rules] == [
        ("a, b", ""),
        (".c", "@media (max-width: 9px)"),
        (".d", ""),
    ]
    assert sheet.rules[1].declarations == (("margin", "0 !important"),)
    assert sheet.rules[2].declarations == (("background", "url('data:image/png;base64,x')"),)
    assert ("media", "(max-width: 9px)") in sheet.at_rules


def test_what_is_not_closed_goes_on_to_the_end() -> None:
    assert read_sheet("a{color:red} /* b{color:blue}").rules[-1].selector == "a"
    assert read_sheet("a{color:red").rules[0].declarations == (("color", "red"),)
    assert read_sheet("/* x */a/**/b{color:red}/* y */").rules[0].selector == "a b"


def test_a_hostile_sheet_is_read_in_time() -> None:
    for css in ("/*" * 300_000, "a{" * 100_000, "{}" * 100_000, "a{b:(" * 50_000, "/**/" * 100_000):
        read_sheet(css)
        declarations(css)


@pytest.mark.parametrize("css", ["{", "}", "@media{" * 5000, "a{b", "@", ";;", "((((", "'\"" * 50])
def test_broken_css_gives_what_there_is(css: str) -> None:
    read_sheet(css)
    declarations(css)
