"""A real workspace with the samples, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from contracts.decision import Role
from interface.web import close_studios
from interface.web.launch import make_sample
from workflow.approval import submit_campaign
from workflow.briefs import load_brief
from workflow.campaign import draft_campaign, make_variants
from workflow.house import House, open_house
from workflow.screening import screen_campaign
from workflow.settings import load_settings

ROOT = Path(__file__).parents[3]
CAMPAIGN = "condition-monitoring"


@dataclass(frozen=True)
class Sample:
    """A workspace and the token of each role."""

    folder: Path
    tokens: dict[Role, str]

    def house(self) -> House:
        return House(load_settings(self.folder))


def _copy(sample: Sample, to: Path) -> Sample:
    shutil.copytree(sample.folder, to)
    return replace(sample, folder=to)


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("filled") / "workspace"
    users = make_sample(folder, ROOT / "examples")
    return Sample(folder, {user.role: user.token for user in users})


@pytest.fixture(scope="session")
def _submitted(_filled: Sample, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    sample = _copy(_filled, tmp_path_factory.mktemp("submitted") / "workspace")
    with open_house(load_settings(sample.folder)) as house:
        actor = house.user(sample.tokens[Role.MARKETER])
        files = load_brief(sample.folder / "briefs" / f"{CAMPAIGN}.yaml")
        draft_campaign(house, files.brief, files.sender, actor)
        make_variants(house, CAMPAIGN, actor)
        screen_campaign(house, CAMPAIGN, actor)
        submit_campaign(house, CAMPAIGN, actor)
    return sample


@pytest.fixture
def filled(_filled: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sample:
    """Cases, contacts, a brief and three users; nothing drafted."""
    return _entered(_filled, tmp_path, monkeypatch)


@pytest.fixture
def submitted(_submitted: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sample:
    """The sample campaign, drafted, screened and before the reviewers."""
    return _entered(_submitted, tmp_path, monkeypatch)


def _entered(sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sample:
    copied = _copy(sample, tmp_path / "workspace")
    monkeypatch.setenv("MAILWRIGHT_WORKSPACE", str(copied.folder))
    monkeypatch.delenv("MAILWRIGHT_TOKEN", raising=False)
    return copied


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with nothing in it, not even users."""
    folder = tmp_path / "workspace"
    monkeypatch.setenv("MAILWRIGHT_WORKSPACE", str(folder))
    monkeypatch.delenv("MAILWRIGHT_TOKEN", raising=False)
    return folder


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_studios()


def _one_page(page: str) -> None:
    """The script of one page, as app.py runs it after sign-in."""
    from interface.web import current_user, prepare, show_who, studio_or_stop
    from interface.web.pages import show_page

    prepare()
    studio = studio_or_stop()
    user = current_user(studio)
    assert user is not None, "sign in first"
    show_who(studio, user)
    show_page(page, studio, user)


Opened = Callable[[Sample, Role, str], AppTest]


@pytest.fixture
def opened() -> Opened:
    """Opens a page as the sample user of a role."""

    def run(sample: Sample, role: Role, page: str) -> AppTest:
        app = AppTest.from_function(_one_page, kwargs={"page": page}, default_timeout=120)
        app.session_state["token"] = sample.tokens[role]
        app.run()
        assert not app.exception, app.exception
        return app

    return run
