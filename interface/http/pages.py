"""The few pages a recipient may see, in the recipient's language."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Literal, Self

import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, model_validator

from language import language_code

__all__ = ["Page", "Pages", "load_pages"]


class Page(StrEnum):
    ASK = "ask"  # shows the button
    DONE = "done"
    MISSING = "missing"
    FAILED = "failed"


class _Texts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    ask_title: str
    ask_text: str
    ask_button: str
    done_title: str
    done_text: str
    missing_title: str
    missing_text: str
    failed_title: str
    failed_text: str
    direction: Literal["ltr", "rtl"] = "ltr"

    def of(self, page: Page) -> tuple[str, str, str]:
        """Title, text and button ("" none) of a page."""
        match page:
            case Page.ASK:
                return self.ask_title, self.ask_text, self.ask_button
            case Page.DONE:
                return self.done_title, self.done_text, ""
            case Page.MISSING:
                return self.missing_title, self.missing_text, ""
            case Page.FAILED:
                return self.failed_title, self.failed_text, ""


class _PageFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    fallback: str
    languages: Mapping[str, _Texts] = Field(min_length=1)

    @model_validator(mode="after")
    def _fallback_is_there(self) -> Self:
        if self.fallback not in self.languages:
            raise ValueError("fallback names a language that the file does not have")
        return self


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders pages; `style_hash` is what a Content-Security-Policy allows the style by."""

    file: _PageFile
    template: str
    style: str

    @property
    def style_hash(self) -> str:
        digest = hashlib.sha256(self.style.encode()).digest()
        return f"sha256-{base64.b64encode(digest).decode()}"

    def language(self, *wanted: str) -> str:
        """The first of `wanted` that there are texts for: by itself, as the product calls it
        ("zh-TW" is zh-Hant), or by its primary tag."""
        known = {tag.lower(): tag for tag in self.file.languages}
        for asked in wanted:
            for tag in (asked, language_code(asked)):
                if tag.lower() in known:
                    return known[tag.lower()]
            for tag in self.file.languages:
                if asked and asked.lower().split("-")[0] == tag.lower().split("-")[0]:
                    return tag
        return self.file.fallback

    def render(self, page: Page, language: str) -> str:
        """The page as HTML; `language` is one that `language()` gave."""
        texts = self.file.languages[language]
        title, text, button = texts.of(page)
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        return environment.from_string(self.template).render(
            language=language,
            direction=texts.direction,
            title=title,
            text=text,
            button=button,
            style=_Raw(self.style),
        )


class _Raw(str):
    """Our own style sheet, which must reach the page as the policy hashed it."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@cache
def load_pages() -> Pages:
    """The pages of this package, read once."""
    folder = resources.files("interface.http")
    return Pages(
        file=_PageFile.model_validate(
            yaml.safe_load(folder.joinpath("pages.yaml").read_text("utf-8"))
        ),
        template=folder.joinpath("templates", "page.html.j2").read_text("utf-8"),
        style=folder.joinpath("templates", "page.css.txt").read_text("utf-8"),
    )
