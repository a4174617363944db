"""How the studio is started, and what its pages may import."""

from __future__ import annotations

import ast
import stat
from pathlib import Path

import pytest

from contracts.errors import BadInput
from interface.web.launch import TOKENS, app_file, command, environment, make_sample

ROOT = Path(__file__).parents[3]
WEB = ROOT / "interface" / "web"
ROOMS = {
    "delivery",
    "evaluation",
    "knowledge_base",
    "personalize",
    "review",
    "storage",
    "variants",
}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_no_page_looks_past_workflow():
    past = {path.name for path in WEB.rglob("*.py") if _imports(path) & ROOMS}
    assert past == set()


def test_the_entry_imports_the_pages_and_nothing_below_them():
    assert _imports(ROOT / "app.py") == {"__future__", "streamlit", "interface"}


def test_the_command_names_the_entry_and_keeps_traces_to_itself():
    run = command(8123, headless=True)
    options = dict(zip(run[5::2], run[6::2], strict=True))
    assert run[4] == str(app_file())
    assert options["--server.port"] == "8123"
    assert options["--server.address"] == "127.0.0.1"
    assert options["--client.showErrorDetails"] == "type"
    assert options["--browser.gatherUsageStats"] == "false"


def test_the_workspace_goes_by_the_environment(monkeypatch):
    monkeypatch.setenv("MAILWRIGHT_WORKSPACE", "elsewhere")
    assert environment(Path("here"))["MAILWRIGHT_WORKSPACE"] == "here"
    assert environment(None)["MAILWRIGHT_WORKSPACE"] == "elsewhere"


def test_a_sample_is_made_once_and_its_tokens_are_for_the_owner(filled):
    before = (filled.folder / TOKENS).read_text(encoding="utf-8")
    assert make_sample(filled.folder, ROOT / "examples") == ()
    assert (filled.folder / TOKENS).read_text(encoding="utf-8") == before
    assert all(token in before for token in filled.tokens.values())
    assert stat.S_IMODE((filled.folder / TOKENS).stat().st_mode) == 0o600


def test_without_samples_nothing_is_made(tmp_path):
    with pytest.raises(BadInput):
        make_sample(tmp_path / "workspace", tmp_path)
    assert not (tmp_path / "workspace").exists()
