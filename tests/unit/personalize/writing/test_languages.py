"""The languages' folders: complete, well formed, and read back as what was meant."""

from __future__ import annotations

import shutil
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from language.mentions import find_metrics
from language.numbers import find_numbers
from language.taxonomy import load_taxonomy
from personalize import NoText, language_book, languages
from personalize.errors import BadPhrases
from personalize.writing.book import GENERAL, angle_kinds, regional_language
from personalize.writing.completeness import lacks
from personalize.writing.language_files import FILES
from personalize.writing.language_folder import read_folder
from personalize.writing.quantities import quantity

OWN = [tag for tag in languages() if not language_book(tag).profile.base]
FOLDER = Path(str(files("personalize") / "languages"))


@pytest.mark.parametrize("language", languages())
def test_nothing_is_missing_or_wrong_in_a_language(language: str) -> None:
    assert lacks(language) == ()


@pytest.mark.parametrize("language", OWN)
def test_a_metric_is_read_back_as_what_was_written(language: str) -> None:
    """What a claim is written with must not be taken for another measure."""
    wrong = {}
    for metric, forms in language_book(language).terms.metrics.items():
        for form, text in forms.items():
            if form in ("number", "gender", "counter"):
                continue
            found = {mention.metric for mention in find_metrics(text, language)}
            if found - {metric}:
                wrong[f"{metric}.{form}"] = (text, sorted(found))
    assert wrong == {}


@pytest.mark.parametrize("language", OWN)
def test_a_quantity_is_read_back_with_its_value_and_unit(language: str) -> None:
    terms = language_book(language).terms
    wrong = {}
    for unit in load_taxonomy().units():
        if unit.id in ("count", "times"):
            continue
        for value in (Decimal(1), Decimal(3), Decimal("12.5"), Decimal(164000)):
            said = quantity(value, unit.id, language, terms)
            found = find_numbers(said, language)
            if [(item.value, item.unit) for item in found] != [(value, unit.id)]:
                wrong[said] = [(str(item.value), item.unit) for item in found]
    assert wrong == {}


def test_every_metric_and_problem_has_one_angle_at_most_and_all_are_known() -> None:
    taxonomy = load_taxonomy()
    for kind, known in (("metrics", taxonomy.ids("metric")), ("problems", taxonomy.ids("problem"))):
        named = [item for angle in angle_kinds().values() for item in getattr(angle, kind)]
        assert len(named) == len(set(named))
        assert set(named) == set(known)


def test_the_angle_of_a_problem_goes_before_that_of_a_metric() -> None:
    book = language_book("en")
    assert book.angle("scrap_rate").id == "quality"
    assert book.angle("scrap_rate", "high-energy-cost").id == "energy"
    assert book.angle().id == GENERAL


# --- adding a language -----------------------------------------------------------------------


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER / "en", tmp_path / "en")
    return tmp_path


def write(folder: Path, name: str, **content: object) -> None:
    folder.mkdir(exist_ok=True)
    text = yaml.safe_dump({"version": "1", "source": "test", **content}, allow_unicode=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_region_takes_over_what_it_does_not_change(folders: Path) -> None:
    write(
        folders / "en-XX",
        "language",
        language="en-XX",
        base="en",
        words={"afterward": "afterwards", "color": "colour"},
    )
    write(
        folders / "en-XX",
        "blocks",
        modules={"sign_offs": [{"id": "sincerely", "text": "Yours sincerely,\n{{ signatory }}"}]},
    )
    base, region = read_folder("en", folders), read_folder("en-XX", folders)
    own = {item.id: item for item in region["blocks"].modules.sign_offs}  # type: ignore[attr-defined]
    theirs = {item.id: item for item in base["blocks"].modules.sign_offs}  # type: ignore[attr-defined]
    assert list(own) == list(theirs)
    assert own["sincerely"].text.startswith("Yours sincerely")
    assert own["sincerely"].style == theirs["sincerely"].style
    assert own["regards"] == theirs["regards"]
    said = str(region["mails"])
    assert "afterwards" in said
    assert "{{ angle.question }}" in said
    assert "afterward " not in said


def test_words_are_replaced_in_scripts_without_spaces(folders: Path) -> None:
    shutil.copytree(FOLDER / "zh-Hant", folders / "zh-Hant")
    write(
        folders / "zh-Hant-XX",
        "language",
        language="zh-Hant-XX",
        base="zh-Hant",
        words={"電子郵件": "電郵", "子郵": "!"},
    )
    said = str(read_folder("zh-Hant-XX", folders)["footer"])
    assert "電子郵件" in str(read_folder("zh-Hant", folders)["footer"])
    assert "電郵" in said
    assert "!" not in said  # the longest word goes first


@pytest.mark.parametrize(
    "name, content, says",
    [
        ("scenes", {"industry": {}}, "scenes.yaml, industry"),
        ("mails", {"mails": {"survey": {"opener": []}}}, "mails.yaml, mails.survey.opener"),
        ("blocks", {"modules": {"openers": [{"id": "Bad id", "text": "x"}]}}, "blocks.yaml"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(
    folders: Path, name: str, content: dict[str, object], says: str
) -> None:
    write(folders / "en", name, **content)
    with pytest.raises(BadPhrases, match=says):
        read_folder("en", folders)


def test_a_file_that_is_no_yaml_is_named_with_its_line(folders: Path) -> None:
    (folders / "en" / "angles.yaml").write_text("version: '1'\nangles: [", encoding="utf-8")
    with pytest.raises(BadPhrases, match=r"angles\.yaml line \d"):
        read_folder("en", folders)


@pytest.mark.parametrize("tag", ["xx", "../en", "", "en/../en"])
def test_a_language_without_a_folder_is_named(tag: str) -> None:
    with pytest.raises(NoText, match="no text in"):
        language_book(tag)


def test_a_file_that_is_not_there_is_empty_and_told_as_missing(folders: Path) -> None:
    (folders / "en" / "scenes.yaml").unlink()
    assert set(read_folder("en", folders)) == set(FILES)
    assert read_folder("en", folders)["scenes"].industries == {}  # type: ignore[attr-defined]


# --- regions ---------------------------------------------------------------------------------


def test_a_region_is_written_only_where_the_campaign_wants_it() -> None:
    regional = [tag for tag in languages() if language_book(tag).profile.base]
    for tag in regional:
        profile = language_book(tag).profile
        assert profile.countries
        country = profile.countries[0]
        assert regional_language(profile.base, country, [tag]) == tag
        assert regional_language(profile.base, country, []) == profile.base
        assert regional_language(profile.base, "XX", [tag]) == profile.base
