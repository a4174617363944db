"""Searching a workspace, and an index that lost what the records hold."""

from __future__ import annotations

import shutil

import pytest
from kb_samples import sample_cases

from knowledge_base import HASHED_WORDS
from workflow.errors import IndexEmpty
from workflow.house import open_house
from workflow.knowledge import add_cases, rebuild_index, search
from workflow.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    return load_settings(tmp_path / "workspace", embedding_model=HASHED_WORDS)


def test_an_index_that_was_lost_does_not_look_like_nothing_fits(settings, tmp_path):
    sample_cases(tmp_path / "cases")
    with open_house(settings) as house:
        assert search(house, "downtime") == ()  # no cases, so nothing fits
        add_cases(house, [tmp_path / "cases"])
        assert search(house, "unplanned downtime")[0].case_id == "larkmoor"
    shutil.rmtree(settings.workspace / "chroma")
    with open_house(settings) as house:
        with pytest.raises(IndexEmpty, match="kb check --rebuild"):
            search(house, "unplanned downtime")
        assert rebuild_index(house) > 0
        assert search(house, "unplanned downtime")[0].case_id == "larkmoor"
