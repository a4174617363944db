"""Briefs, senders and brands as people write them: YAML, with errors that name the line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from contracts.brand import Brand
from contracts.brief import Brief, Sender
from contracts.errors import BadInput
from contracts.look import Look
from contracts.voice import Voice
from personalize import MAX_EACH, MAX_TOGETHER, read_image
from personalize.audience import BadSegment, check_rules
from workflow.brief_checks import brief_mistakes, sender_mistakes
from workflow.mail_checks import PICTURE_NAME
from workflow.mistakes import Mistake, Place
from workflow.yaml_file import YamlFile, read_yaml

__all__ = ["BriefFiles", "load_brand", "load_brief", "load_sender", "load_voice"]

Model = TypeVar("Model", bound=BaseModel)
_FEW = 5  # keys that can be listed where none is near


@dataclass(frozen=True, slots=True)
class BriefFiles:
    brief: Brief
    sender: Sender
    look: Look = field(default_factory=Look)


def load_brief(path: Path) -> BriefFiles:
    """The brief at `path` with its sender and its brand, from `senders/` and `brands/` beside
    or above it, and the image files that it names, from beside it.

    Raises:
        BadInput: a file is missing or malformed, holds an unknown key, or a value or an image
            that cannot be used; says the line and the nearest known key.
    """
    images: dict[str, bytes] = {}

    def mistakes(brief: Brief) -> Iterator[Mistake]:
        yield from brief_mistakes(brief)
        yield from _pictures(brief, path.parent, images)

    brief = _load(path, Brief, mistakes)
    try:
        check_rules(brief.segments)
    except BadSegment as error:
        raise BadInput(f"{path.name}: {error}") from error
    file = _beside(path.parent, "senders", brief.sender)
    if file is None:
        raise BadInput(
            f"{path.name}: there is no sender «{brief.sender}»: write "
            f"{path.parent / 'senders' / brief.sender}.yaml (legal_name, from_address, "
            "postal_address …)"
        )
    sender = _load(file, Sender, sender_mistakes)
    brand, logo = load_brand(path.parent, brief.brand)
    sender = sender.model_copy(update={"id": brief.sender})
    voice = load_voice(path.parent, brief.voice)
    return BriefFiles(brief, sender, Look(brand, voice, {**images, **logo}))


def load_sender(path: Path) -> Sender:
    """The sender of one file, `senders/NAME.yaml`; its name is its id.

    Raises:
        BadInput: the file is missing or malformed, or holds a value that cannot be used.
    """
    sender = _load(path, Sender, sender_mistakes)
    return sender.model_copy(update={"id": path.stem})


def load_voice(folder: Path, name: str) -> Voice | None:
    """The voice `name` from `voices/` in `folder` or above it; None for no name.

    Raises:
        BadInput: there is no such file, or it is malformed.
    """
    if not name:
        return None
    file = _beside(folder, "voices", name)
    if file is None:
        raise BadInput(
            f"there is no voice «{name}»: write {folder / 'voices' / name}.yaml "
            "(name, emoji, languages …)"
        )
    return _load(file, Voice, lambda _: ())


def load_brand(folder: Path, name: str) -> tuple[Brand, Mapping[str, bytes]]:
    """The brand `name` from `brands/` in `folder` or above it, and the file of its logo under
    `Logo.key`. Without a name it is the product's own look.

    Raises:
        BadInput: there is none of that name, a colour is hard to read on its ground, or the
            logo's file cannot be used.
    """
    if not name:
        return Brand(), {}
    path = _beside(folder, "brands", name)
    if path is None:
        raise BadInput(
            f"there is no brand «{name}»: write {folder / 'brands' / name}.yaml "
            "(colours, dark, fonts, logo)"
        )
    logo: dict[str, bytes] = {}

    def mistakes(brand: Brand) -> Iterator[Mistake]:
        if brand.logo is not None and brand.logo.file:
            place: Place = ("logo", "file")
            yield from _picture(path.parent, brand.logo.file, place, brand.logo.key, logo)

    return _load(path, Brand, mistakes), logo


def _beside(folder: Path, kind: str, name: str) -> Path | None:
    """The file of a sender or a brand: in its folder here or above, or here itself."""
    for place in (folder / kind, folder.parent / kind, folder):
        for ending in (".yaml", ".yml"):
            if (place / f"{name}{ending}").is_file():
                return place / f"{name}{ending}"
    return None


def _pictures(brief: Brief, folder: Path, found: dict[str, bytes]) -> Iterator[Mistake]:
    """Reads the image files of a brief into `found`; what cannot be used is a mistake."""
    for number, image in enumerate(brief.images):
        if image.file:
            yield from _picture(folder, image.file, ("images", number, "file"), image.file, found)
    for number, channel in enumerate(brief.channels):
        if channel.image:
            place: Place = ("channels", number, "image")
            yield from _picture(folder, channel.image, place, channel.image, found)
    for variant in range(1, brief.experiment.max_variants + 1):
        shown = {image.file for image in brief.images if variant in (image.variants or (variant,))}
        size = sum(len(data) for name, data in found.items() if name in shown)
        if size > MAX_TOGETHER:
            yield Mistake(
                ("images",),
                f"the images of variant {variant} are {size / 1024:.0f} KB together, at most "
                f"{MAX_TOGETHER // 1024} KB go into a mail: make them smaller, or give urls",
            )


def _picture(
    folder: Path, name: str, place: Place, key: str, found: dict[str, bytes]
) -> Iterator[Mistake]:
    if not PICTURE_NAME.fullmatch(name):
        yield Mistake(place, f"«{name}» is no file beside this one: write a name such as logo.png")
        return
    try:
        with (folder / name).open("rb") as file:
            data = file.read(20 * MAX_EACH)  # enough to tell how much too large it is
        read_image(name, data)
    except OSError:
        yield Mistake(place, f"there is no image «{name}» beside this file: put it there")
    except BadInput as error:
        yield Mistake(place, str(error))
    else:
        found[key] = data


def _load(path: Path, model: type[Model], mistakes: Callable[[Model], Iterable[Mistake]]) -> Model:
    file = read_yaml(path)
    if not isinstance(file.data, dict):
        raise BadInput(
            f"{path.name}: expected keys such as {', '.join(list(model.model_fields)[:4])}"
        )
    try:
        value = model.model_validate(file.data)
    except ValidationError as error:
        raise _explained(file, model, error) from error
    first = min(mistakes(value), key=lambda item: file.line(item.place), default=None)
    if first is not None:
        raise file.mistake(first.place, first.why)
    return value


def _explained(file: YamlFile, model: type[BaseModel], error: ValidationError) -> BadInput:
    """The first mistake, with its line; unknown keys come first, they explain the rest."""
    mistakes = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    first = mistakes[0]
    place = first["loc"]
    why = first["msg"].removeprefix("Value error, ")
    unknown_choice = place[-1] == "[key]"  # a key that is one of a closed set
    if unknown_choice:
        place = place[:-1]
    name = ".".join(str(part) for part in place)
    if first["type"] == "extra_forbidden":
        known = _keys(model, place)
        near = get_close_matches(str(place[-1]), known, n=1)
        hint = f"; known here: {', '.join(known)}" if 0 < len(known) <= _FEW else ""
        hint = f"; did you mean «{near[0]}»?" if near else hint
        return file.mistake(place, f"unknown key «{name}»{hint}")
    if unknown_choice:
        return file.mistake(place, f"unknown key «{name}»: {why}")
    if first["type"] == "missing":
        return file.mistake(place, f"«{name}» is missing")
    return file.mistake(place, f"«{name}»: {why}")


def _keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The keys that are known where `loc` stands."""
    current: Any = model
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part) if hasattr(current, "model_fields") else None
        if field is None:
            return []
        current = _inner(field.annotation)
    return list(current.model_fields) if hasattr(current, "model_fields") else []


def _inner(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _inner(argument)
        if found is not None:
            return found
    return None
