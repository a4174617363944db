"""How well the score tells spam from newsletters, of 2002 and of today.

Spam of the SpamAssassin corpus against its newsletters ("hard ham") and against all its honest
mail, by five-fold cross-validation: a mail is scored by a model, calibration included, that was
trained without it and without its near copies. Beside it, SpamAssassin's own score of the same
mails where its program is installed, and the difference of the two areas. Today's mail: the
same spam against campaigns of 2016 to 2021 that no model has seen, all as bodies in one form.

Signs were written, and what is fixed in training was chosen, with seven tenths of the families
of mails at hand; `kept_aside` are the others, scored by a model of those seven tenths.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from contracts.seams import NoProgress, Progress
from contracts.verdict import Severity
from evaluation.context import ScreeningContext
from evaluation.fidelity import mail_language
from evaluation.look import Look
from evaluation.packs import RulePacks
from evaluation.spam.areas import (
    Flags,
    Floats,
    Interval,
    Numbers,
    calibration_error,
    difference_of_areas,
    interval_of_area,
)
from evaluation.spam.model import SpamModel
from evaluation.spam.signals import SPAM_WARNING, judge_spam
from evaluation.spam.training import (
    FOLDS,
    Examples,
    chances,
    folds_of,
    read_examples,
    train_on,
)
from evaluation.suites.spam_data import (
    Campaign,
    SortedMail,
    in_one_form,
    read_campaigns,
    read_sorted,
    read_templates,
    sender_of,
)
from evaluation.suites.spamassassin import spamassassin_scores
from evaluation.view.mailview import MailView

__all__ = ["evaluate_spam", "train_on_folder"]

_CONTEXT = ScreeningContext(now=datetime(2026, 1, 1, tzinfo=UTC))
_MARK = SPAM_WARNING / 1000
_ASIDE = 3  # of ten families
_CORPUS = "SpamAssassin public corpus, 2001 to 2003, as packaged by stdlib-js"
_SPAMASSASSIN_MARK = 5.0  # points, its own default

Measures = Mapping[str, Mapping[str, Mapping[str, float]]]
Group = Mapping[str, float]


def train_on_folder(data: Path, packs: RulePacks, version: str) -> SpamModel:
    """The model that the sorted mails of `data` give.

    Raises:
        NoSuchData: the folder does not hold them.
    """
    mails = read_sorted(data / "spamassassin")
    examples = read_examples(((mail.raw, mail.spam) for mail in mails), packs)
    return train_on(examples, data=_CORPUS, version=version)


def evaluate_spam(
    data: Path,
    packs: RulePacks,
    progress: Progress | None = None,
    other: Callable[[Sequence[bytes], Progress], list[float] | None] = spamassassin_scores,
) -> Measures:
    """{set: {group: {measure: number}}} of all that `data` holds. Shares are 0 to 1; `_low` and
    `_high` bound what stands before them at 95 %. `other` gives the points of SpamAssassin, or
    None where there is none to be asked.

    Raises:
        NoSuchData: the folder lacks the sorted mails or the campaigns.
    """
    progress = progress or NoProgress()
    mails = read_sorted(data / "spamassassin")
    campaigns = read_campaigns(data / "mozilla_emails" / "emails.jsonl")
    progress.start("reading", len(mails))
    examples = read_examples(_watched(((mail.raw, mail.spam) for mail in mails), progress), packs)
    progress.done()
    corpus = _Corpus(mails, examples)
    models = _models(examples, progress)
    found: dict[str, Mapping[str, Group]] = {
        "spam_of_2002": _of_corpus(
            corpus, models, other([mail.raw for mail in mails], progress), packs, progress
        ),
        "spam_of_today": _of_today(corpus, models, campaigns, packs, progress),
    }
    templates = data / "email_templates" / "files"
    if templates.is_dir():
        views = list(read_templates(templates))
        found["email_templates"] = {"all": _marked(views, packs, progress)}
    return found


@dataclass(frozen=True)
class _Corpus:
    mails: Sequence[SortedMail]
    examples: Examples

    @cached_property
    def newsletters(self) -> Flags:
        return np.array([mail.newsletter for mail in self.mails], dtype=bool)

    def measured(self, scores: Floats, mark: float, chosen: Flags | None = None) -> Group:
        """Areas and shares above the mark, of the `chosen` mails."""
        used = np.ones(len(self.mails), dtype=bool) if chosen is None else chosen
        spam, family = self.examples.spam & used, self.examples.family
        newsletters, honest = self.newsletters & used, ~self.examples.spam & used
        groups = {"spam": spam, "newsletters": newsletters, "personal": honest & ~newsletters}
        return {
            **_bounded("area_newsletters", interval_of_area(scores, spam, newsletters, family)),
            **_bounded("area_all_honest", interval_of_area(scores, spam, honest, family)),
            **{
                f"{name}_above": float((scores[members] >= mark).mean())
                for name, members in groups.items()
                if members.any()
            },
            **{name: float(members.sum()) for name, members in groups.items()},
        }

    def compared(self, one: Floats, other: Floats, chosen: Flags | None = None) -> Group:
        used = np.ones(len(self.mails), dtype=bool) if chosen is None else chosen
        spam, family = self.examples.spam & used, self.examples.family
        newsletters, honest = self.newsletters & used, ~self.examples.spam & used
        return {
            **_bounded(
                "area_newsletters", difference_of_areas(one, other, spam, newsletters, family)
            ),
            **_bounded("area_all_honest", difference_of_areas(one, other, spam, honest, family)),
        }


def _watched(
    mails: Iterable[tuple[bytes, bool]], progress: Progress
) -> Iterator[tuple[bytes, bool]]:
    for mail in mails:
        yield mail
        progress.advance()


def _models(examples: Examples, progress: Progress) -> list[SpamModel]:
    """A model for each fold, made of the other folds."""
    folds = folds_of(examples.family)
    progress.start("training", FOLDS)
    models = []
    for number in range(FOLDS):
        models.append(train_on(examples.of(folds != number), data=_CORPUS, version="fold"))
        progress.advance()
    progress.done()
    return models


def _scored(models: Sequence[SpamModel], examples: Examples) -> Floats:
    """The chance of each mail by the model that has not seen its fold."""
    folds = folds_of(examples.family)
    found = np.zeros(len(examples))
    for number, model in enumerate(models):
        found[folds == number] = chances(model, examples.of(folds == number))
    return found


def _of_corpus(
    corpus: _Corpus,
    models: Sequence[SpamModel],
    other: Sequence[float] | None,
    packs: RulePacks,
    progress: Progress,
) -> dict[str, Group]:
    examples = corpus.examples
    scores = _scored(models, examples)
    apart = replace(examples, family=_with_senders(corpus, packs))
    by_sender = _scored(_models(apart, progress), apart)
    aside = _aside(examples.family)
    kept = chances(train_on(examples.of(~aside), data=_CORPUS, version="aside"), examples)
    groups = {
        "five_folds": {
            **corpus.measured(scores, _MARK),
            "calibration_error": calibration_error(scores, examples.spam, examples.amounts),
        },
        "five_folds_of_content": corpus.measured(_scored(models, examples.content), _MARK),
        "five_folds_by_sender": corpus.measured(by_sender, _MARK),
        "kept_aside": corpus.measured(kept, _MARK, aside),
    }
    if other is not None:
        points = np.array(other)
        groups["spamassassin"] = corpus.measured(points, _SPAMASSASSIN_MARK)
        groups["spamassassin_kept_aside"] = corpus.measured(points, _SPAMASSASSIN_MARK, aside)
        groups["difference"] = corpus.compared(scores, points)
        groups["difference_kept_aside"] = corpus.compared(kept, points, aside)
    return groups


def _aside(family: Numbers) -> Flags:
    """The families that were not looked at while signs were written."""
    drawn = [zlib.crc32(str(item).encode()) % 10 >= 10 - _ASIDE for item in family]
    return np.array(drawn, dtype=bool)


def _with_senders(corpus: _Corpus, packs: RulePacks) -> Numbers:
    """Families that also hold together what one domain has sent."""
    freemail = tuple(packs.spam[""].freemail)
    joined = corpus.examples.family.copy()
    first: dict[str, int] = {}
    for number, mail in enumerate(corpus.mails):
        sender = sender_of(MailView.from_bytes(mail.raw), freemail)
        if sender:
            own, known = joined[number], first.setdefault(sender, int(joined[number]))
            if own != known:
                joined[joined == own] = known
                first = {name: known if item == own else item for name, item in first.items()}
    return joined


def _of_today(
    corpus: _Corpus,
    models: Sequence[SpamModel],
    campaigns: Sequence[Campaign],
    packs: RulePacks,
    progress: Progress,
) -> dict[str, Group]:
    """Spam by the model that has not seen it, campaigns by the mean of all models."""
    spam = [mail for mail in corpus.mails if mail.spam]
    family = corpus.examples.family[corpus.examples.spam]
    progress.start("one form", len(spam) + len(campaigns))
    bodies = []
    for mail in spam:
        view = MailView.from_bytes(mail.raw)
        bodies.append((in_one_form(view.subject, view.body), True))
    english = [item for item in campaigns if item.language == "en"]
    bodies += [(in_one_form(item.subject, item.body), False) for item in english]
    formed = read_examples(_watched(bodies, progress), packs)
    progress.done()
    folds = folds_of(corpus.examples.family)[corpus.examples.spam]
    every = np.array([chances(model, formed) for model in models])
    scores = every.mean(axis=0)
    scores[: len(spam)] = every[folds, np.arange(len(spam))]
    each = np.arange(len(english)) + family.max() + 1
    found = interval_of_area(scores, formed.spam, ~formed.spam, np.concatenate([family, each]))
    seen = [MailView.from_bytes(in_one_form(item.subject, item.body)) for item in campaigns]
    return {
        "english": {
            **_bounded("area", found),
            "spam_above": float((scores[formed.spam] >= _MARK).mean()),
            "campaigns_above": float((scores[~formed.spam] >= _MARK).mean()),
            "spam": float(len(spam)),
            "campaigns": float(len(english)),
        },
        "all_languages": _marked(seen, packs, progress),
    }


def _marked(views: Sequence[MailView], packs: RulePacks, progress: Progress) -> Group:
    """How the product's own model judges honest mails: a count of those above the mark, of
    those that a sign of spam blocks, and the highest score."""
    progress.start("honest mails", len(views))
    above, blocked, highest = 0, 0, 0
    for view in views:
        report = judge_spam(Look(view, _CONTEXT, packs, mail_language(view.body)))
        above += report.score >= SPAM_WARNING
        blocked += any(item.severity is Severity.BLOCK for item in report.findings)
        highest = max(highest, report.score)
        progress.advance()
    progress.done()
    return {
        "mails": float(len(views)),
        "above": float(above),
        "blocked": float(blocked),
        "highest": highest / 1000,
    }


def _bounded(name: str, interval: Interval) -> Group:
    """Nothing where there are no mails to measure it on."""
    if np.isnan(interval.value):
        return {}
    return {
        name: interval.value,
        f"{name}_low": interval.low,
        f"{name}_high": interval.high,
    }
