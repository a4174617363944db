"""The command line as a person meets it, and a small workspace to use it on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from interface.cli.main import app

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BRIEF = "condition-monitoring"
CASES = ("bergtaler-molkerei", "larkmoor-bakeries", "chenglan-beverage")

HEADER = (
    "first name,last name,salutation,company,industry,country,language,email,"
    "source,consent,consent date,consent wording"
)
_WORDS = "Messe,double opt-in,2026-03-18,Yes please"
PEOPLE = (
    f"Dana,Whitlock,Ms,Amberline Foods,food,US,en,dana@amberline.example,{_WORDS}",
    f"Tom,Castell,Mr,Prairie Oats,food,US,en,tom@prairie.example,{_WORDS}",
    f"Sabine,Kern,Ms,Backhaus Wiesenrade,food,DE,de,sabine@wiesenrade.example,{_WORDS}",
    f"敏,周,,沐岬饮料,food,CN,zh-Hans,zhou.min@mujia.example,{_WORDS}",
)
NO_FIT = f"Marcus,Delgado,Mr,Copper Heron,logistics,US,en,marcus@heron.example,{_WORDS}"
JAPAN = f"Ken,Sato,Mr,Kaigan Foods,food,JP,en,ken@kaigan.example,{_WORDS}"


@dataclass(frozen=True)
class Answer:
    """What a command left behind: its exit code and both of its streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, all of it, as JSON; fails where anything else stands there."""
        return json.loads(self.out)

    @property
    def reason(self) -> str:
        """The one line that says why; fails where an error is more than that."""
        lines = [line for line in self.err.splitlines() if line.startswith("mailwright: ")]
        assert len(lines) == 1, self.err
        assert self.err.rstrip("\n").endswith(lines[0]), self.err
        assert "Traceback" not in self.err
        return lines[0].removeprefix("mailwright: ")


def run(
    *arguments: str | Path,
    token: str | None = None,
    stdin: str | bytes | None = None,
    env: Mapping[str, str] | None = None,
) -> Answer:
    """`mailwright ARGUMENTS` in this process, with embeddings that need no model."""
    # None takes a variable away: what the developer has set does not count here.
    environment: dict[str, str | None] = {
        "MAILWRIGHT_EMBEDDING_MODEL": "hashed-words",
        "MAILWRIGHT_WORKSPACE": None,
        "MAILWRIGHT_TOKEN": token,
        "MAILWRIGHT_TRACEBACK": "1",  # a mistake of the program is not to look like an answer
        **(env or {}),
    }
    done = CliRunner().invoke(
        app, [str(part) for part in arguments], input=stdin, env=environment, prog_name="mailwright"
    )
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Answer(done.exit_code, done.stdout, done.stderr)


def write_contacts(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def write_cases(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names or CASES:
        shutil.copy(EXAMPLES / "cases" / f"{name}.md", folder)
    return folder


def write_brief(folder: Path, *changes: tuple[str, str]) -> Path:
    """The sample brief in `folder`, with pieces of its text replaced, and its sender."""
    text = (EXAMPLES / "briefs" / f"{BRIEF}.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"the sample brief has no {old!r}"
        text = text.replace(old, new)
    (folder / "senders").mkdir(parents=True, exist_ok=True)
    shutil.copy(EXAMPLES / "senders" / "korvane.yaml", folder / "senders")
    path = folder / "brief.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@dataclass(frozen=True)
class Place:
    """A workspace with three cases, some contacts and three users, and a brief beside it."""

    folder: Path
    tokens: Mapping[str, str]

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def brief(self) -> Path:
        return self.folder / "brief.yaml"

    def run(self, *arguments: str | Path, user: str = "anna", **given: Any) -> Answer:
        """A command in this workspace, as one of its users ("" for nobody)."""
        given.setdefault("token", self.tokens.get(user))
        return run(*arguments, "--workspace", self.workspace, **given)

    def copy(self, folder: Path) -> Place:
        shutil.copytree(self.folder, folder)
        return Place(folder, self.tokens)


@cache
def built(folder: Path) -> Place:
    """The place, made once for each folder through the command line itself."""
    place = Place(folder, {})
    tokens: dict[str, str] = {}
    for name, *roles in (
        ("Anna", "operator", "marketer", "reviewer"),
        ("Li", "reviewer"),
        ("Max", "marketer"),
    ):
        options = [part for role in roles for part in ("--role", role)]
        made = run(
            *("users", "add", name, *options, "--format", "json", "-w", place.workspace),
            token=tokens.get("anna"),
        )
        assert made.code == 0, made.err
        tokens[made.json["id"]] = made.json["token"]
    place = Place(folder, tokens)
    assert place.run("kb", "add", write_cases(folder / "cases")).code == 0
    assert place.run("contacts", "import", write_contacts(folder / "p.csv", *PEOPLE)).code == 0
    write_brief(folder)
    return place
