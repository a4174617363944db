"""What a reader sees of a page: the words that every check of HTML uses."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.case import Span
from evaluation.view.fetched import Remote, is_pixel

__all__ = ["HiddenText", "HtmlView", "Image", "Link", "Marked", "Table"]


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    label: str  # visible text, or the alternative text of an image
    part: str
    span: Span  # of the label in the visible text of the part


@dataclass(frozen=True, slots=True)
class Image:
    """An image that is shown. Its sizes are those of the attributes; `style_width` and
    `style_height` those of its style, "" where it gives none."""

    src: str
    alt: str
    width: str = ""
    height: str = ""
    style_width: str = ""
    style_height: str = ""
    has_alt: bool = True

    @property
    def pixel(self) -> bool:
        """Whether it is a point, which counts openings or keeps a distance."""
        return is_pixel(self.style_width or self.width, self.style_height or self.height)


@dataclass(frozen=True, slots=True)
class HiddenText:
    text: str
    why: str  # the style that hides it
    leading: bool  # stands before all visible text: the place of a preheader
    responsive: bool  # the style sheet shows it on some screens


@dataclass(frozen=True, slots=True)
class Marked:
    """Text that the mail itself marks as being in another language."""

    language: str
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    role: str  # "presentation" and the like, "" none
    headed: bool  # it has cells that are headings


@dataclass(frozen=True, slots=True)
class HtmlView:
    text: str = ""
    hidden: tuple[HiddenText, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    marked: tuple[Marked, ...] = ()
    language: str = ""  # lang attribute of html, or of body
    title: str = ""
    active: tuple[str, ...] = ()  # script, form and embedding tags
    remote_fonts: tuple[str, ...] = ()
    direction: str = ""  # dir attribute of html, or of body
    base: str = ""  # what relative addresses are meant from
    forms: tuple[str, ...] = ()  # where forms go, "" where one does not say
    remote: tuple[Remote, ...] = ()  # what is fetched from elsewhere as soon as it is shown
    tables: tuple[Table, ...] = ()
    refresh: str = ""  # what a page says that goes on to another by itself
    elements: int = 0
    defects: tuple[str, ...] = ()  # what was cut off, each as a short plain text

    @property
    def alt_words(self) -> int:
        """How many words the images say instead of themselves."""
        return sum(len(image.alt.split()) for image in self.images)
