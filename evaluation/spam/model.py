"""The score of spam: signs weighed together, as a calibrated chance with its reasons.

The chance of spam is logistic in the signs (D. Cox, The regression analysis of binary sequences,
1958): 1 / (1 + exp(-z)), with z the sum of what each sign contributes, in log-odds. Weights of
signs that training has met stand in the model's file; every other sign contributes what its
rule file says. A sign of spam never lowers the chance, a sign of honest mail never raises it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evaluation.errors import BadRulePack
from evaluation.rulefiles import Signal

if TYPE_CHECKING:
    from evaluation.spam.reading import Hit

__all__ = [
    "Calibration",
    "Contribution",
    "Score",
    "SpamModel",
    "Training",
    "load_model",
    "model_file",
    "prior_weight",
    "write_model",
]

_HEAD = """\
# Weights of the signs of spam, learnt from mails that people sorted: made by a command, see
# docs/screening.md, and not meant to be changed by hand. `intercept` is a mail without signs,
# `travelled` what headers of a journey add where nothing is wrong with them, both in log-odds.
"""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Calibration(_Strict):
    """The chance is logistic in `slope` * z + `offset`, fitted on answers to mails that were not
    trained on (J. Platt, Probabilistic outputs for support vector machines, 1999, eq. 1)."""

    slope: float = Field(gt=0.0)
    offset: float
    prior: float = Field(gt=0.0, lt=1.0)  # share of spam among the mails that is assumed


class Training(_Strict):
    """What the model was trained on."""

    data: str
    spam: int
    honest: int
    pull: float  # how strongly weights are held to those of the rule files


class SpamModel(_Strict):
    version: str
    source: str
    trained_on: Training
    measured: Mapping[str, float]  # on mails not trained on, by the same command
    calibration: Calibration
    intercept: float
    travelled: float
    weights: Mapping[str, float]  # log-odds of a sign at its full strength

    def score(self, seen: Iterable[tuple[Signal, Hit]], *, travelled: bool) -> Score:
        """The chance of spam, and what brought it about. `travelled`: the mail has headers of a
        journey, so that what they do not show counts as well."""
        slope = self.calibration.slope
        shares = []
        for signal, hit in seen:
            weight = self.weights.get(signal.id)
            if weight is None:
                weight = prior_weight(signal)
            shares.append(Contribution(signal, hit, slope * weight * hit.strength))
        base = self.intercept + (self.travelled if travelled else 0.0)
        z = slope * base + self.calibration.offset + math.fsum(item.log_odds for item in shares)
        shares.sort(key=lambda item: (-abs(item.log_odds), item.signal.id))
        return Score(_logistic(z), tuple(shares))


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one sign adds to the log-odds of spam; below zero it speaks for an honest mail."""

    signal: Signal
    hit: Hit
    log_odds: float


@dataclass(frozen=True, slots=True)
class Score:
    chance: float  # 0 to 1
    contributions: tuple[Contribution, ...]  # the heaviest first


def prior_weight(signal: Signal) -> float:
    """The log-odds of a sign by its rule file: it moves an even chance to (1 + weight) / 2."""
    size = 2.0 * math.atanh(signal.weight)
    return -size if signal.honest else size


def _logistic(z: float) -> float:
    if z < 0:
        power = math.exp(max(z, -700.0))
        return power / (1.0 + power)
    return 1.0 / (1.0 + math.exp(-z))


def model_file() -> Path:
    """Where the product's own model stands."""
    return Path(str(resources.files("evaluation"))) / "rules" / "spam_model.yaml"


@cache
def load_model(path: Path | None = None) -> SpamModel:
    """The product's own model, or that of a file.

    Raises:
        BadRulePack: the file is missing or not as it must be.
    """
    file = path or model_file()
    try:
        raw: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return SpamModel.model_validate(raw)
    except OSError as error:
        raise BadRulePack(f"The model {file.name} cannot be read: train it.") from error
    except (yaml.YAMLError, ValidationError) as error:
        raise BadRulePack(f"The model {file.name} is not as it must be: train it.") from error


def write_model(model: SpamModel, path: Path) -> None:
    """Write the model as a file that `load_model` reads."""
    text = yaml.safe_dump(model.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    path.write_text(_HEAD + text, encoding="utf-8")
    load_model.cache_clear()
