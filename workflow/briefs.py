"""Briefs and senders as people write them: YAML, with errors that name the line."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from contracts.brief import Brief, Sender
from contracts.errors import BadInput

__all__ = ["BriefFiles", "load_brief"]

MAX_BYTES = 1_000_000

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class BriefFiles:
    brief: Brief
    sender: Sender


def load_brief(path: Path) -> BriefFiles:
    """The brief at `path` with its sender, from `senders/` beside or above it.

    Raises:
        BadInput: a file is missing or malformed, or holds an unknown key; says the line
            and the nearest known key.
    """
    brief = _load(path, Brief)
    names = [f"{brief.sender}.yaml", f"{brief.sender}.yml"]
    folders = [path.parent / "senders", path.parent.parent / "senders", path.parent]
    for folder in folders:
        for name in names:
            if (folder / name).is_file():
                sender = _load(folder / name, Sender)
                return BriefFiles(brief, sender.model_copy(update={"id": brief.sender}))
    raise BadInput(
        f"{path.name}: there is no sender «{brief.sender}»: write "
        f"{folders[1] / names[0]} (legal_name, from_address, postal_address …)"
    )


def _load(path: Path, model: type[Model]) -> Model:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path}: larger than {MAX_BYTES} bytes; is it a brief?")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BadInput(f"{path}: no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read as UTF-8 text ({type(error).__name__})") from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path.name}{line}: not valid YAML; check indents and quotes") from error
    if not isinstance(data, dict):
        raise BadInput(
            f"{path.name}: expected keys such as {', '.join(list(model.model_fields)[:4])}"
        )
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise BadInput(_explain(path.name, node, model, error)) from error


def _explain(name: str, node: Any, model: type[BaseModel], error: ValidationError) -> str:
    """The first mistake, with its line; unknown keys come first, they explain the rest."""
    mistakes = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    first = mistakes[0]
    place = ".".join(str(part) for part in first["loc"])
    line = _line(node, first["loc"])
    where = f"{name} line {line}" if line else name
    if first["type"] == "extra_forbidden":
        near = get_close_matches(str(first["loc"][-1]), _keys(model, first["loc"]), n=1)
        hint = f"; did you mean «{near[0]}»?" if near else ""
        return f"{where}: unknown key «{place}»{hint}"
    if first["type"] == "missing":
        return f"{where}: «{place}» is missing"
    return f"{where}: «{place}»: {first['msg']}"


def _line(node: Any, loc: tuple[str | int, ...]) -> int:
    """The line of the deepest part of `loc` that the file has, from 1; 0 if none."""
    line = 0
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, node = key.start_mark.line + 1, value
                    break
            else:
                break
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                break
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


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
