"""What a brief says of the look and the links of its mails, beyond the types of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from contracts.brief import Brief, Channel, Event, MailImage
from contracts.errors import BadInput
from contracts.mail import ModuleKind
from personalize import open_fields
from workflow.mistakes import Mistake, Place

__all__ = ["PICTURE_NAME", "mail_mistakes"]

PICTURE_NAME = re.compile(r"\w[\w .-]*(?:/\w[\w .-]*)*")
"""A file beside the one that names it, or in a folder there; never above it."""

_HTTPS = re.compile(r"https://[^\s/?#@<>\"'\[\]{}]+\.[^\s/?#@<>\"'\[\]{}]+([/?#][^\s<>\"\[\]{}]*)?")
_BEGINNINGS = {
    "whatsapp": "https://wa.me/",
    "linkedin": "https://www.linkedin.com/",
    "line": "https://",
    "website": "https://",
}
_PHONE = re.compile(r"(?:tel:)?\+[0-9](?:[ ().-]?[0-9]){5,17}\)?")
_PARAMETER = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_NOT_SHOWN = {ModuleKind.SUBJECT, ModuleKind.PREHEADER, ModuleKind.FOOTER}
_PLACES = ("hero", *(kind.value for kind in ModuleKind if kind not in _NOT_SHOWN))
_FILE_NAME = re.compile(r"\w[\w.-]*")


def mail_mistakes(brief: Brief) -> Iterator[Mistake]:
    """What cannot be used, in no special order."""
    if brief.brand and not _FILE_NAME.fullmatch(brief.brand):
        yield Mistake(("brand",), "«brand» is the name of a file in brands/, without its ending")
    for number, image in enumerate(brief.images):
        yield from _image(image, ("images", number))
    yield from _crowded(brief.images)
    for number, channel in enumerate(brief.channels):
        yield from _channel(channel, ("channels", number))
    for name, value in brief.link_parameters.items():
        place: Place = ("link_parameters", name)
        if not _PARAMETER.fullmatch(name):
            yield Mistake(
                place, f"«{name}» is no name of a link parameter: use letters, digits, _ . and -"
            )
        if not value or "[[" in value or "{{" in value:
            yield Mistake(
                place, f"«link_parameters.{name}» is empty or holds a field: write a word"
            )
    if brief.event is not None:
        yield from _event(brief.event)
    for number, item in enumerate(brief.items):
        for tag, url in item.url.items():
            yield from _https(("items", number, "url", tag), url)
    yield from _fields(brief)


def _image(image: MailImage, place: Place) -> Iterator[Mistake]:
    if image.place not in _PLACES:
        near = get_close_matches(image.place, _PLACES, n=1)
        hint = f"did you mean «{near[0]}»?" if near else f"there are {', '.join(_PLACES)}"
        yield Mistake((*place, "place"), f"no place of an image is called «{image.place}»; {hint}")
    if image.file and not PICTURE_NAME.fullmatch(image.file):
        yield Mistake((*place, "file"), "«file» names a file beside the brief, such as pump.png")
    if image.url:
        yield from _https((*place, "url"), image.url)
    if not image.alt:
        yield Mistake(
            (*place, "alt"),
            '«alt» says what the image shows, in each language; "" for one that only decorates',
        )
    for tag, alt in image.alt.items():
        if alt == "" and tag:
            yield Mistake((*place, "alt", tag), f"«alt.{tag}» is empty: say what the image shows")
    if any(not 1 <= number <= 4 for number in image.variants):
        yield Mistake((*place, "variants"), "«variants» are numbers of variants, from 1 to 4")


def _crowded(images: tuple[MailImage, ...]) -> Iterator[Mistake]:
    taken: set[tuple[str, int]] = set()
    for number, image in enumerate(images):
        own = {(image.place, variant) for variant in image.variants or (1, 2, 3, 4)}
        if own & taken:
            yield Mistake(
                ("images", number),
                f"a second image for {image.place} of the same variant: give each its «variants»",
            )
        taken |= own


def _channel(channel: Channel, place: Place) -> Iterator[Mistake]:
    if channel.image and channel.kind not in ("wechat", "wecom"):
        yield Mistake((*place, "image"), "only wechat and wecom are shown as a QR code")
    if channel.image and not PICTURE_NAME.fullmatch(channel.image):
        yield Mistake((*place, "image"), "«image» names a file beside the brief, such as code.png")
    if not channel.url and not channel.image:
        yield Mistake(place, f"the channel {channel.kind} has no url: say where it leads")
    for tag, url in channel.url.items():
        at = (*place, "url", tag)
        if channel.kind == "phone":
            if not _PHONE.fullmatch(url):
                yield Mistake(at, "a telephone number is written as +49 40 66969 100")
            continue
        yield from _https(at, url)
        beginning = _BEGINNINGS.get(channel.kind, "")
        if url.startswith("https://") and not url.startswith(beginning):
            yield Mistake(at, f"a {channel.kind} address begins with {beginning}")


def _event(event: Event) -> Iterator[Mistake]:
    for name in ("start", "end"):
        time = getattr(event, name)
        if time is not None and time.tzinfo is None:
            yield Mistake(
                ("event", name),
                f"«event.{name}» has no time zone: write it as 2027-01-12T10:00:00+01:00",
            )
            return
    if event.end is not None and event.end <= event.start:
        yield Mistake(("event", "end"), "«event.end» is not after «event.start»: correct one")
    if event.zone and not _zone(event.zone):
        yield Mistake(
            ("event", "zone"), f"no time zone is called «{event.zone}»; write it as Europe/Berlin"
        )
    for tag, url in event.url.items():
        yield from _https(("event", "url", tag), url)


def _zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # none, or a name out of its folder
        return False
    return True


def _https(place: Place, url: str) -> Iterator[Mistake]:
    if not _HTTPS.fullmatch(url):
        name = ".".join(str(part) for part in place if part != "")
        yield Mistake(place, f"«{name}» is no secure web address: write it as https://host/path")


def _fields(brief: Brief) -> Iterator[Mistake]:
    """Merge fields where none may stand, or written as nothing is written."""
    may = {"offer", "news", "ps", "steps", "items.text", "call_to_action.ask"}
    may.add("call_to_action.label")
    for place, text in _strings(brief.model_dump(mode="python"), ()):
        if "[[" in text:
            yield Mistake(
                place,
                "«[[» marks places that the product makes: write a merge field as "
                '{{ company | fallback("…") }}',
            )
        if not re.search(r"\{[{%#]|[}%#]\}", text):
            continue
        words = [part for part in place if isinstance(part, str)]
        name = next((".".join(words[:n]) for n in (1, 2) if ".".join(words[:n]) in may), "")
        if not name:
            yield Mistake(place, f"no merge field may stand in «{'.'.join(map(str, place))}»")
            continue
        try:
            open_fields(text, words[-1] if len(words) > 1 else "the mail's language")
        except BadInput as error:
            yield Mistake(place, str(error))


def _strings(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings(item, (*place, str(key)) if key else place)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _strings(item, (*place, number))
