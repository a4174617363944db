"""Bad input ends in one line that says what to do, the right exit code, and nothing written."""

from __future__ import annotations

import os
import random
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from cli_samples import (
    BRIEF,
    EXAMPLES,
    HEADER,
    JAPAN,
    NO_FIT,
    PEOPLE,
    Answer,
    Place,
    built,
    run,
    write_brief,
    write_cases,
    write_contacts,
)

SENDER = (EXAMPLES / "senders" / "korvane.yaml").read_text(encoding="utf-8")
SAMPLE = (EXAMPLES / "briefs" / "condition-monitoring.yaml").read_text(encoding="utf-8")
NOISE = random.Random(7).randbytes(4000)  # no text in any encoding
PNG = b"\x89PNG\r\n\x1a\n" + NOISE


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return built(tmp_path_factory.getbasetemp() / "bad")


@pytest.fixture
def place(base: Place, tmp_path: Path) -> Place:
    """A copy that a test may spoil."""
    return base.copy(tmp_path / "place")


@pytest.fixture
def untouched(base: Place) -> Iterator[Place]:
    """The shared workspace, and proof that a refused command wrote nothing in it."""

    def everything() -> list[str]:
        with closing(sqlite3.connect(base.workspace / "records.db")) as records:
            return list(records.iterdump())

    before = everything()
    yield base
    assert everything() == before


def refused(answer: Answer, *words: str, code: int = 2) -> str:
    """The reason, once it is sure that it is the only thing said, and says these words."""
    assert answer.code == code, answer
    assert answer.out == ""
    reason = answer.reason
    for word in words:
        assert word in reason, reason
    assert not any(person.split(",")[7] in answer.err for person in PEOPLE)
    return reason


# Briefs.


ALIASES = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}]\n"
    for old, name in zip("abcdefghijk", "bcdefghijkl", strict=True)
)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", ("brief.yaml", "name, goal, sender")),
        (b"- a\n- b\n", ("name, goal, sender",)),
        (b"name: [a\nb: c\n", ("line 2", "YAML")),
        (b"name:\tx\n\tgoal: y\n", ("line 1", "YAML")),
        (b"name: !!python/object/apply:os.getcwd []\n", ("line 1", "YAML")),
        (b"name: a\0b\n", ("YAML",)),
        (b"name: 2026-13-45\n", ("YAML",)),
        (b"name: " + b"9" * 5000, ("YAML",)),
        (NOISE, ("UTF-8",)),
        ("name: für\n".encode("latin-1"), ("UTF-8",)),
        ("name: x\n".encode("utf-16"), ("UTF-8",)),
        (b"# " + b"x" * 1_000_000, ("larger than",)),
        (ALIASES.encode(), ("line 2", "aliases")),
        (b"a: &r [*r]\n", ("line 1", "aliases")),
        (b"a: " + b"[" * 20_000, ("nested",)),
        (b"a: b\n---\na: b\n", ("YAML",)),
        (b"name: a\ngoal: b\nname: c\n", ("line 3", "«name»", "twice")),
    ],
    ids=lambda value: repr(value)[:24] if isinstance(value, bytes) else "",
)
def test_a_file_that_is_no_brief(
    untouched: Place, tmp_path: Path, content: bytes, words: tuple[str, ...]
) -> None:
    path = tmp_path / "brief.yaml"
    path.write_bytes(content)
    refused(untouched.run("campaign", "run", path), *words)


def placed(words: tuple[str, ...], text: str, old: str) -> list[str]:
    """The words with the line on which `old` stands in the sample, and the one after it."""
    here = text[: text.index(old)].count("\n") + 1
    return [word.replace("HERE", str(here)).replace("NEXT", str(here + 1)) for word in words]


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("tone: expert", "tnoe: expert", ("line HERE", "«tnoe»", "did you mean «tone»?")),
        ("max_variants: 3", "max_variant: 3", ("«experiment.max_variant»", "«max_variants»?")),
        ("    where: {industry: food}", "    wher: {}", ("line HERE", "«where»?")),
        ("{fallback: en}", "{default: en}", ("line HERE", "«languages.default»", "fallback")),
        ("{fallback: en}", "{fallback: klingon}", ("line HERE", "«klingon»")),
        ("tone: expert", "tone: jolly", ("line HERE", "«tone»", "friendly")),
        ("name: condition-monitoring", "goal2: x", ("«goal2»", "«goal»?")),
        ("name: condition-monitoring", "name: ../up", ("line HERE", "«name»")),
        ("sender: korvane", "sender: korvan", ("«korvan»", "senders", "postal_address")),
        ("sender: korvane", "sender: ../../secrets", ("line HERE", "«sender»")),
        ("sender: korvane", "sender:", ("line HERE", "«sender»")),
        ("{industry: food}", "{industri: food}", ('"industri"', '"industry"?')),
        ("{industry: food}", "{industry: fod}", ('"fod"', '"food"?')),
        ("{industry: food}", "{country: NO}", ("quotes",)),
        (
            "{industry: food}",
            "{industry: food}\n    evidence: {industri: food}",
            ("line NEXT", "«industri»", "«industry»?"),
        ),
        (
            "{industry: food}",
            "{industry: food}\n    evidence: {industry: fod}",
            ("line NEXT", "«fod»", "«food»?"),
        ),
        ("start: null", "start: 2026-12-24T10:00:00", ("line HERE", "time zone")),
        ("start: null", "start: 2026-12-24", ("line HERE", "time zone")),
        ("holdout: 0", "holdout: .nan", ("«experiment.holdout»",)),
        ("max_variants: 3", "max_variants: 9", ("«experiment.max_variants»",)),
        ("    zh-Hans: https", "    zh-CN: https", ("«zh-CN»", "«zh-Hans»")),
        ("https://korvane.example/de/tri", "javascript:tri", ("«call_to_action.url.de»", "https")),
        ("name: Korvane Pulse", 'name: "Korv\\0ane"', ("line HERE", "control character")),
        ("name: Korvane Pulse", 'name: "Korv\\ud800"', ("line HERE", "unicode")),
    ],
)
def test_a_mistake_in_a_brief_is_told_with_its_line(
    untouched: Place, tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    brief = write_brief(tmp_path, (old, new))
    told = placed(words, SAMPLE, old)
    reason = refused(untouched.run("campaign", "draft", brief), "brief.yaml", *told)
    assert len(reason) < 250


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("phone:", "phon:", ("line HERE", "«phon»", "did you mean «phone»?")),
        ("from_address: simin.liang@korvane.example", "from_address: nobody", ("«from_address»",)),
        (
            "from_address: simin.liang@korvane.example",
            'from_address: "a@b.example\\nBcc: c@d.example"',
            ("line HERE", "line break"),
        ),
        (
            'en: "Simin Liang, Korvane Messtechnik"',
            'en: "Simin\\r\\nBcc: x"',
            ("line HERE", "line break"),
        ),
        ("refusal_mailbox: abmelden@korvane.example", "refusal_mailbox: x", ("refusal_mailbox",)),
        ("country: DE", "country: Germany", ("line HERE", "«DE»?")),
        ("country: DE", "country: Narnia", ("line HERE", "ISO 3166")),
        ("website: https://korvane.example", "website: korvane", ("«website»",)),
        ("legal_name: Korvane Messtechnik GmbH\n", "", ("«legal_name» is missing",)),
    ],
)
def test_a_mistake_in_a_sender_is_told_with_its_line(
    untouched: Place, tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    brief = write_brief(tmp_path)
    assert old in SENDER
    sender = SENDER.replace(old, new, 1)
    (tmp_path / "senders" / "korvane.yaml").write_text(sender, encoding="utf-8")
    told = placed(words, SENDER, old)
    refused(untouched.run("campaign", "draft", brief), "korvane.yaml", *told)


def test_a_brief_that_is_not_there(untouched: Place, tmp_path: Path) -> None:
    for command in ("draft", "variants", "screen", "submit", "run"):
        refused(untouched.run("campaign", command, tmp_path / "none.yaml"), "no such file")
    refused(untouched.run("contacts", "segments", tmp_path), "directory")


def test_a_refused_brief_begins_no_workspace(tmp_path: Path) -> None:
    for command in (("campaign", "run"), ("contacts", "segments")):
        folder = tmp_path / "typo"
        refused(run(*command, write_brief(tmp_path), "-w", folder), "no workspace", "--workspace")
        assert not folder.exists()


# Cases.


def test_a_folder_of_cases_that_is_not_there(untouched: Place, tmp_path: Path) -> None:
    answer = untouched.run("kb", "add", tmp_path / "none")
    assert answer.code == 2
    assert "does not exist" in answer.err.splitlines()[-1]
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(untouched.run("kb", "add", empty), "no case could be read", ".md")


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda text: text.replace("industry:", "industri:").encode(), ('"industri"', "industry")),
        (lambda text: text.replace("industry: food", "industry: fod").encode(), ("fod",)),
        (lambda text: text.encode("latin-1", "replace"), ("UTF-8",)),
        (lambda text: text.encode("utf-16"), ("UTF-8",)),
        (lambda text: NOISE, ("UTF-8",)),
        (lambda text: b"", ("no text",)),
        (lambda text: text.replace("---", "", 1).encode(), ("front matter",)),
        (lambda text: text.replace("id:", "id: &a [*a]\nx:", 1).encode(), ("aliases",)),
    ],
)
def test_a_case_that_cannot_be_read(
    untouched: Place, tmp_path: Path, change: Callable[[str], bytes], words: tuple[str, ...]
) -> None:
    text = (EXAMPLES / "cases" / "bergtaler-molkerei.md").read_text(encoding="utf-8")
    (tmp_path / "mine.md").write_bytes(change(text))
    refused(untouched.run("kb", "add", tmp_path), "mine.md", *words)


def test_a_model_that_is_not_there_leaves_no_case_behind(untouched: Place, tmp_path: Path) -> None:
    folder = write_cases(tmp_path / "cases", "cawdrey-stampings")
    env = {"MAILWRIGHT_EMBEDDING_MODEL": "./no-such-model"}
    refused(untouched.run("kb", "add", folder, env=env), "no-such-model")


def test_an_empty_knowledge_base(tmp_path: Path) -> None:
    place = Place(tmp_path, {})
    brief = write_brief(tmp_path)
    add = ("users", "add", "Anna", "--role", "operator", "--role", "marketer", "--keep")
    assert place.run(*add).code == 0
    assert place.run("kb", "search", "anything", "--format", "json").json == []
    assert place.run("kb", "check", "--rebuild", "--format", "json").json == []
    refused(place.run("campaign", "run", brief), "no contacts", "contacts import")
    contacts = write_contacts(tmp_path / "p.csv", *PEOPLE)
    assert place.run("contacts", "import", contacts).code == 0
    refused(place.run("campaign", "run", brief), "knowledge base is empty", "kb add")


# Contacts.

TABLE = "\n".join((HEADER, *PEOPLE)) + "\n"
WESTERN = "\n".join(
    (HEADER, PEOPLE[0].replace("Dana", "Desirée"), PEOPLE[2].replace("Kern", "Künßler"))
)


@pytest.mark.parametrize(
    "content, encoding, delimiter, count",
    [
        (b"\xef\xbb\xbf" + TABLE.encode(), "utf-8 (with mark)", ",", 4),
        (TABLE.encode("gb18030"), "gb18030", ",", 4),
        (TABLE.encode("utf-16"), "utf-16-le (with mark)", ",", 4),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16-be (with mark)", ",", 4),
        (WESTERN.encode("cp1252"), "windows-1252", ",", 2),
        (TABLE.replace(",", ";").encode(), "utf-8", ";", 4),
        (TABLE.replace(",", "\t").encode(), "utf-8", "\t", 4),
        (TABLE.replace(",", "|").encode(), "utf-8", "|", 4),
        (TABLE.replace("\n", "\r\n").encode(), "utf-8", ",", 4),
        (HEADER.encode(), "utf-8", ",", 0),
    ],
    ids=["bom", "gb18030", "utf-16", "utf-16-be", "cp1252", ";", "tab", "bar", "crlf", "header"],
)
def test_any_usual_table_is_read(
    tmp_path: Path, content: bytes, encoding: str, delimiter: str, count: int
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    place = Place(tmp_path, {})
    report = place.run("contacts", "import", file, "--format", "json").json
    assert (report["encoding"], report["delimiter"]) == (encoding, delimiter)
    assert (report["taken"], report["mended"], report["refused"]) == (count, 0, 0)
    names = {row["name"] for row in place.run("contacts", "list", "--format", "json").json}
    assert len(names) == count
    if count == 4:
        assert "敏 周" in names
    if encoding == "windows-1252":
        assert names == {"Desirée Whitlock", "Sabine Künßler"}


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("people.csv", b"", ("empty",)),
        ("people.csv", b"\n\n", ("empty",)),
        ("people.csv", b"name,town\nDana,Ames\n", ("no column of email", '"name"', '"town"')),
        ("people.csv", b"dana@amberline.example,Dana\n", ("no column of email",)),
        ("people.csv", PNG, ("save it as CSV",)),
        ("people.png", PNG, ("save it as CSV",)),
        ("people.xlsx", b"PK\x03\x04" + NOISE, ("spreadsheet", "CSV")),
        ("people.csv", ",".join(["email", *map(str, range(9999))]).encode(), ("10000 columns",)),
        ("people.csv", b'email,name\n"a@b.example,x\nb@c.example,y\n', ("line 2", "quotation")),
        ("people.jsonl", b'{"email": "a@b.example"}\n{bad\n', ("line 2", "JSON")),
    ],
)
def test_a_table_that_cannot_be_read(
    untouched: Place, tmp_path: Path, name: str, content: bytes, words: tuple[str, ...]
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    refused(untouched.run("contacts", "import", file), *words)


def test_contacts_from_a_folder_or_from_nowhere(untouched: Place, tmp_path: Path) -> None:
    refused(untouched.run("contacts", "import", tmp_path), "directory")
    refused(untouched.run("contacts", "import", tmp_path / "none.csv"), "does not exist")


def test_a_bad_row_is_reported_and_stops_no_other(place: Place, tmp_path: Path) -> None:
    bad = "Secret,Name,Ms,Firm,food,US,en,secret..name@nowhere,,,,"
    file = write_contacts(tmp_path / "p.csv", NO_FIT, bad, PEOPLE[0])
    answer = place.run("contacts", "import", file, "--format", "json")
    assert answer.code == 0
    assert [row["outcome"] for row in answer.json["rows"]] == ["taken", "refused", "taken"]
    assert answer.json["rows"][1]["reasons"]
    assert "secret" not in (answer.out + answer.err).lower()
    table = place.run("contacts", "import", file)
    assert table.code == 0
    assert "refused" in table.out
    assert "secret" not in (table.out + table.err).lower()
    assert len(place.run("contacts", "list", "--format", "json").json) == len(PEOPLE) + 1


# Who a campaign cannot write to.


def test_contacts_are_left_out_with_the_reason_and_the_others_go_on(place: Place) -> None:
    swedish = PEOPLE[0].replace("US,en,dana", "SE,sv,dane")
    file = write_contacts(place.folder / "more.csv", NO_FIT, swedish)
    assert place.run("contacts", "import", file).code == 0
    brief = write_brief(place.folder, ('    zh-Hans: "面向现有设备的无线状态监测系统"\n', ""))
    run_ = place.run("campaign", "run", brief, "--format", "json")
    assert run_.code == 0, run_.err
    assert (run_.json["drafts"], run_.json["waiting"]) == (2, 2)
    assert run_.json["left_out"] == {"no_passage": 1, "no_text": 2}
    for command in (("campaign", "draft", brief), ("campaign", "status", BRIEF)):
        found = place.run(*command, "--format", "json").json
        why = {(row["reason"], row["detail"]): row["contacts"] for row in found["why"]}
        assert why[("no_text", "the brief lacks product.description.zh-Hans")] == 1
        assert sum(why.values()) == 3
        table = place.run(*command)
        assert "product.description.zh-Hans" in table.out + table.err
    (draft, *_rest) = place.run("review", "list", "--format", "json").json
    assert place.run("review", "approve", draft["draft"], user="li").code == 0
    left_out = place.run("campaign", "run", brief, "--format", "json").json["left_out"]
    assert (left_out["no_passage"], left_out["no_text"]) == (1, 2)  # as drafting said


def test_exit_2_only_if_nobody_remains(place: Place, tmp_path: Path) -> None:
    lonely = Place(tmp_path / "lonely", {})
    add = ("users", "add", "Anna", "--role", "operator", "--role", "marketer", "--keep")
    assert lonely.run(*add).code == 0
    assert lonely.run("kb", "add", place.folder / "cases").code == 0
    file = write_contacts(tmp_path / "p.csv", NO_FIT)
    assert lonely.run("contacts", "import", file).code == 0
    refused(lonely.run("campaign", "run", place.brief), "nobody remains", "no_passage 1")
    status = lonely.run("campaign", "status", BRIEF)
    refused(status, "no campaign")  # nothing half-made
    brief = write_brief(tmp_path, ("{industry: logistics}", "{industry: healthcare}"))
    refused(lonely.run("campaign", "run", brief), "nobody remains", "no_segment 1")


def test_a_country_without_rules_of_its_own_is_judged_by_the_strictest(place: Place) -> None:
    unknown = PEOPLE[1].replace(",US,en,tom", ",Narnia,en,nils")
    kazakh = JAPAN.replace(",JP,", ",KZ,")
    file = write_contacts(place.folder / "more.csv", kazakh, unknown)
    assert place.run("contacts", "import", file).code == 0
    groups = place.run("contacts", "segments", place.brief, "--format", "json").json["groups"]
    english = next(group for group in groups if group["language"] == "en")
    assert english["profiles"] == {"STRICT": 2, "US": 2}
    answer = place.run("campaign", "run", place.brief)
    assert answer.code == 0
    screened = place.run("campaign", "screen", place.brief, "--format", "json").json
    assert {row["profile"] for row in screened} == {"US", "DE", "CN", "STRICT"}


# The workspace, its settings and its records.


def test_a_workspace_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    for folder in (file, file / "below"):
        for command in (("kb", "list"), ("users", "add", "Anna", "--role", "operator")):
            refused(run(*command, "-w", folder), str(folder), "--workspace")
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_workspace_that_is_not_there(tmp_path: Path) -> None:
    for command in (("kb", "list"), ("queue", "work"), ("review", "list"), ("serve",)):
        refused(run(*command, "-w", tmp_path / "none"), "no workspace in")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "content, words",
    [
        (b"transprt = 'smtp'\n", ("«transprt»", "did you mean «transport»?")),
        (b"zzz = 1\n", ("«zzz»",)),
        (b"transport = = 'smtp'\n", ("mailwright.toml", "TOML", "line 1")),
        (NOISE, ("mailwright.toml", "UTF-8")),
        (b"smtp_port = 'many'\n", ("«smtp_port»", "integer")),
        (b"smtp_password = 5\n", ("«smtp_password»",)),
        (b"transport = 'pigeon'\n", ("«transport»", "smtp")),
        (b"public_url = 'http://mail.example'\n", ("«public_url»", "https")),
    ],
)
def test_broken_settings(tmp_path: Path, content: bytes, words: tuple[str, ...]) -> None:
    (tmp_path / "mailwright.toml").write_bytes(content)
    refused(run("users", "add", "Anna", "--role", "operator", "-w", tmp_path), *words)
    assert [path.name for path in tmp_path.iterdir()] == ["mailwright.toml"]


def test_settings_that_are_a_folder_and_a_wrong_variable(tmp_path: Path) -> None:
    (tmp_path / "mailwright.toml").mkdir()
    refused(run("kb", "list", "-w", tmp_path), "mailwright.toml", "directory")
    env = {"MAILWRIGHT_SMTP_PORT": "many"}
    refused(run("kb", "list", "-w", tmp_path / "new", env=env), "MAILWRIGHT_SMTP_PORT")


def test_records_that_cannot_be_read(place: Place) -> None:
    file = place.workspace / "records.db"
    whole = file.read_bytes()
    for beside in place.workspace.glob("records.db-*"):
        beside.unlink()
    damaged = whole[:4096] + NOISE * (len(whole) // len(NOISE) - 2)
    for content in (NOISE, whole[: len(whole) // 2], damaged):
        file.write_bytes(content)
        for command in (("kb", "list"), ("contacts", "list"), ("campaign", "run", place.brief)):
            refused(place.run(*command), "restore it from a backup", code=3)
            assert file.read_bytes() == content
    file.unlink()
    file.mkdir()
    refused(place.run("kb", "list"), "database", code=3)


def test_a_damaged_secret_and_an_unreadable_token(place: Place) -> None:
    token = place.workspace / "token"
    token.write_bytes(b"\xff\xfe\0")
    command = ("campaign", "draft", place.brief)
    refused(place.run(*command, user=""), "token file", "MAILWRIGHT_TOKEN")
    token.unlink()
    token.mkdir()
    refused(place.run(*command, user=""), "token file", "MAILWRIGHT_TOKEN")
    (place.workspace / "secret.key").write_bytes(b"short")
    refused(place.run("kb", "list"), "secret.key", code=3)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where connections are taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_a_database_that_does_not_answer(
    tmp_path: Path, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg", reason="needs psycopg: mailwright[postgresql]")
    monkeypatch.setattr("workflow.house._CONNECT_TIMEOUT_S", 2)  # the least that libpq takes
    add = ("users", "add", "Anna", "--role", "operator", "-w", tmp_path)
    closed = "postgresql+psycopg://anna:s3cret@127.0.0.1:1/mail"
    silent = f"postgresql://anna:s3cret@127.0.0.1:{silent_port}/mail"
    for url in (closed, silent):
        answer = run(*add, env={"MAILWRIGHT_DATABASE_URL": url})
        refused(answer, "database cannot be reached", code=3)
        assert "s3cret" not in answer.err


@pytest.mark.parametrize("url", ["mysql://u:s3cret@host/mail", "s3cret", "sqlite:///:memory:"])
def test_a_database_of_another_kind(tmp_path: Path, url: str) -> None:
    answer = run("kb", "add", "x.md", "-w", tmp_path, env={"MAILWRIGHT_DATABASE_URL": url})
    refused(answer, "sqlite:///FILE")
    assert "s3cret" not in answer.err


# Files to look at.


@pytest.mark.parametrize(
    "name, content, word",
    [
        ("mail.pdf", b"%PDF-1.7", ".eml"),
        ("mail", b"Subject: x\n\nHello\n", ".eml"),
        ("mail.eml", b"", "empty"),
        ("none.eml", None, "cannot be read"),
    ],
)
def test_a_file_that_holds_no_mail(
    tmp_path: Path, name: str, content: bytes | None, word: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    refused(run("screen", file), name, word)
    refused(run("screen", file, "--format", "json"), name, word)


def test_a_mail_of_noise_is_judged_and_not_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "noise.eml"
    file.write_bytes(NOISE)
    answer = run("screen", file, "--country", "DE", "--format", "json")
    assert answer.code == 1
    assert answer.json[0]["verdict"] == "block"


def test_texts_whose_language_cannot_be_told(tmp_path: Path) -> None:
    file = tmp_path / "texts.txt"
    file.write_bytes(NOISE)
    refused(run("language", file), "UTF-8")
    refused(run("language", "-", stdin=NOISE), "UTF-8")
    refused(run("language", tmp_path), "directory")
    refused(run("language", tmp_path / "none"), "No such file")
    file.write_bytes(b"")
    assert run("language", file, "--format", "json").json == []
    file.write_bytes(b"12345\n\0\0\n")
    rows = run("language", file, "--format", "json").json
    assert [row["language"] for row in rows] == ["", ""]
    assert run("language", file).code == 0


@pytest.mark.parametrize("content", [NOISE, b"", b"\n\n", b"hello\n", b"{}\n", b"[1, 2]\n"])
def test_a_file_that_is_no_audit_log(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "audit.jsonl"
    file.write_bytes(content)
    refused(run("audit", "verify", file), "audit export")
    refused(run("audit", "verify", tmp_path / "none"), "audit export")


# Sending.


def test_smtp_is_refused_without_an_address_that_answers(place: Place) -> None:
    sender = place.folder / "senders" / "korvane.yaml"
    sender.write_text(SENDER.replace("sample: true", "sample: false"), encoding="utf-8")
    env = {"MAILWRIGHT_TRANSPORT": "smtp", "MAILWRIGHT_SMTP_PORT": "1"}
    assert place.run("campaign", "run", place.brief, env=env).code == 0
    for row in place.run("review", "list", "--format", "json").json:
        assert place.run("review", "approve", row["draft"], user="li").code == 0
    answer = place.run("campaign", "run", place.brief, "--work", env=env)
    assert answer.code == 2
    assert "public_url" in answer.err.splitlines()[-1]
    refused(place.run("queue", "work", env=env), "public_url")
    counts = place.run("queue", "status", "--format", "json").json["counts"]
    assert (counts["due"], counts["sending"], counts["sent"]) == (4, 0, 0)


def test_an_invented_sender_goes_to_a_maildir_only(place: Place) -> None:
    assert place.run("campaign", "run", place.brief).code == 0
    for row in place.run("review", "list", "--format", "json").json:
        assert place.run("review", "approve", row["draft"], user="li").code == 0
    assert place.run("queue", "add", BRIEF).code == 0
    env = {"MAILWRIGHT_TRANSPORT": "smtp", "MAILWRIGHT_PUBLIC_URL": "https://mail.example"}
    refused(place.run("queue", "work", env=env), "invented sender")


def test_a_start_in_the_future_is_kept(place: Place) -> None:
    year = date.today().year + 1  # noqa: DTZ011 - any day of next year will do
    brief = write_brief(place.folder, ("start: null", f"start: {year}-12-24T10:00:00+01:00"))
    assert place.run("campaign", "run", brief).code == 0
    for row in place.run("review", "list", "--format", "json").json:
        assert place.run("review", "approve", row["draft"], user="li").code == 0
    counts = place.run("campaign", "run", brief, "--work", "--format", "json").json
    assert (counts["queued"], counts["sent"]) == (4, 0)
    due = place.run("queue", "status", "--state", "due", "--format", "json").json["due"]
    assert {row["due_at"][:16] for row in due} == {f"{year}-12-24T09:00"}


def test_a_demo_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    refused(run("demo", "--out", tmp_path), "other files", "--out")
    refused(run("demo", "--out", tmp_path / "mine.txt"), "is a file", "--out")
    refused(run("demo", "--out", tmp_path / "new", "--examples", tmp_path), "--examples")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


# What nobody foresaw.


def test_a_mistake_of_the_program_shows_no_data(
    base: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(house: object) -> None:
        raise KeyError("dana@amberline.example")

    monkeypatch.setattr("workflow.audience.list_contacts", broken)
    quiet = {"MAILWRIGHT_TRACEBACK": ""}
    answer = base.run("contacts", "list", env=quiet)
    reason = refused(answer, "KeyError", "test_bad_input.py line", code=3)
    assert "dana" not in reason


@pytest.mark.skipif(os.geteuid() == 0, reason="needs a user who is not root")
def test_a_workspace_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    refused(run("users", "add", "Anna", "--role", "operator", "-w", folder), "Permission denied")


def test_a_file_whose_name_is_an_address_is_imported_and_kept_out_of_the_log(
    place: Place, tmp_path: Path
) -> None:
    file = write_contacts(tmp_path / "dana@amberline.example.csv", *PEOPLE)
    answer = place.run("contacts", "import", file, "--format", "json")
    assert answer.code == 0, answer.err
    assert "@" not in place.run("audit", "export").out
