"""Briefs and senders as people write them: YAML, with errors that name the line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from contracts.brief import Brief, Sender
from contracts.errors import BadInput
from personalize.audience import BadSegment, check_rules
from workflow.brief_checks import Mistake, brief_mistakes, sender_mistakes
from workflow.yaml_file import YamlFile, read_yaml

__all__ = ["BriefFiles", "load_brief"]

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class BriefFiles:
    brief: Brief
    sender: Sender


def load_brief(path: Path) -> BriefFiles:
    """The brief at `path` with its sender, from `senders/` beside or above it.

    Raises:
        BadInput: a file is missing or malformed, holds an unknown key, or a value that
            cannot be used; says the line and the nearest known key.
    """
    brief = _load(path, Brief, brief_mistakes)
    try:
        check_rules(brief.segments)
    except BadSegment as error:
        raise BadInput(f"{path.name}: {error}") from error
    names = [f"{brief.sender}.yaml", f"{brief.sender}.yml"]
    folders = [path.parent / "senders", path.parent.parent / "senders", path.parent]
    for folder in folders:
        for name in names:
            if (folder / name).is_file():
                sender = _load(folder / name, Sender, sender_mistakes)
                return BriefFiles(brief, sender.model_copy(update={"id": brief.sender}))
    raise BadInput(
        f"{path.name}: there is no sender «{brief.sender}»: write "
        f"{folders[0] / names[0]} (legal_name, from_address, postal_address …)"
    )


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
    unknown_choice = place[-1] == "[key]"  # a key that is one of a closed set
    if unknown_choice:
        place = place[:-1]
    name = ".".join(str(part) for part in place)
    if first["type"] == "extra_forbidden":
        near = get_close_matches(str(place[-1]), _keys(model, place), n=1)
        hint = f"; did you mean «{near[0]}»?" if near else ""
        return file.mistake(place, f"unknown key «{name}»{hint}")
    if unknown_choice:
        return file.mistake(place, f"unknown key «{name}»: {first['msg']}")
    if first["type"] == "missing":
        return file.mistake(place, f"«{name}» is missing")
    return file.mistake(place, f"«{name}»: {first['msg']}")


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
