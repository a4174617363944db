"""What a letter shows besides its words: the modules of a variant with the images, links and
channels that the brief gives it, in their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from contracts.brand import Brand
from contracts.brief import Brief, MailImage, local_text
from contracts.errors import BadInput
from contracts.mail import EmbeddedImage, Module, ModuleKind, Variant
from personalize.writing.brand import CONTENT_WIDTH
from personalize.writing.fields import OpenedText, joined_fallbacks, open_fields
from personalize.writing.links import channel_links, channel_words, with_parameters
from personalize.writing.pictures import MAX_TOGETHER, ImageFile, embedded, read_image
from personalize.writing.render import Block, BlockLink, ChannelLine, Picture

__all__ = ["Album", "Layout", "lay_out"]

_HEAD = frozenset({ModuleKind.SUBJECT, ModuleKind.PREHEADER})
_CODE_WIDTH = 120  # pixels of a QR code: some 3 cm, which a telephone reads from a screen


@dataclass(slots=True)
class Album:
    """The images of one mail, each carried once however often it is shown."""

    files: Mapping[str, bytes]
    domain: str  # of the sender: names the parts of the mail
    parts: dict[str, EmbeddedImage] = field(default_factory=dict)

    def shown(self, file: ImageFile, alt: str, width: int) -> Picture:
        """`file` as a picture at most `width` pixels wide."""
        part = embedded(file, self.domain)
        self.parts.setdefault(part.cid, part)
        wide = min(width, file.width)
        return Picture(f"cid:{part.cid}", alt, wide, max(1, round(file.height * wide / file.width)))

    def picture(self, name: str, url: str, key: str, alt: str, width: int) -> Picture:
        """The image at `url`, or the file that `files` hold under `key`.

        Raises:
            BadInput: there is no such file, or no mail may carry it.
        """
        if url:
            return Picture(url, alt, width)
        if key not in self.files:
            raise BadInput(
                f"the image «{name}» is not at hand: put the file beside the brief and draft "
                "the campaign again"
            )
        return self.shown(read_image(name, self.files[key]), alt, width)

    def images(self) -> tuple[EmbeddedImage, ...]:
        """The parts of the mail, in the order in which they were first shown.

        Raises:
            BadInput: together they are more than a mail may carry.
        """
        size = sum(len(part.data) for part in self.parts.values())
        if size > MAX_TOGETHER:
            raise BadInput(
                f"the images of the mail are {size / 1024:.0f} KB together, at most "
                f"{MAX_TOGETHER // 1024} KB go into a mail: make them smaller, or give the url "
                "of hosted ones"
            )
        return tuple(self.parts.values())


@dataclass(frozen=True, slots=True)
class Layout:
    blocks: tuple[Block, ...]  # down to the sign-off
    after: tuple[Block, ...]  # postscripts
    hero: Picture | None
    logo: Picture | None
    channels: tuple[ChannelLine, ...]
    between: str
    subject: str
    preheader: str
    fallbacks: Mapping[str, str]  # of merge fields


def lay_out(
    variant: Variant, brief: Brief | None, brand: Brand, album: Album, number: int
) -> Layout:
    """The variant's parts in their places.

    Args:
        brief: adds link parameters, images and channels; without one there are none.
        number: of the variant, from 1: which images it shows.

    Raises:
        BadInput: an image or a merge field that cannot be used.
        NoText: the brief lacks an address or an alternative text in the language.
    """
    language = variant.language
    opened = {module: open_fields(module.text, language) for module in variant.modules}
    labels = [open_fields(module.label, language) for module in variant.modules]
    images = _images(brief, language, album, number)
    blocks = [
        _block(module, opened[module], brief, language, images.get(module.kind.value))
        for module in variant.modules
        if module.kind not in _HEAD
    ]
    channels = tuple(_channels(brief, language, album))
    return Layout(
        # A postscript stands below the signature, wherever the letter's plan has it.
        blocks=tuple(block for block in blocks if block.kind is not ModuleKind.PS),
        after=tuple(block for block in blocks if block.kind is ModuleKind.PS),
        hero=images.get("hero"),
        logo=_logo(brand, language, album),
        channels=channels,
        between=channel_words(language).between if channels else "",
        subject=opened[variant.module(ModuleKind.SUBJECT)].text,
        preheader=opened[variant.module(ModuleKind.PREHEADER)].text,
        fallbacks=joined_fallbacks([*opened.values(), *labels, *_of_brief(brief, language)]),
    )


def _of_brief(brief: Brief | None, language: str) -> Iterator[OpenedText]:
    """The brief's own texts in the language: a writer may have opened their fields already."""
    if brief is None:
        return
    ask = brief.call_to_action
    for texts in (brief.offer, brief.news, brief.ps):
        yield open_fields(local_text(texts, language) or "", language)
    for item in brief.items:
        yield open_fields(local_text(item.text, language) or "", language)
    for choices in (ask.ask, ask.label, brief.steps):
        for text in local_text(choices, language) or ():
            yield open_fields(text, language)


def _block(
    module: Module,
    opened: OpenedText,
    brief: Brief | None,
    language: str,
    image: Picture | None,
) -> Block:
    added = brief.link_parameters if brief else {}
    paragraphs = tuple(part for part in opened.text.split("\n\n") if part.strip())
    links = [
        BlockLink(link.paragraph, link.label, with_parameters(link.url, added))
        for link in module.links
    ]
    if module.kind is ModuleKind.EVENT and brief and brief.event and not links:
        url = local_text(brief.event.url, language)
        if url:
            label = channel_words(language).event_page
            links.append(BlockLink(len(paragraphs) - 1, label, with_parameters(url, added)))
    return Block(
        kind=module.kind,
        paragraphs=paragraphs,
        links=tuple(links),
        image=image,
        label=open_fields(module.label, language).text,
        url=with_parameters(module.url, added) if module.url else "",
    )


def _images(brief: Brief | None, language: str, album: Album, number: int) -> Mapping[str, Picture]:
    """The images of this variant by their place; the first one for a place is taken."""
    shown: dict[str, Picture] = {}
    for image in brief.images if brief else ():
        if (image.variants and number not in image.variants) or image.place in shown:
            continue
        alt = _alt(image, language)
        name = image.file or image.url
        shown[image.place] = album.picture(name, image.url, image.file, alt, CONTENT_WIDTH)
    return shown


def _alt(image: MailImage, language: str) -> str:
    from personalize.errors import NoText

    alt = local_text(image.alt, language)
    if alt is None:
        raise NoText(language, (f"images.alt.{language} of «{image.file or image.url}»",))
    return alt


def _logo(brand: Brand, language: str, album: Album) -> Picture | None:
    logo = brand.logo
    if logo is None:
        return None
    alt = local_text(logo.alt, language) or ""
    return album.picture(logo.file, logo.url, logo.key, alt, logo.width)


def _channels(brief: Brief | None, language: str, album: Album) -> Iterator[ChannelLine]:
    links = channel_links(brief.channels, language, album.files) if brief else ()
    for link in links:
        picture = album.shown(link.image, link.alt, _CODE_WIDTH) if link.image else None
        number = link.kind == "phone"
        yield ChannelLine(link.label, link.url, link.shown, number, picture, link.caption)
