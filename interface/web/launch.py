"""Starts the studio: `python -m interface.web.launch [--workspace DIR] [--port N] [--sample]`.

`mailwright ui` runs the same command; `--sample` first fills an empty workspace with the
samples, so that there is something to look at and somebody to sign in as.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.decision import Role
from contracts.errors import BadInput, MailwrightError
from workflow.audience import import_contacts
from workflow.house import open_house
from workflow.knowledge import add_cases
from workflow.people import add_user, list_users
from workflow.settings import load_settings

__all__ = ["SampleUser", "app_file", "command", "environment", "make_sample"]

TOKENS = "sample-tokens.txt"
_SAMPLE_USERS = (
    ("Olga Operator", "olga", Role.OPERATOR),
    ("Mira Marketer", "mira", Role.MARKETER),
    ("Ruben Reviewer", "ruben", Role.REVIEWER),
)
_THEME = {
    "base": "light",
    "primaryColor": "#1d5f8a",
    "secondaryBackgroundColor": "#f4f6f9",
    "textColor": "#1c2733",
    "borderColor": "#d9dfe7",
    "baseRadius": "0.5rem",
}


@dataclass(frozen=True, slots=True)
class SampleUser:
    name: str
    role: Role
    token: str


def app_file() -> Path:
    """Where app.py is: beside the packages, installed or not.

    Raises:
        BadInput: it is not there.
    """
    path = Path(__file__).resolve().parents[2] / "app.py"
    if not path.is_file():
        raise BadInput("app.py is not beside the package: run `streamlit run app.py` where it is")
    return path


def command(port: int = 8501, *, address: str = "127.0.0.1", headless: bool = False) -> list[str]:
    """What to run for the studio. Unexpected errors show their kind only, nothing is
    reported to anybody, and uploads are as large as a case file may be."""
    options = {
        "server.port": str(port),
        "server.address": address,
        "server.headless": str(headless).lower(),
        "server.maxUploadSize": "100",  # megabytes, as large as a document may be
        "server.fileWatcherType": "none",  # an upgrade takes effect with a restart, not halfway
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "type",
        **{f"theme.{name}": value for name, value in _THEME.items()},
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(app_file()), *flags]


def environment(workspace: Path | None) -> Mapping[str, str]:
    """The variables to run it with."""
    given = {"MAILWRIGHT_WORKSPACE": str(workspace)} if workspace is not None else {}
    return {**os.environ, **given}


def make_sample(workspace: Path, examples: Path) -> tuple[SampleUser, ...]:
    """Fill an empty workspace with the samples and three users; what has users already is
    left alone, and the answer is then empty. The tokens are also kept in the workspace,
    for its owner only: it is a sample, and its mails reach nobody.

    Raises:
        BadInput: the samples are missing.
    """
    if not (examples / "briefs").is_dir():
        raise BadInput(f"no samples in {examples}: start where the folder examples/ is")
    with open_house(load_settings(workspace)) as house:
        if list_users(house):
            return ()
        made: list[SampleUser] = []
        operator = None
        for name, user_id, role in _SAMPLE_USERS:
            new = add_user(house, name, {role}, operator, user_id)
            operator = operator or new.user
            made.append(SampleUser(name, role, new.token))
        for folder in ("briefs", "senders"):
            shutil.copytree(examples / folder, workspace / folder, dirs_exist_ok=True)
        add_cases(house, [examples / "cases"], operator)
        import_contacts(house, examples / "contacts.csv", operator)
    file = workspace / TOKENS
    file.touch(mode=0o600)
    file.write_text("".join(f"{user.role}\t{user.token}\n" for user in made), encoding="utf-8")
    return tuple(made)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m interface.web.launch", description=__doc__)
    parser.add_argument("--workspace", type=Path, help="the workspace folder")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--headless", action="store_true", help="open no browser")
    parser.add_argument("--sample", action="store_true", help="fill an empty workspace first")
    given = parser.parse_args(arguments)
    try:
        if given.sample:
            workspace = given.workspace or load_settings().workspace
            make_sample(workspace, Path("examples"))
            tokens = workspace / TOKENS
            if tokens.is_file():
                print(f"Sign in with a token of {tokens}:")
                print(tokens.read_text(encoding="utf-8"), end="")
        run = command(given.port, headless=given.headless)
    except MailwrightError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    sys.stdout.flush()
    # This process becomes the studio, so that whoever stops the one stops the other.
    os.execve(run[0], run, dict(environment(given.workspace)))  # noqa: S606 - our own command


if __name__ == "__main__":
    main()
