from __future__ import annotations

import json
import math
import os
import shutil
from pathlib import Path

import pytest
from evaluation_samples import NOW, message
from hypothesis import given, settings
from hypothesis import strategies as st
from test_spam_model import sorted_mails

from contracts.errors import BadInput
from contracts.seams import NoProgress
from contracts.verdict import Severity
from evaluation import MailView, ScreeningContext, load_packs
from evaluation.errors import NoSuchData
from evaluation.fidelity import mail_language
from evaluation.look import Look
from evaluation.spam.model import load_model, write_model
from evaluation.spam.signals import judge_spam
from evaluation.suites.spam import evaluate_spam, train_on_folder
from evaluation.suites.spam_data import (
    in_one_form,
    read_campaigns,
    read_sorted,
    read_templates,
    sender_of,
)
from workflow import evaluating_screening
from workflow.evaluating_screening import measure_screening
from workflow.settings import Settings
from workflow.training_spam import train_spam

PACKS = load_packs()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of invented mails in the form of the real one."""
    for number, (raw, is_spam) in enumerate(sorted_mails(60)):
        group = "spam-1" if is_spam else "hard-ham-1" if number % 4 else "easy-ham-1"
        folder = tmp_path / "spamassassin" / "eml" / group
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:05}.eml").write_bytes(
            raw.replace(b"jo@harborgauge.example", b"jo@firm%d.example" % number)
        )
    rows = [
        {
            "id": f"campaign/{number}",
            "lang": "en" if number else "de",
            "subjects": ["A report"],
            "body": f"Hi,\n\nit's the <b>report</b> {number} that we've promised.\n\nThe team",
        }
        for number in range(6)
    ]
    campaigns = tmp_path / "mozilla_emails"
    campaigns.mkdir()
    text = "\n".join(json.dumps(row) for row in rows)
    (campaigns / "emails.jsonl").write_text(text, encoding="utf-8")
    templates = tmp_path / "email_templates" / "files"
    templates.mkdir(parents=True)
    (templates / "one.html").write_text("<html><body>Your report is ready.</body></html>")
    return tmp_path


def test_measures_are_given_by_set_and_group(data: Path) -> None:
    def points(messages: object, progress: object) -> list[float]:
        del messages, progress
        return [float(number % 7) for number in range(60)]

    found = evaluate_spam(data, PACKS, NoProgress(), points)
    corpus = found["spam_of_2002"]
    assert set(corpus) == {
        "five_folds",
        "five_folds_of_content",
        "five_folds_by_sender",
        "kept_aside",
        "spamassassin",
        "spamassassin_kept_aside",
        "difference",
        "difference_kept_aside",
    }
    folds = corpus["five_folds"]
    assert folds["spam"] + folds["newsletters"] + folds["personal"] == 60
    assert folds["area_newsletters"] > 0.9
    assert corpus["difference"]["area_newsletters"] == pytest.approx(
        folds["area_newsletters"] - corpus["spamassassin"]["area_newsletters"]
    )
    english = found["spam_of_today"]["english"]
    assert english["campaigns"] == 5
    assert english["area_low"] <= english["area"] <= english["area_high"]
    assert found["spam_of_today"]["all_languages"]["mails"] == 6
    assert found["email_templates"]["all"] == {
        "mails": 1.0,
        "above": 0.0,
        "blocked": 0.0,
        "highest": found["email_templates"]["all"]["highest"],
    }
    assert evaluate_spam(data, PACKS, NoProgress(), points) == found


def test_without_spamassassin_it_is_left_out(data: Path) -> None:
    found = evaluate_spam(data, PACKS, None, lambda messages, progress: None)
    assert "spamassassin" not in found["spam_of_2002"]
    assert "difference" not in found["spam_of_2002"]


def test_one_command_trains_the_model_of_a_folder(data: Path) -> None:
    model = train_on_folder(data, PACKS, "7")
    assert model.version == "7"
    assert (model.trained_on.spam, model.trained_on.honest) == (30, 30)


def test_without_personal_mail_its_share_is_left_out(data: Path) -> None:
    shutil.rmtree(data / "spamassassin" / "eml" / "easy-ham-1")
    found = evaluate_spam(data, PACKS, None, lambda messages, progress: None)
    folds = found["spam_of_2002"]["five_folds"]
    assert folds["personal"] == 0
    assert "personal_above" not in folds
    numbers = [n for groups in found.values() for row in groups.values() for n in row.values()]
    assert all(map(math.isfinite, numbers))


def test_spam_is_measured_where_the_data_hold_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluating_screening, "evaluate_violations", lambda *given: {})
    monkeypatch.setattr(evaluating_screening, "measure_claims", lambda *given, **more: {})
    monkeypatch.setattr(shutil, "which", lambda *given, **more: None)  # no spamd
    workspace = Settings(workspace=data)
    assert set(measure_screening(workspace, data)) == {
        "spam_of_2002",
        "spam_of_today",
        "email_templates",
    }
    shutil.rmtree(data / "spamassassin")
    assert measure_screening(workspace, data) == {}
    with pytest.raises(NoSuchData, match="spamassassin"):
        measure_screening(workspace, data, ("spam",))
    with pytest.raises(BadInput, match="--data"):
        measure_screening(workspace, None, ("spam",))


def test_a_trained_model_is_written_and_read(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.yaml"
    model, written = train_spam(data, file, lambda: NOW)
    assert written == file
    assert model.version == NOW.date().isoformat()
    assert load_model(file) == model
    again = tmp_path / "again.yaml"
    train_spam(data, again, lambda: NOW)
    assert again.read_bytes() == file.read_bytes()


def test_a_model_written_anew_is_the_one_that_is_read(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.yaml"
    write_model(train_on_folder(data, PACKS, "1"), file)
    assert load_model(file).version == "1"
    write_model(train_on_folder(data, PACKS, "2"), file)
    assert load_model(file).version == "2"


def test_a_model_that_cannot_be_written_is_said(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--write"):
        train_spam(data, tmp_path / "nowhere" / "model.yaml", lambda: NOW)


def test_what_is_missing_is_named(tmp_path: Path, data: Path) -> None:
    with pytest.raises(NoSuchData, match="nowhere"):
        read_sorted(tmp_path / "nowhere")
    (data / "mozilla_emails" / "emails.jsonl").write_text('{"id": 1}\n')
    with pytest.raises(NoSuchData, match="record"):
        read_campaigns(data / "mozilla_emails" / "emails.jsonl")
    with pytest.raises(NoSuchData, match=r"\.html"):
        read_templates(tmp_path / "nowhere")


def test_one_form_leaves_nothing_but_the_words() -> None:
    body = "First  line\nof one.\n\n\nSecond <b>&amp; last</b>\x00\ud800"
    view = MailView.from_bytes(in_one_form("A\nsubject", body))
    assert view.subject == "A subject"
    assert view.text.splitlines()[0] == "First line of one."
    assert view.visible.split() == view.text.split()
    other = MailView.from_bytes(in_one_form("Another", "Else"))
    assert [item.name for item in view.fields] == [item.name for item in other.fields]
    assert view.structure == other.structure


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=400))
def test_any_text_can_be_brought_into_one_form(subject: str, body: str) -> None:
    view = MailView.from_bytes(in_one_form(subject, body))
    assert view.visible.split() == view.text.split()


def test_a_free_mailbox_tells_no_sender() -> None:
    raw = message("US", From="Jo <jo@news.harborgauge.co.uk>")
    assert sender_of(MailView.from_bytes(raw), ["gmail.com"]) == "harborgauge.co.uk"
    raw = message("US", From="Jo <jo@gmail.com>")
    assert sender_of(MailView.from_bytes(raw), ["gmail.com"]) == ""


def _data() -> Path:
    given = os.environ.get("MAILWRIGHT_DATA")
    return Path(given) if given else Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.skipif(not _data().is_dir(), reason="needs the shared data (MAILWRIGHT_DATA)")
def test_honest_mail_of_today_is_not_blocked_and_hardly_warned_of() -> None:
    campaigns = read_campaigns(_data() / "mozilla_emails" / "emails.jsonl")
    views = [MailView.from_bytes(in_one_form(item.subject, item.body)) for item in campaigns]
    views += read_templates(_data() / "email_templates" / "files")
    above = 0
    for view in views:
        look = Look(view, ScreeningContext(now=NOW), PACKS, mail_language(view.body))
        report = judge_spam(look)
        assert not [item for item in report.findings if item.severity is Severity.BLOCK]
        above += report.score >= 500
    assert above <= 2
