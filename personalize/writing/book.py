"""The phrase book of one language: every sentence that the product writes in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import yaml
from pydantic import BaseModel, ConfigDict

from contracts.voice import AddressWords
from language.datafile import DataFile
from personalize.errors import BadPhrases
from personalize.writing.language_files import (
    Angles as AngleFile,
)
from personalize.writing.language_files import (
    AngleWords,
    Blocks,
    Footer,
    Greetings,
    Limits,
    Mail,
    Mails,
    Pattern,
    Profile,
    Scenes,
    Terms,
)
from personalize.writing.language_folder import languages, own_versions, read_folder

__all__ = [
    "GENERAL",
    "Angle",
    "LanguageBook",
    "Pattern",
    "address_words",
    "angle_kinds",
    "language_book",
    "languages",
    "main_language",
    "regional_language",
    "regional_languages",
]

GENERAL = "general"
_RELAXED = frozenset({"friendly", "direct"})


class AngleKind(BaseModel):
    """One entry of personalize/angles.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: tuple[str, ...]
    problems: tuple[str, ...]


class _AngleKinds(DataFile):
    angles: Mapping[str, AngleKind]


@lru_cache(maxsize=1)
def angle_kinds() -> Mapping[str, AngleKind]:
    """Every angle by its id.

    Raises:
        BadPhrases: personalize/angles.yaml does not load.
    """
    from importlib.resources import files

    text = (files("personalize") / "angles.yaml").read_text(encoding="utf-8")
    try:
        return _AngleKinds.model_validate(yaml.safe_load(text)).angles
    except (yaml.YAMLError, ValueError) as error:
        raise BadPhrases(f"personalize/angles.yaml: {error}") from error


@dataclass(frozen=True, slots=True)
class Angle:
    """How to speak of one family of metrics and problems, without claiming anything of the
    reader."""

    id: str
    words: AngleWords

    @property
    def cues(self) -> tuple[str, ...]:
        return self.words.cues


@dataclass(frozen=True, slots=True)
class LanguageBook:
    """A language's folder, read and checked."""

    language: str
    versions: Mapping[str, str]
    profile: Profile
    terms: Terms
    scenes: Scenes
    angle_words: Mapping[str, AngleWords]
    blocks: Blocks
    mails: Mapping[str, Mail]
    greeting_rules: Greetings
    footer: Footer

    @property
    def limits(self) -> Limits:
        return cast(Limits, self.profile.limits)

    @property
    def direction(self) -> str:
        return self.profile.direction

    @property
    def colon(self) -> str:
        return self.profile.colon

    @property
    def view(self) -> Mapping[str, str]:
        return {"colon": self.colon}

    @property
    def greeting(self) -> str:
        """The greeting module: `[[greeting]]` and what always follows it."""
        return self.greeting_rules.module

    def greetings(self, style: str) -> Mapping[str, str]:
        """What `[[greeting]]` may become in letters of this style, by the key of the rules."""
        if style in _RELAXED:
            return {**self.greeting_rules.formal, **self.greeting_rules.relaxed}
        return self.greeting_rules.formal

    def other_address(self, wanted: str) -> bool:
        """Whether `wanted` ("formal", "familiar" or "") is not the form of address that the
        patterns' own texts are in."""
        address = self.profile.address
        return bool(wanted and address and wanted != address.default)

    def typeset(self, text: str) -> str:
        """`text` by the language's rules of setting."""
        for rule in self.profile.typography:
            text = re.sub(rule.find, rule.replace, text)
        return text

    def angle(self, metric: str = "", problem: str = "") -> Angle:
        """The angle for a problem, else for a metric; the general one where no other fits."""
        kinds = angle_kinds()
        found = next(
            (key for key, kind in kinds.items() if problem and problem in kind.problems),
            next((key for key, kind in kinds.items() if metric and metric in kind.metrics), ""),
        )
        return Angle(found or GENERAL, self.angle_words[found or GENERAL])

    def patterns(self, module: str, preset: str) -> tuple[Pattern, ...]:
        """The patterns of a module ("openers", "proofs" …) in one kind of mail: its own where
        it has any, else those that all share."""
        own: Any = getattr(self.mails.get(preset, Mail()), module)
        return tuple(own) or tuple(getattr(self.blocks.modules, module))


@lru_cache(maxsize=64)
def language_book(language: str) -> LanguageBook:
    """The phrases of `language`.

    Raises:
        NoText: the product does not write this language.
        BadPhrases: a file does not load; the message names file and key.
    """
    loaded = read_folder(language)
    profile = cast(Profile, loaded["language"])
    if profile.language != language:
        raise BadPhrases(f"languages/{language}/language.yaml says that it is {profile.language}")
    if profile.limits is None or profile.address is None:
        raise BadPhrases(f"languages/{language}/language.yaml lacks limits or address")
    angles = cast(AngleFile, loaded["angles"]).angles
    if GENERAL not in angles:
        raise BadPhrases(f"languages/{language}/angles.yaml lacks the angle «{GENERAL}»")
    return LanguageBook(
        language=language,
        versions=own_versions(loaded, language),
        profile=profile,
        terms=cast(Terms, loaded["terms"]),
        scenes=cast(Scenes, loaded["scenes"]),
        angle_words=angles,
        blocks=cast(Blocks, loaded["blocks"]),
        mails=cast(Mails, loaded["mails"]).mails,
        greeting_rules=cast(Greetings, loaded["greetings"]),
        footer=cast(Footer, loaded["footer"]),
    )


def regional_language(language: str, country: str, wanted: Sequence[str]) -> str:
    """The regional form of `language` for a reader in `country`, if the campaign wants it:
    "en" is "en-GB" in GB where `wanted` names it; else `language` itself."""
    for tag in wanted:
        profile = language_book(tag).profile
        if profile.base == language and country in profile.countries:
            return tag
    return language


def regional_languages() -> tuple[str, ...]:
    """The languages that are a regional form of another, sorted."""
    return tuple(tag for tag in languages() if language_book(tag).profile.base)


def main_language(language: str) -> str:
    """The language that a regional one rests on, "en" for "en-GB"; any other is its own."""
    if language not in languages():
        return language
    return language_book(language).profile.base or language


def address_words(language: str) -> AddressWords | None:
    """How the forms of address of `language` are recognised; None where it has but one, or is
    not written."""
    if language not in languages():
        return None
    address = language_book(language).profile.address
    if address is None or not (address.formal and address.familiar):
        return None
    return AddressWords(formal=address.formal, familiar=address.familiar, default=address.default)
