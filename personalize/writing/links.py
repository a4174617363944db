"""Where a mail leads: what is added to its links, and the sender's other channels."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.brief import Channel, local_text
from contracts.errors import BadInput
from language.datafile import DataFile
from personalize.errors import BadPhrases, NoText
from personalize.writing.pictures import ImageFile, read_image

__all__ = ["ChannelLink", "ChannelWords", "channel_links", "channel_words", "with_parameters"]

_QR_PIXELS = 240  # at least: shown at half of it, sharp on dense screens
_PHONE = re.compile(r"[^0-9+]")


def with_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """`url` with the link parameters of a campaign behind its own query.

    They come in the order of their names. A parameter that the address has already stays as
    it is there; the fragment stays at the end. Only http(s) addresses take parameters.
    """
    parts = urlsplit(url)
    if not parameters or parts.scheme not in ("http", "https"):
        return url
    own = {unquote_plus(pair.partition("=")[0]) for pair in parts.query.split("&")}
    added = [
        f"{quote(name, safe='')}={quote(value, safe='')}"
        for name, value in sorted(parameters.items())
        if name not in own
    ]
    query = "&".join([*([parts.query] if parts.query else []), *added])
    return urlunsplit(parts._replace(query=query))


@dataclass(frozen=True, slots=True)
class ChannelLink:
    """One channel in the language of a mail."""

    kind: str
    label: str
    url: str  # "" where only a QR code leads there
    shown: str  # as the text part writes it: an address, a telephone number
    image: ImageFile | None = None  # a QR code
    alt: str = ""
    caption: str = ""


class ChannelWords(BaseModel):
    """How a language calls the channels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: Mapping[str, str]
    scan: Mapping[str, str]  # under a QR code
    code: Mapping[str, str]  # what the QR code shows, for who cannot see it
    event_page: str  # a link to where an event is described
    between: str = " · "


class _File(DataFile):
    languages: Mapping[str, ChannelWords] = Field(min_length=1)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, ChannelWords]:
    text = (files("personalize") / "channels.yaml").read_text(encoding="utf-8")
    try:
        return _File.model_validate(yaml.safe_load(text)).languages
    except (yaml.YAMLError, ValidationError) as error:
        raise BadPhrases(f"personalize/channels.yaml: {error}") from error


def channel_words(language: str) -> ChannelWords:
    """The words of `language`, or of the language that it is a regional form of.

    Raises:
        NoText: channels.yaml has neither.
        BadPhrases: the file does not load.
    """
    found = local_text(_words(), language)
    if found is None:
        raise NoText(language, (f"personalize/channels.yaml {language}",))
    return found


def channel_links(
    channels: tuple[Channel, ...], language: str, images: Mapping[str, bytes]
) -> tuple[ChannelLink, ...]:
    """The channels in the brief's order, in `language`.

    WeChat and WeCom are QR codes: the given file, else one made of the address.

    Raises:
        NoText: a channel has neither an address in the language nor an image.
        BadInput: an image cannot be used.
    """
    made: list[ChannelLink] = []
    words = channel_words(language) if channels else None
    for number, channel in enumerate(channels):
        assert words is not None
        label = local_text(channel.label, language) or words.labels[channel.kind]
        url = local_text(channel.url, language) or ""
        if not url and not channel.image:
            raise NoText(language, (f"channels.{number}.url.{language}",))
        if channel.kind in ("wechat", "wecom"):
            image = _code(channel.image, images) if channel.image else qr_code(url)
            made.append(
                ChannelLink(
                    kind=channel.kind,
                    label=label,
                    url=url,
                    shown=url,
                    image=image,
                    alt=words.code[channel.kind],
                    caption=words.scan[channel.kind],
                )
            )
        elif channel.kind == "phone":
            number_shown = url.removeprefix("tel:").replace("-", " ")
            made.append(
                ChannelLink("phone", label, f"tel:{_PHONE.sub('', url)}", shown=number_shown)
            )
        else:
            made.append(ChannelLink(channel.kind, label, url, shown=url))
    return tuple(made)


def _code(name: str, images: Mapping[str, bytes]) -> ImageFile:
    """The sender's own QR code. It is never replaced by one made here, which may lead elsewhere."""
    if name not in images:
        raise BadInput(
            f"the image «{name}» is not at hand: put the file beside the brief and draft the "
            "campaign again"
        )
    return read_image(name, images[name])


@lru_cache(maxsize=256)
def qr_code(content: str) -> ImageFile:
    """A QR code of `content` (ISO/IEC 18004) as a PNG, dark on white with its quiet zone, which
    it needs on a dark ground as well."""
    import segno

    code = segno.make(content, error="m", micro=False)
    modules = code.symbol_size(border=4)[0]
    stream = io.BytesIO()
    code.save(stream, kind="png", scale=-(-_QR_PIXELS // modules), border=4)
    return read_image("QR code", stream.getvalue())
