"""Screening from the command line: certificates, SARIF, the page, and rules set aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_samples import run

MAIL = "Subject: News\n\nGood day,\n\nour pumps are new. <script>alert(1)</script>\n"


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "a mail.txt"
    path.write_text(MAIL, encoding="utf-8")
    return path


def test_a_certificate_names_each_rule_with_its_verdict(mail: Path) -> None:
    answer = run("screen", mail, "--country", "CA-QC", "--format", "json")
    assert answer.code == 1
    certificate = answer.json[0]["certificate"]
    verdicts = {row["rule"]: row["verdict"] for row in certificate}
    assert verdicts["ca_qc.language"] == verdicts["ca.unsubscribe"] == "block"
    assert verdicts["ca_qc.consent"] == "not_judged"
    assert all(row["source"] for row in certificate)
    again = run("screen", mail, "--country", "CA-QC", "--format", "json").json
    assert again[0]["certificate"] == certificate


def test_sarif_names_rules_files_and_levels(mail: Path) -> None:
    answer = run("screen", mail, "--country", "DE", "--format", "sarif")
    assert answer.code == 1
    (log,) = answer.json["runs"]
    rules = [rule["id"] for rule in log["tool"]["driver"]["rules"]]
    assert answer.json["version"] == "2.1.0"
    assert log["artifacts"][0]["location"]["uri"].endswith("a%20mail.txt")
    for result in log["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
    assert {"error"} <= {result["level"] for result in log["results"]}


def test_the_page_runs_nothing_of_the_mail(mail: Path, tmp_path: Path) -> None:
    named = tmp_path / "<b>&.txt"
    named.write_text(MAIL, encoding="utf-8")
    answer = run("screen", mail, named, "--country", "DE", "--format", "html")
    assert "<script" not in answer.out
    assert "&lt;b&gt;&amp;.txt" in answer.out
    assert "default-src 'none'" in answer.out


def test_findings_in_chinese(mail: Path) -> None:
    answer = run("screen", mail, "--country", "DE", "--say", "zh-Hans", "--format", "json")
    found = {item["rule"]: item for item in answer.json[0]["findings"]}
    assert "退订" in found["de.unsubscribe"]["remedy"] + found["de.unsubscribe"]["message"]


def test_severities_of_ones_own(mail: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("severities: {de.unsubscribe: note}\n", encoding="utf-8")
    answer = run("screen", mail, "--country", "DE", "--rules", rules, "--format", "json")
    found = {item["rule"]: item["severity"] for item in answer.json[0]["findings"]}
    assert found["de.unsubscribe"] == "note"
    rules.write_text("severities: {de.unsubscirbe: note}\n", encoding="utf-8")
    wrong = run("screen", mail, "--rules", rules)
    assert wrong.code == 2
    assert "de.unsubscirbe" in wrong.reason


def test_neither_file_nor_domain_is_wrong_use() -> None:
    assert run("screen").code == 2
    both = run("screen", "x.eml", "--domain", "example.com")
    assert both.code == 2
    assert "leave one out" in both.reason


def test_the_list_of_rules_and_its_page_are_the_packs(tmp_path: Path) -> None:
    rows = run("rules", "list", "--country", "CA-QC", "--format", "json").json
    assert {"ca.unsubscribe", "ca_qc.language"} <= {row["rule"] for row in rows}
    assert all(row["source"] and "{" not in row["message"] for row in rows)
    page = run("rules", "document").out
    kept = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
    assert kept.read_text(encoding="utf-8") == page, (
        "run `mailwright rules document > docs/rules.md`"
    )
    assert run("rules", "list", "--country", "Narnia").code == 2


def test_the_score_of_spam_is_learnt_from_a_folder(tmp_path: Path) -> None:
    for group, said in (("spam-1", "FREE MONEY!!! Act now"), ("hard-ham-1", "Your report is here")):
        folder = tmp_path / "spamassassin" / group
        folder.mkdir(parents=True)
        for number in range(12):
            name = chr(97 + number) * 5
            head = f"From: Jo <jo@{name}.example>\nTo: a@b.example\nSubject: {name}\n\n"
            words = " ".join(f"{name}{other}" for other in ("one", "two", "three", "four", "five"))
            (folder / f"{name}.eml").write_text(f"{head}{said}, {words}.\n", encoding="utf-8")
    file = tmp_path / "model.yaml"
    answer = run("eval", "train-spam", "--data", tmp_path, "--write", file, "--format", "json")
    assert answer.code == 0
    assert str(file) in answer.err
    assert answer.json["area"] > 0.9
    assert "weights:" in file.read_text(encoding="utf-8")
    assert run("eval", "train-spam", "--data", tmp_path / "nowhere").code == 2


def test_what_is_measured_on_data_asks_for_it() -> None:
    answer = run("eval", "screening", "--only", "claims")
    assert answer.code == 2
    assert "--data" in answer.reason
    assert run("eval", "screening", "--only", "nothing").code == 2
