"""`mailwright eval drafting` on the samples: what it measures, and that it can see a fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from cli_samples import EXAMPLES, run

WEBINAR = EXAMPLES / "briefs" / "webinar.yaml"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, float], Path]:
    kept = tmp_path_factory.mktemp("kept")
    done = run(
        *("eval", "drafting", "--briefs", WEBINAR, "--data", EXAMPLES / "cases"),
        *("--language", "de", "--keep", kept, "--format", "json"),
    )
    assert done.code == 0, done.err
    return done.json["grid"]["de"], kept


def test_every_measure_of_the_samples_is_there(measured: tuple[dict[str, float], Path]) -> None:
    found, _ = measured
    assert found["drafts"] == 5
    assert found["planted"] > 10
    for name in ("claims_resolved", "caught", "language_mail", "language_paragraph", "repeated"):
        assert 0 <= found[name] <= 1, name
    for name in ("shared_max", "sentence_mean", "subject_max", "rendering_problems"):
        assert name in found


def test_the_mails_are_kept_to_be_looked_at(measured: tuple[dict[str, float], Path]) -> None:
    _, kept = measured
    assert len(list(kept.glob("de.webinar.*.html"))) == 5
    assert "Sehr geehrte" not in (kept / "de.webinar.hospitals.txt").read_text("utf-8")


def test_what_clients_lack_is_counted(tmp_path: Path) -> None:
    feature = {
        "slug": "html-lang",
        "title": "lang attribute",
        "stats": {"gmail": {"ios": {"2020-01": "n"}}, "hey": {"desktop-webmail": {"2020-01": "n"}}},
    }
    (tmp_path / "features.jsonl").write_text(json.dumps(feature), encoding="utf-8")
    done = run(
        *("eval", "drafting", "--briefs", WEBINAR, "--data", EXAMPLES / "cases"),
        *("--language", "en", "--support", tmp_path, "--format", "json"),
    )
    found = done.json["grid"]["en"]
    assert (found["unsupported"], found["unsupported_elsewhere"]) == (1, 1)


def test_a_language_without_the_briefs_text_is_said_and_not_measured(tmp_path: Path) -> None:
    brief = yaml.safe_load(WEBINAR.read_text("utf-8"))
    del brief["event"]["title"]["ja"]
    for folder, name in (("briefs", "webinar"), ("senders", "korvane")):
        (tmp_path / folder).mkdir()
        source = brief if folder == "briefs" else None
        text = (
            yaml.safe_dump(source, allow_unicode=True)
            if source
            else (EXAMPLES / folder / f"{name}.yaml").read_text("utf-8")
        )
        (tmp_path / folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    done = run(
        *("eval", "drafting", "--briefs", tmp_path / "briefs", "--data", EXAMPLES / "cases"),
        *("--language", "ja", "--format", "json"),
    )
    assert done.code == 0, done.err
    assert done.json["grid"] == {}
    assert "event.title.ja" in done.err
