"""How an organisation wants to sound: a file of `voices/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

__all__ = ["AddressWords", "Voice", "VoiceLanguage"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class VoiceLanguage(_Strict):
    """What holds in one language."""

    prefer: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)  # word -> instead of these
    forbid: tuple[str, ...] = ()  # words and phrases; whole words, no regard to case
    # words that a sentence may have; characters where the language is counted in them
    sentence_max: int | None = Field(default=None, ge=5, le=400)
    address: Literal["", "formal", "familiar"] = ""  # Sie or du; "" as the language does


class Voice(_Strict):
    """A brand's voice. What a letter lacks of it is a finding, never a silent change."""

    name: str
    emoji: Literal["never", "subject", "anywhere"] = "never"
    exclamation_marks: int = Field(default=0, ge=0, le=20)  # that a mail may have
    languages: Mapping[str, VoiceLanguage] = Field(default_factory=dict)

    @field_validator("languages")
    @classmethod
    def _words(cls, value: Mapping[str, VoiceLanguage]) -> Mapping[str, VoiceLanguage]:
        for tag, language in value.items():
            for word in (*language.forbid, *language.prefer):
                if not re.search(r"\w", word):
                    raise ValueError(f"{tag}: «{word}» is no word")
        return value

    def of(self, language: str) -> VoiceLanguage:
        """What holds in `language`: its own entry, else that of the language it is a region of,
        else nothing."""
        own = self.languages.get(language)
        if own is None:
            own = next(
                (item for tag, item in self.languages.items() if language.startswith(f"{tag}-")),
                VoiceLanguage(),
            )
        return own


class AddressWords(_Strict):
    """Regular expressions by which a form of address is recognised in one language."""

    formal: tuple[str, ...] = ()
    familiar: tuple[str, ...] = ()
    default: Literal["formal", "familiar"] = "formal"
