"""Training the score of spam anew on mails that people sorted."""

from __future__ import annotations

from pathlib import Path

from contracts.errors import BadInput
from contracts.seams import Clock
from evaluation import load_packs
from evaluation.spam.model import SpamModel, model_file, write_model
from evaluation.suites.spam import train_on_folder

__all__ = ["train_spam"]


def train_spam(data: Path, file: Path | None, clock: Clock) -> tuple[SpamModel, Path]:
    """Learn from the folder `spamassassin` of `data`; the model, and where it was written: to
    `file`, or in the place of the product's own.

    Raises:
        BadInput: the model cannot be written there.
        NoSuchData: the folder does not hold sorted mails.
    """
    model = train_on_folder(data, load_packs(), clock().date().isoformat())
    target = file or model_file()
    try:
        write_model(model, target)
    except OSError as error:
        raise BadInput(
            f"{target} cannot be written ({error.strerror}): name another file with --write"
        ) from error
    return model, target
