"""What tells which company a case is about."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.case import Case
from language.identity import gives_away
from language.names import name_forms, without_legal_form


def a_case(*names: str, text: str = "Text.", known: tuple[str, ...] = ()) -> Case:
    return Case(
        id="c",
        title="t",
        customer={f"{number or ''}": name for number, name in enumerate(names)},
        name_public=False,
        industry="food",
        region="europe",
        country="DE",
        language="de",
        roles=(),
        products=(),
        valid_until=date(2030, 1, 1),
        source="s",
        path="c.md",
        text=text,
        text_hash=sha256(text.encode()).hexdigest(),
        extra_names=known,
    )


DAIRY = a_case(
    "Bergtaler Molkerei eG",
    text="Die Bergtaler Molkerei eG (BM) misst jetzt. „Es hilft.“ — Jonas Achleitner, Werksleiter",
    known=("Alpenquell", "größte Käserei Tirols"),
)


def told(case: Case, text: str) -> list[str]:
    return [span.of(text) for span in gives_away(case, text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bei der Bergtaler Molkerei sank der Verbrauch.", ["Bergtaler Molkerei"]),
        ("BERGTALER MOLKEREI EG spart.", ["BERGTALER MOLKEREI EG"]),
        ("die bergtaler-molkerei spart", ["bergtaler-molkerei"]),
        ("Bei Bergtaler und BERGTALER", ["Bergtaler", "BERGTALER"]),
        ("Ｂｅｒｇｔａｌｅｒ　Ｍｏｌｋｅｒｅｉ", ["Ｂｅｒｇｔａｌｅｒ　Ｍｏｌｋｅｒｅｉ"]),
        ("Berg\u200btaler Molkerei", ["Berg\u200btaler Molkerei"]),
        ("Die BM spart 18 %.", ["BM"]),
        ("Alpenquell und die größte Käserei Tirols", ["Alpenquell", "größte Käserei Tirols"]),
        ("Achleitner sagt es, Jonas Achleitner auch", ["Achleitner", "Jonas Achleitner"]),
        ("siehe bergtaler-molkerei.at/presse", ["bergtaler-molkerei.at/presse"]),
        ("an info@irgendwo.example bitte", ["info@irgendwo.example"]),
        ("https://example.com/x steht es", ["https://example.com/x"]),
        (
            "请访问bergtaler.com了解，或写信到info@irgendwo.example。",
            ["bergtaler.com", "info@irgendwo.example"],
        ),
        ("folgt @bergtaler auf allem", ["@bergtaler"]),
        ("mit #BergtalerMolkerei gewonnen", ["#BergtalerMolkerei"]),
        ("in der Almstraße 12 in A-6020 Innsbruck", ["Almstraße 12", "A-6020 Innsbruck"]),
    ],
)
def test_what_gives_it_away_is_found(text: str, words: list[str]) -> None:
    assert told(DAIRY, text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Der Druckluftverbrauch sank um 18 % in 6 Monaten.",
        "10000 Paletten am Tag, 3 Linien, 12.5 Tonnen.",
        "Das Bergtal liegt still; die Molkereien der Region auch.",
        "Mit #Predictive geht es.",
        "z. B. in Halle 3, Node 5, Version 2.4.1",
        "자동화로 30 % 줄었다.",
        "",
    ],
)
def test_what_tells_nothing_is_left(text: str) -> None:
    assert told(DAIRY, text) == []


@pytest.mark.parametrize(
    ("case", "text", "words"),
    [
        (a_case("澄岚饮品（常州）有限公司"), "澄岚饮品的停机减少了。", ["澄岚饮品"]),
        (
            a_case("澄岚饮品有限公司", text="澄岚饮品有限公司（以下简称“澄岚”）上线。"),
            "澄岚的停机减少了。",
            ["澄岚"],
        ),
        (a_case("株式会社北浜製作所"), "北浜製作所では", ["北浜製作所"]),
        (a_case("한빛식품 주식회사"), "한빛식품은 줄였다", ["한빛식품"]),
        (a_case("Nordic Foods Ltd"), "a nordic winter, and Nordic itself", ["Nordic"]),
        (a_case("Korvane"), "korvane and KORVANE", ["korvane", "KORVANE"]),
        (
            a_case("شركة النخيل للصناعات"),
            "خفضت شركة النخيل للصناعات التكلفة",
            ["شركة النخيل للصناعات"],
        ),
    ],
)
def test_in_other_scripts_and_as_single_words(case: Case, text: str, words: list[str]) -> None:
    assert told(case, text) == words


def test_without_any_name_only_addresses_count() -> None:
    assert told(a_case(), "Nobody, at example.com") == ["example.com"]


_WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöüéł", min_size=3, max_size=9).map(str.capitalize)
_NAMES = st.lists(_WORDS, min_size=1, max_size=4).map(" ".join)
_FORMS = st.sampled_from(["", " GmbH", ", Inc.", " S.A.", " Ltd", " sp. z o.o."])


@given(name=_NAMES, legal=_FORMS, before=st.sampled_from(["Bei ", "", "„", "对"]), data=st.data())
def test_no_form_of_a_name_survives(
    name: str, legal: str, before: str, data: st.DataObject
) -> None:
    full = name + legal
    case = a_case(full)
    short = without_legal_form(full)
    form = data.draw(st.sampled_from([full, *name_forms(short)]))
    changes = [str, str.upper]
    if len(form.split()) > 1 or form in (full, short):
        changes += [str.lower, str.title]
    written = data.draw(st.sampled_from(changes))(form)
    if data.draw(st.booleans()):
        wide = {ord(c): ord(c) + 0xFEE0 for c in map(chr, range(0x21, 0x7F))}
        written = written.translate(wide).replace(" ", "\u3000")
    if data.draw(st.booleans()):
        written = "\u200b".join(written)
    text = f"{before}{written} 18 %."
    left = text
    for span in reversed(gives_away(case, text)):
        left = left[: span.start] + left[span.end :]
    assert short.casefold() not in left.casefold()
    assert written.rstrip(".") not in left


@given(text=st.text(max_size=80))
def test_spans_lie_in_order_inside_the_text(text: str) -> None:
    end = 0
    for span in gives_away(DAIRY, text):
        assert end <= span.start < span.end <= len(text)
        end = span.end


def test_text_made_to_be_slow_is_not() -> None:
    import time

    start = time.monotonic()
    for piece in ("a", "a.", "a@", "1 Aa ", "Rua A", "#a", "路", "Bergtaler "):
        gives_away(DAIRY, piece * (40_000 // len(piece)))
    assert time.monotonic() - start < 20
