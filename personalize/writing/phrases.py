"""The phrase book of one language: every sentence that the product writes in it.

Files are `personalize/phrases/<BCP 47>.yaml`. A language is offered when its file is
there; a test says what a file lacks against the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from personalize.errors import BadPhrases, NoText

__all__ = ["Angle", "Pattern", "PhraseBook", "languages", "phrase_book"]

Need = Literal[
    "named", "anonymous", "ours", "metric", "industry", "angle", "before_after", "change",
    "told", "retold", "challenge", "solution", "second", "caveat", "single",
    "introduced", "unintroduced", "result", "story",
]  # fmt: skip
"""What evidence a pattern needs: `told` is a result in the case's own sentence, `retold` one
that is put into words from its data, `story` a case that is told without a result. `single` is
there when no second result is, `introduced` when the problem already spoke of the customer.
`before_after` and `change` are there only where the data says as much as the sentence does."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pattern(_Strict):
    id: str
    text: str
    tactic: str = ""
    needs: tuple[Need, ...] = ()


class Angle(_Strict):
    """How to speak of one family of metrics without claiming anything of the reader."""

    id: str
    metrics: tuple[str, ...]  # taxonomy ids; empty for the angle that fits all
    cues: tuple[str, ...]  # words by which a sentence of a case is known to speak of this
    subject: str  # a question for a subject line
    question: str  # the same as an opener
    mechanism: str  # why it matters, in one or two sentences without figures


class Limits(_Strict):
    subject: int  # characters, label included
    preheader: int
    body_max: int
    count: Literal["words", "characters"]


class Who(_Strict):
    """How a case's customer is called, by what may be said."""

    named_ours: Mapping[str, str]
    named: Mapping[str, str]
    anonymous: Mapping[str, str]


class Footer(_Strict):
    blocks: Mapping[str, str]  # block -> Jinja2 text; [[unsubscribe_url]] and [[reason]] in it
    unsubscribe_label: str
    reasons: Mapping[str, str]  # consent kind -> why this person gets the mail
    privacy_label: str


class PhraseBook(_Strict):
    version: int
    source: str
    language: str
    direction: Literal["ltr", "rtl"] = "ltr"
    limits: Limits
    who: Who
    verbs: Mapping[str, Mapping[str, str]]  # down/up -> form -> word
    repeat_unit: tuple[str, ...] = ()  # kinds of unit that stand with both of two figures
    dangling: tuple[str, ...] = ()  # first words of sentences that hang on the one before
    greeting: str  # the module: [[greeting]] and what always follows it
    greetings: Mapping[str, str]  # key of the salutation rules -> text
    angles: tuple[Angle, ...]
    subjects: tuple[Pattern, ...]
    preheaders: tuple[Pattern, ...]
    openers: tuple[Pattern, ...]
    problems: tuple[Pattern, ...]
    proofs: tuple[Pattern, ...]
    offers: tuple[Pattern, ...]
    calls: tuple[Pattern, ...]
    sign_offs: tuple[Pattern, ...]
    footer: Footer
    view: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _general_angle(self) -> PhraseBook:
        if sum(1 for angle in self.angles if not angle.metrics) != 1:
            raise ValueError("exactly one angle must name no metrics: it serves all others")
        return self

    def angle(self, metric: str) -> Angle:
        """The angle for a metric, the general one where no other fits."""
        general = next(angle for angle in self.angles if not angle.metrics)
        return next((angle for angle in self.angles if metric in angle.metrics), general)


def _folder() -> Traversable:
    return files("personalize") / "phrases"


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Every language that has a phrase book, sorted."""
    names = (item.name for item in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@lru_cache(maxsize=32)
def phrase_book(language: str) -> PhraseBook:
    """The phrases of `language`.

    Raises:
        NoText: the product does not write this language.
        BadPhrases: the file does not load; the message names the key.
    """
    if language not in languages():
        raise NoText(language, (f"phrases/{language}.yaml",))
    try:
        data = yaml.safe_load((_folder() / f"{language}.yaml").read_text(encoding="utf-8"))
        book = PhraseBook.model_validate(data)
    except (yaml.YAMLError, ValidationError) as error:
        raise BadPhrases(f"phrases/{language}.yaml: {error}") from error
    if book.language != language:
        raise BadPhrases(f"phrases/{language}.yaml says it is in {book.language}")
    return book
