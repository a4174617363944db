"""What can go wrong between a contact and a draft.

MailwrightError
├── BadInput
│   └── BadPhrases        a phrase file, prompt or template is broken
├── NoText                the brief or the phrases have no text in a language
├── NoEvidence            nothing that may be cited fits a segment
└── CouldNotFinish
    └── ModelUnavailable  the configured chat model did not answer usefully
"""

from __future__ import annotations

from contracts.errors import BadInput, CouldNotFinish, MailwrightError

__all__ = ["BadPhrases", "ModelUnavailable", "NoEvidence", "NoText"]


class BadPhrases(BadInput):
    """A phrase file is broken."""


class NoText(MailwrightError):
    """There is no text in this language."""

    def __init__(self, language: str, fields: tuple[str, ...]) -> None:
        self.language = language
        self.fields = fields  # "offer.zh-Hans" …
        super().__init__(f"no text in {language} for {', '.join(fields)}: add it to the brief")


class NoEvidence(MailwrightError):
    """No case that may be cited fits."""


class ModelUnavailable(CouldNotFinish):
    """The chat model did not answer."""
