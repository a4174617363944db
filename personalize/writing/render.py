"""A letter's parts become HTML and plain text, with merge fields left open.

The HTML comes from MJML (mrml) with no remote font; the text part is laid out from the same
parts, not stripped from the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from personalize.errors import BadPhrases

__all__ = ["FooterBlock", "Letter", "render_html", "render_text"]

TEMPLATE_VERSION = "letter-2"

_FONTS = {
    "zh": "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',Arial,sans-serif",
    "": "'Segoe UI',Helvetica,Arial,sans-serif",
}
_MERGE_FIELD = re.compile(r"\[\[([a-z_]+)\]\]")


@dataclass(frozen=True, slots=True)
class FooterBlock:
    name: str
    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a template lays out. Paragraphs are plain text; a line break stays one."""

    language: str
    direction: str
    brand: str
    subject: str
    preheader: str
    before: Sequence[str]  # paragraphs above the button
    label: str
    url: str
    colon: str  # with the space that the language puts behind it
    after: Sequence[str]
    footer: Sequence[FooterBlock]


def render_html(letter: Letter) -> str:
    """A complete HTML document, `lang` and `dir` set, styles inlined, nothing remote.

    Raises:
        BadPhrases: the template does not compile.
    """
    import mrml

    fonts = _FONTS.get(letter.language.split("-")[0], _FONTS[""])
    source = _template("letter.mjml.j2", html=True).render(_values(letter), fonts=fonts)
    try:
        output = mrml.to_html(
            source, render_options=mrml.RenderOptions(disable_comments=True, fonts={})
        )
    except Exception as error:  # mrml raises bare exceptions of its own
        raise BadPhrases(f"templates/letter.mjml.j2: {error}") from error
    return str(output.content)


def render_text(letter: Letter) -> str:
    """The plain-text part, at most one blank line between paragraphs."""
    text = str(_template("letter.txt.j2", html=False).render(_values(letter)))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _values(letter: Letter) -> dict[str, Any]:
    return {name: getattr(letter, name) for name in letter.__slots__}


def _lines(value: str) -> Any:
    """Line breaks of a paragraph as `<br />`, its text escaped."""
    from markupsafe import Markup, escape

    return Markup("<br />").join(escape(line) for line in value.split("\n"))


@lru_cache(maxsize=4)
def _template(name: str, *, html: bool) -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["lines"] = _lines
    source = (files("personalize") / "templates" / name).read_text(encoding="utf-8")
    return environment.from_string(source)


def merge_fields(text: str) -> tuple[str, ...]:
    """The names of the places left open in `text`, each once, in order."""
    return tuple(dict.fromkeys(_MERGE_FIELD.findall(text)))
