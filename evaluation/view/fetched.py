"""What a mail program fetches from elsewhere when it shows a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["Remote", "is_pixel", "remote_in_css", "remote_in_style", "remote_in_tag"]

_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_URL = re.compile(r"url\(\s*+['\"]?\s*+([^'\")\s]++)", re.IGNORECASE)
_IMPORT = re.compile(r"@import\s++(?:url\(\s*+)?['\"]?\s*+([^'\")\s]++)", re.IGNORECASE)
_FONT_FACE = re.compile(r"@font-face\s*+\{[^}]*+", re.IGNORECASE)
_CANDIDATE = re.compile(r"[^\s,]\S*")
_SIZE = re.compile(r"\s*(\d{1,6})(?:\.\d+)?\s*(?:px)?\s*$")
_SOURCES = {  # the attributes that name what is fetched, and as what
    "img": ("image", ("src", "lowsrc")),
    "image": ("image", ("src",)),
    "input": ("image", ("src",)),
    "iframe": ("frame", ("src",)),
    "frame": ("frame", ("src",)),
    "embed": ("object", ("src",)),
    "object": ("object", ("data",)),
    "video": ("media", ("src", "poster")),
    "audio": ("media", ("src",)),
    "source": ("media", ("src",)),
    "track": ("media", ("src",)),
    "bgsound": ("media", ("src",)),
    "script": ("script", ("src",)),
}
_MOST_CANDIDATES = 20_000  # twice as many as are kept of a page


@dataclass(frozen=True, slots=True)
class Remote:
    """One address that is asked for as soon as the mail is shown."""

    kind: str  # "image", "background", "stylesheet", "font", "frame", "object", "media", "script"
    url: str
    width: str = ""  # as the element gives it
    height: str = ""
    hidden: str = ""  # why it is not seen, "" where it is

    @property
    def pixel(self) -> bool:
        """Whether it is an image that nobody is to see: it counts who opens the mail."""
        return self.kind == "image" and (bool(self.hidden) or is_pixel(self.width, self.height))


def is_pixel(width: str, height: str) -> bool:
    """Whether these are the sizes of a point: none is larger than a pixel, one at least is
    given."""
    given = [value for value in (width, height) if value.strip()]
    return bool(given) and all(
        (match := _SIZE.match(value)) is not None and int(match[1]) <= 1 for value in given
    )


def remote_in_tag(name: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Kind and address of what a tag fetches."""
    if name == "link":
        kinds = attributes.get("rel", "").lower().split()
        href = attributes.get("href", "")
        if _REMOTE.match(href) and ("stylesheet" in kinds or "font" in href.lower()):
            yield ("stylesheet" if "stylesheet" in kinds else "font"), href.strip()
        return
    kind, names = _SOURCES.get(name, ("background", ()))
    for attribute in (*names, "background"):
        value = attributes.get(attribute, "")
        if value and _REMOTE.match(value):
            yield ("background" if attribute == "background" else kind), value.strip()
    for count, match in enumerate(_CANDIDATE.finditer(attributes.get("srcset", ""))):
        if count > _MOST_CANDIDATES:
            break
        if _REMOTE.match(match[0]):
            yield "image", match[0].rstrip(",")


def remote_in_style(style: str) -> Iterator[tuple[str, str]]:
    """Kind and address of the pictures of a style attribute."""
    for match in _URL.finditer(style):
        if _REMOTE.match(match[1]):
            yield "background", match[1]


def remote_in_css(css: str) -> Iterator[tuple[str, str]]:
    """Kind and address of what a style sheet fetches."""
    for match in _IMPORT.finditer(css):
        if _REMOTE.match(match[1]):
            yield "stylesheet", match[1]
    rest = css
    faces = list(_FONT_FACE.finditer(css))
    if faces:
        for face in faces:
            for match in _URL.finditer(face[0]):
                if _REMOTE.match(match[1]):
                    yield "font", match[1]
        rest = _FONT_FACE.sub(" ", css)
    for match in _URL.finditer(_IMPORT.sub(" ", rest)):
        if _REMOTE.match(match[1]):
            yield "background", match[1]
