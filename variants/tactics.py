"""The tactics by which wordings differ, each with a name a marketer knows it by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.mail import Slot
from variants.errors import BadExperiment

__all__ = ["Tactic", "tactics"]


class Tactic(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    slots: tuple[Slot, ...]
    name: str
    why: str


class _Tactics(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    source: str
    tactics: Mapping[str, Tactic]


@lru_cache(maxsize=1)
def tactics() -> Mapping[str, Tactic]:
    """Every tactic by its id.

    Raises:
        BadExperiment: variants/data/tactics.yaml does not load.
    """
    text = (files("variants") / "data" / "tactics.yaml").read_text(encoding="utf-8")
    try:
        return _Tactics.model_validate(yaml.safe_load(text)).tactics
    except (yaml.YAMLError, ValidationError) as error:
        raise BadExperiment(f"variants/data/tactics.yaml: {error}") from error
