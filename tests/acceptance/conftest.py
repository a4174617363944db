"""A sample campaign, built once through the real rooms and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.decision import Role, User
from workflow.approval import submit_campaign
from workflow.audience import import_contacts
from workflow.briefs import BriefFiles, load_brief
from workflow.campaign import draft_campaign, make_variants
from workflow.house import House, open_house
from workflow.knowledge import add_cases
from workflow.people import add_user
from workflow.screening import screen_campaign
from workflow.settings import load_settings

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass(frozen=True)
class Sample:
    folder: Path
    files: BriefFiles
    marketer: User
    reviewer: User
    both: User  # a reviewer who also writes
    tokens: dict[str, str]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample campaign, submitted and not yet approved."""
    folder = tmp_path_factory.mktemp("sample") / "workspace"
    files = load_brief(EXAMPLES / "briefs" / "condition-monitoring.yaml")
    with open_house(load_settings(folder)) as house:
        marketer = add_user(house, "Mira", {Role.MARKETER, Role.OPERATOR}, None, "mira")
        reviewer = add_user(house, "Ruben", {Role.REVIEWER}, marketer.user, "ruben")
        both = add_user(house, "Bo", {Role.MARKETER, Role.REVIEWER}, marketer.user, "bo")
        add_cases(house, [EXAMPLES / "cases"], marketer.user)
        import_contacts(house, EXAMPLES / "contacts.csv", marketer.user)
        draft_campaign(house, files.brief, files.sender, marketer.user)
        make_variants(house, files.brief.name, marketer.user)
        screen_campaign(house, files.brief.name, marketer.user)
        submit_campaign(house, files.brief.name, marketer.user)
    tokens = {made.user.id: made.token for made in (marketer, reviewer, both)}
    return Sample(folder, files, marketer.user, reviewer.user, both.user, tokens)


@pytest.fixture
def sample(built: Sample, tmp_path: Path) -> Sample:
    """A copy that a test may spoil."""
    folder = tmp_path / "workspace"
    shutil.copytree(built.folder, folder)
    return Sample(folder, built.files, built.marketer, built.reviewer, built.both, built.tokens)


@pytest.fixture
def house(sample: Sample) -> Iterator[House]:
    with open_house(load_settings(sample.folder)) as opened:
        yield opened
