"""Training the score of spam: from mails that people sorted to weights with reasons.

Weights are the most probable ones given the mails and the rule files: logistic regression with
a Gaussian prior around each rule file's weight, within bounds. Bounds keep every weight's sign;
a deceptive sign weighs at least what its rule file says; how a text is written (its style, in
words to a hundred) cannot make spam of it alone, nor can words of honest mail that anybody may
write outweigh much. Each mail is learnt from twice, as a message and as its content alone, so
that a page without headers is judged as well as it can be, and honest mail that is laid out as
a page, as advertising is, weighs more than what people write to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from evaluation.context import ScreeningContext
from evaluation.fidelity import mail_language
from evaluation.look import Look
from evaluation.packs import RulePacks, load_packs
from evaluation.rulefiles import Signal
from evaluation.spam.areas import Flags, Floats, Numbers, area
from evaluation.spam.duplicates import families
from evaluation.spam.model import Calibration, SpamModel, Training, prior_weight
from evaluation.spam.reading import Reading
from evaluation.spam.signals import seen_signals
from evaluation.view.mailview import MailView

__all__ = ["FOLDS", "Examples", "chances", "folds_of", "read_examples", "train", "train_on"]

PULL = 3e-3  # precision of the prior, to the mean loss of a mail; chosen before the measures
STYLE = 0.6  # log-odds that one measure of style may add
HONEST = 1.5  # log-odds that one sign of honest mail may take away
FOLDS = 5
_PRIOR = 0.5
_SHARES = (0.3, 0.2)  # of honest pages and of other honest mail in the whole
_STEPS = 800
_SEED = 20021010  # of the order in which families of mails are dealt out
_CONTEXT = ScreeningContext(now=datetime(2026, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Examples:
    """Sorted mails as the regression sees them, one row each. `bare` are the same mails without
    their headers."""

    signals: tuple[Signal, ...]
    whole: Floats
    bare: Floats
    travelled: Flags
    spam: Flags
    paged: Flags  # has an HTML part
    family: Numbers

    def __len__(self) -> int:
        return len(self.spam)

    @cached_property
    def amounts(self) -> Floats:
        """How much each mail counts; 1 in all."""
        amounts = np.zeros(len(self))
        honest = ~self.spam
        groups = [(self.spam, 1.0 - sum(_SHARES))]
        groups += [(honest & self.paged, _SHARES[0]), (honest & ~self.paged, _SHARES[1])]
        for members, share in groups:
            if members.any():
                amounts[members] = share / members.sum()
        return np.asarray(amounts / max(amounts.sum(), 1e-12), dtype=np.float64)

    @property
    def content(self) -> Examples:
        """The same mails where nobody has their headers."""
        nowhere = np.zeros(len(self), dtype=bool)
        return replace(self, whole=self.bare, travelled=nowhere)

    def of(self, chosen: Flags) -> Examples:
        return Examples(
            self.signals,
            self.whole[chosen],
            self.bare[chosen],
            self.travelled[chosen],
            self.spam[chosen],
            self.paged[chosen],
            self.family[chosen],
        )


@dataclass(frozen=True)
class Fitted:
    intercept: float
    travelled: float
    weights: Floats

    def of_whole(self, examples: Examples) -> Floats:
        """Log-odds of the mails as messages."""
        base = self.intercept + self.travelled * examples.travelled
        return np.asarray(base + examples.whole @ self.weights, dtype=np.float64)

    def of_bare(self, examples: Examples) -> Floats:
        """Log-odds of their content alone."""
        return np.asarray(self.intercept + examples.bare @ self.weights, dtype=np.float64)


def train(mails: Iterable[tuple[bytes, bool]], *, data: str, version: str) -> SpamModel:
    """Learn from mails and whether each is spam. `data` says what they are.

    Raises:
        ValueError: there is no spam among them, or nothing else.
    """
    return train_on(read_examples(mails, load_packs()), data=data, version=version)


def train_on(examples: Examples, *, data: str, version: str) -> SpamModel:
    """Like `train`, of mails that were read before."""
    if examples.spam.all() or not examples.spam.any():
        raise ValueError("there must be spam and honest mail to learn from")
    whole, bare = _out_of_fold(examples)
    z = np.concatenate([whole, bare])
    truth = np.concatenate([examples.spam, examples.spam])
    amounts = np.concatenate([examples.amounts, examples.amounts])
    slope, offset = _platt(z, truth, amounts)
    fitted = fit(examples)
    above = slope * whole + offset > 0
    met = np.vstack([examples.whole, examples.bare]).max(axis=0) > 0
    return SpamModel(
        version=version,
        source="Learnt from sorted mails by logistic regression around the weights of the rules",
        trained_on=Training(
            data=data,
            spam=int(examples.spam.sum()),
            honest=int((~examples.spam).sum()),
            pull=PULL,
        ),
        measured={
            "area": round(area(whole[examples.spam], whole[~examples.spam]), 4),
            "area_of_content": round(area(bare[examples.spam], bare[~examples.spam]), 4),
            "spam_above_even": round(float(above[examples.spam].mean()), 4),
            "honest_above_even": round(float(above[~examples.spam].mean()), 4),
        },
        calibration=Calibration(slope=round(slope, 4), offset=round(offset, 4), prior=_PRIOR),
        intercept=round(fitted.intercept, 4),
        travelled=round(fitted.travelled, 4),
        weights={
            signal.id: round(float(weight), 4)
            for signal, weight, seen in zip(
                examples.signals, fitted.weights, met.tolist(), strict=True
            )
            if seen
        },
    )


def chances(model: SpamModel, examples: Examples) -> Floats:
    """The chance of spam of each mail, as `SpamModel.score` gives it for one."""
    weights = np.array(
        [model.weights.get(item.id, prior_weight(item)) for item in examples.signals]
    )
    z = model.intercept + model.travelled * examples.travelled + examples.whole @ weights
    z = model.calibration.slope * z + model.calibration.offset
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(z, -500.0, 500.0))), dtype=np.float64)


def read_examples(mails: Iterable[tuple[bytes, bool]], packs: RulePacks) -> Examples:
    """What the signs say of each mail, in its own language."""
    signals = tuple(signal for pack in packs.spam.values() for signal in pack.signals)
    index = {signal.id: number for number, signal in enumerate(signals)}
    whole: list[Floats] = []
    bare: list[Floats] = []
    travelled, spam, paged, bodies = [], [], [], []
    for raw, is_spam in mails:
        view = MailView.from_bytes(raw)
        language = mail_language(view.body)
        content = MailView.from_parts(subject=view.subject, html=view.html, text=view.text)
        reading = Reading(Look(view, _CONTEXT, packs, language))
        whole.append(_row(reading, index))
        bare.append(_row(Reading(Look(content, _CONTEXT, packs, language)), index))
        travelled.append(reading.travelled)
        spam.append(is_spam)
        paged.append(bool(view.html.strip()))
        bodies.append(view.body)
    return Examples(
        signals,
        np.array(whole).reshape(len(spam), len(signals)),
        np.array(bare).reshape(len(spam), len(signals)),
        np.array(travelled, dtype=bool),
        np.array(spam, dtype=bool),
        np.array(paged, dtype=bool),
        np.array(families(bodies), dtype=np.int64),
    )


def _row(reading: Reading, index: dict[str, int]) -> Floats:
    row = np.zeros(len(index))
    for signal, hit in seen_signals(reading):
        row[index[signal.id]] = hit.strength
    return row


def fit(examples: Examples) -> Fitted:
    """The weights, by projected gradients with momentum (FISTA: A. Beck, M. Teboulle, A fast
    iterative shrinkage-thresholding algorithm, 2009, with a projection as its proximal step)."""
    count = len(examples)
    rows = np.vstack([examples.whole, examples.bare])
    travelled = np.concatenate([examples.travelled, np.zeros(count)])
    design = np.column_stack([np.ones(2 * count), travelled, rows])
    truth = np.concatenate([examples.spam, examples.spam]).astype(np.float64)
    amounts = np.concatenate([examples.amounts, examples.amounts]) / 2.0
    prior, low, high = _bounds(examples.signals)
    pull = np.full(len(prior), PULL)
    pull[:2] = 0.0
    spread = (design * amounts[:, None]).T @ design
    step = 1.0 / (0.25 * float(np.linalg.eigvalsh(spread)[-1]) + PULL)
    weights = np.clip(prior, low, high)
    ahead, momentum = weights, 1.0
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-(design @ ahead)))
        slope = design.T @ (amounts * (chance - truth)) + pull * (ahead - prior)
        found = np.clip(ahead - step * slope, low, high)
        following = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        ahead = found + (momentum - 1.0) / following * (found - weights)
        weights, momentum = found, following
    return Fitted(float(weights[0]), float(weights[1]), weights[2:])


def _bounds(signals: Sequence[Signal]) -> tuple[Floats, Floats, Floats]:
    """The rule files' weights and the bounds of each, behind two free numbers."""
    prior, low, high = [0.0, 0.0], [-np.inf, -np.inf], [np.inf, np.inf]
    for signal in signals:
        weight = prior_weight(signal)
        prior.append(weight)
        if signal.honest:
            low.append(-HONEST)
            high.append(0.0)
        else:
            low.append(weight if signal.deceptive else 0.0)
            high.append(STYLE if signal.phrases and signal.full else np.inf)
    return np.array(prior), np.array(low), np.array(high)


def folds_of(family: Numbers, seed: int = _SEED) -> Numbers:
    """A fold for each mail; all mails of a family are in the same."""
    known = np.unique(family)
    np.random.default_rng(seed).shuffle(known)
    fold = {int(item): number % FOLDS for number, item in enumerate(known)}
    return np.array([fold[int(item)] for item in family], dtype=np.int64)


def _out_of_fold(examples: Examples) -> tuple[Floats, Floats]:
    """Log-odds of each mail, and of its content, by weights that were not learnt from it or
    its like."""
    whole, bare = np.zeros(len(examples)), np.zeros(len(examples))
    fold = folds_of(examples.family)
    for number in range(FOLDS):
        kept = fold == number
        learnt = examples.of(~kept)
        if not kept.any() or learnt.spam.all() or not learnt.spam.any():
            continue
        fitted = fit(learnt)
        aside = examples.of(kept)
        whole[kept], bare[kept] = fitted.of_whole(aside), fitted.of_bare(aside)
    return whole, bare


def _platt(z: Floats, truth: Flags, amounts: Floats) -> tuple[float, float]:
    """Slope and offset that make log-odds of `z` calibrated, by Newton's method. Slightly held
    to 1 and 0, so that mails which part wholly give no infinite slope."""
    design = np.column_stack([z, np.ones(len(z))])
    amounts = amounts / amounts.sum()
    found, start, pull = np.array([1.0, 0.0]), np.array([1.0, 0.0]), 1e-3
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ found, -500, 500)))
        slope = design.T @ (amounts * (chance - truth)) + pull * (found - start)
        bend = (design * (amounts * chance * (1.0 - chance))[:, None]).T @ design
        found = found - np.linalg.solve(bend + pull * np.eye(2), slope)
    return max(float(found[0]), 0.05), float(found[1])
