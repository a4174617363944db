"""A YAML file as people write it: its values, and the line that each of them stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from contracts.errors import BadInput

__all__ = ["MAX_BYTES", "YamlFile", "read_yaml"]

MAX_BYTES = 200_000
_DEPTH = 30  # of lists and mappings inside each other
_MALFORMED = "not valid YAML; check indents and quotes"


@dataclass(frozen=True, slots=True)
class YamlFile:
    name: str  # of the file, for messages
    data: Any
    node: yaml.Node | None  # the same as a tree that knows its lines

    def line(self, place: Sequence[str | int]) -> int:
        """The line of the deepest part of `place` that the file has, from 1; 0 if none."""
        line, node = 0, self.node
        for part in place:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
                if found is None:
                    break
                line, node = _line(found[0]), found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
                if part >= len(node.value):
                    break
                node = node.value[part]
                line = _line(node)
            else:
                break
        return line

    def mistake(self, place: Sequence[str | int], why: str) -> BadInput:
        """An error that names the file and the line of `place`."""
        return BadInput(f"{_at(self.name, self.line(place))}: {why}")


def read_yaml(path: Path) -> YamlFile:
    """The one document of a file in UTF-8, of at most 200,000 bytes.

    Aliases are refused: a few lines of them stand for billions of values.

    Raises:
        BadInput: the file is missing, too large, no text or no YAML, has an alias, or has
            a key twice; names the line.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise BadInput(f"{path}: no such file; check the path") from error
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); give a file") from error
    if len(raw) > MAX_BYTES:
        raise BadInput(f"{path}: larger than {MAX_BYTES} bytes; is it the right file?")
    try:
        return _parsed(path.name, raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not text in UTF-8; save it in that encoding") from error


def _parsed(name: str, text: str) -> YamlFile:
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                where = _at(name, _line(event))
                raise BadInput(f"{where}: YAML aliases are not read; write the values out")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH:  # the time that the parser takes grows with its square
                where = _at(name, _line(event))
                raise BadInput(f"{where}: values are nested too deep; write them flat")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        twice = next(_twice(node), None)
        if twice is not None:
            where = _at(name, _line(twice))
            raise BadInput(f"{where}: key «{twice.value}» is there twice; take one out")
        return YamlFile(name, yaml.safe_load(text), node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, BadInput):
            raise
        mark = getattr(error, "problem_mark", None)
        raise BadInput(f"{_at(name, mark.line + 1 if mark else 0)}: {_MALFORMED}") from error


def _twice(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Keys that their mapping has already; YAML itself would take the last without a word."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _twice(item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield key
                seen.add(key.value)
            yield from _twice(value)


def _line(node: yaml.Node | yaml.Event) -> int:
    return node.start_mark.line + 1 if node.start_mark else 0


def _at(name: str, line: int) -> str:
    return f"{name} line {line}" if line else name
