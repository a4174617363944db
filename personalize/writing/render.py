"""A letter's parts become HTML and plain text, with merge fields left open.

The HTML comes from MJML (mrml) with no remote font and its styles on the elements themselves,
since some programs drop style sheets; the text part is laid out from the same parts, not stripped
from the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from contracts.errors import BadInput
from contracts.mail import ModuleKind
from personalize.errors import BadPhrases
from personalize.writing.brand import Look

__all__ = [
    "HTML_LIMIT",
    "Block",
    "BlockLink",
    "ChannelLine",
    "FooterBlock",
    "Letter",
    "Picture",
    "render_html",
    "render_text",
]

TEMPLATE_VERSION = "letter-3"
HTML_LIMIT = 102_400  # bytes: Gmail cuts off what is longer

_FIXED_HEIGHT = re.compile(r"height:\d+px;width:100%")  # of an image, as mrml writes it
_MERGE_FIELD = re.compile(r"\[\[([a-z_]+)\]\]")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it is shown. `alt` is "" for one that only decorates."""

    src: str  # "cid:…" or https
    alt: str
    width: int  # pixels on a wide screen
    height: int = 0  # 0: not known


@dataclass(frozen=True, slots=True)
class BlockLink:
    paragraph: int  # from 0
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """One module of the letter. Paragraphs are plain text; a line break stays one."""

    kind: ModuleKind
    paragraphs: tuple[str, ...]
    links: tuple[BlockLink, ...] = ()
    image: Picture | None = None  # above the paragraphs
    label: str = ""  # of a button below the paragraphs
    url: str = ""

    @property
    def titled(self) -> bool:
        """Whether the first line of every paragraph is its title: articles and not steps."""
        return any("\n" in paragraph for paragraph in self.paragraphs)

    def link(self, paragraph: int) -> BlockLink | None:
        """The link of a paragraph, if it has one."""
        return next((link for link in self.links if link.paragraph == paragraph), None)


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A way to reach the sender: a link, or a QR code with its caption."""

    label: str
    url: str
    shown: str  # what the text part shows of the address
    number: bool = False  # a telephone number, which is shown beside its label
    picture: Picture | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class FooterBlock:
    name: str
    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a template lays out, from top to bottom."""

    language: str
    direction: str
    look: Look
    sender: str  # stands at the top where there is no logo
    subject: str
    preheader: str
    blocks: Sequence[Block]
    colon: str  # with the space that the language puts behind it
    footer: Sequence[FooterBlock]
    logo: Picture | None = None
    hero: Picture | None = None
    channels: Sequence[ChannelLine] = ()  # below the sign-off
    between: str = " · "  # channels
    after: Sequence[Block] = ()  # below the channels: a postscript


def render_html(letter: Letter) -> str:
    """A complete HTML document, `lang` and `dir` set, styles inlined, nothing remote but images
    that the brief hosts.

    Raises:
        BadPhrases: the template does not compile.
        BadInput: the document is longer than mail programs show; says what to shorten.
    """
    import mrml

    source = _template("letter.mjml.j2", html=True).render(_values(letter))
    try:
        output = mrml.to_html(
            source, render_options=mrml.RenderOptions(disable_comments=True, fonts={})
        )
        # The attribute keeps its place while an image loads; the style must let it shrink.
        fluid = _FIXED_HEIGHT.sub("height:auto;width:100%;max-width:100%", str(output.content))
        html = _sheet_last(str(_inliner().inline(fluid)))
    except Exception as error:  # both libraries raise bare exceptions of their own
        raise BadPhrases(f"templates/letter.mjml.j2: {error}") from error
    size = len(html.encode("utf-8"))
    if size >= HTML_LIMIT:
        raise BadInput(_too_long(letter, size))
    return html


def render_text(letter: Letter) -> str:
    """The plain-text part, at most one blank line between paragraphs."""
    text = str(_template("letter.txt.j2", html=False).render(_values(letter)))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _sheet_last(html: str) -> str:
    """The style sheet at the end of the head and without its indents: the character set must be
    said in the first 1,024 bytes (HTML Standard, 4.2.5.4)."""
    before, opening, rest = html.partition("<style>")
    sheet, closing, rest = rest.partition("</style>")
    head, end, body = rest.partition("</head>")
    sheet = f"{opening}{' '.join(sheet.split())}{closing}"
    return f"{before}{head}{sheet}{end}{body}"


def _values(letter: Letter) -> dict[str, Any]:
    values = {name: getattr(letter, name) for name in letter.__slots__}
    return {**values, "runs": _runs(letter.blocks)}


def _runs(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks that share a column: an event has one of its own, with a border."""
    runs: list[list[Block]] = []
    for block in blocks:
        alone = block.kind is ModuleKind.EVENT or (runs and runs[-1][0].kind is ModuleKind.EVENT)
        if alone or not runs:
            runs.append([block])
        else:
            runs[-1].append(block)
    return runs


def _too_long(letter: Letter, size: int) -> str:
    parts = [*letter.blocks, *letter.after]
    longest = max(parts, key=lambda block: len("".join(block.paragraphs).encode("utf-8")))
    return (
        f"the mail in {letter.language} is {size:,} bytes long, and mail programs cut it off at "
        f"{HTML_LIMIT:,}: shorten {longest.kind.value}, its longest part"
    )


def _lines(value: str) -> Any:
    """Line breaks of a paragraph as `<br />`, its text escaped."""
    from markupsafe import Markup, escape

    return Markup("<br />").join(escape(line) for line in value.split("\n"))


def _bracketed(alt: str) -> str:
    """The text of an image in brackets that cannot be mistaken for a merge field."""
    return f"[{alt.replace('[', '(').replace(']', ')')}]"


@lru_cache(maxsize=1)
def _inliner() -> Any:
    import css_inline

    return css_inline.CSSInliner(
        keep_at_rules=True,  # screens and dark mode have no other place
        load_remote_stylesheets=False,
        minify_css=True,
    )


@lru_cache(maxsize=4)
def _template(name: str, *, html: bool) -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["lines"] = _lines
    environment.filters["bracketed"] = _bracketed
    source = (files("personalize") / "templates" / name).read_text(encoding="utf-8")
    return environment.from_string(source)


def merge_fields(text: str) -> tuple[str, ...]:
    """The names of the places left open in `text`, each once, in order."""
    return tuple(dict.fromkeys(_MERGE_FIELD.findall(text)))
