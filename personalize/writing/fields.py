"""Merge fields that a brief's author writes: `{{ company | fallback("your company") }}`.

A field is read from the syntax tree of the text; nothing of the text is ever run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from contracts.errors import BadInput

__all__ = ["FIELDS", "OpenedText", "joined_fallbacks", "open_fields"]

FIELDS = ("first_name", "last_name", "company", "job_title")
"""What a brief may take from a recipient's record."""

# Overrides and isolates reorder the text around them (Unicode TR 36, 2.4).
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKS = re.compile(r"\{[{%#]|[%}#]\}")


@dataclass(frozen=True, slots=True)
class OpenedText:
    text: str  # with a place [[name]] for every field
    fallbacks: Mapping[str, str] = field(default_factory=dict)  # what stands there otherwise


def open_fields(text: str, language: str) -> OpenedText:
    """`text` with its fields as open places. Places `[[name]]` that it has stay as they are.

    Args:
        language: of the text, for the message: fallbacks are said in it.

    Raises:
        BadInput: a field that does not exist or has no fallback, a fallback that is no plain
            text, two fallbacks for one field, or any other template syntax.
    """
    if not _MARKS.search(text):
        return OpenedText(text)
    from jinja2 import TemplateSyntaxError, nodes

    try:
        tree = _environment().parse(text)
        comment = any(kind == "comment_begin" for _, kind, _ in _environment().lex(text))
    except TemplateSyntaxError as error:
        raise BadInput(f"a merge field is not written properly ({error.message}); {_how()}") from (
            error
        )
    if comment:
        raise BadInput(f"a text may hold merge fields and no comments; {_how()}")
    parts: list[str] = []
    fallbacks: dict[str, str] = {}
    for output in tree.body:
        if not isinstance(output, nodes.Output):
            raise BadInput(f"a text may hold merge fields and no other instructions; {_how()}")
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                parts.append(node.data)
                continue
            name, otherwise = _field(node, language)
            if fallbacks.setdefault(name, otherwise) != otherwise:
                raise BadInput(_two(name, fallbacks[name], otherwise))
            parts.append(f"[[{name}]]")
    return OpenedText("".join(parts), fallbacks)


def joined_fallbacks(texts: Iterable[OpenedText]) -> Mapping[str, str]:
    """The fallbacks of all texts of one mail.

    Raises:
        BadInput: two texts have different fallbacks for one field.
    """
    joined: dict[str, str] = {}
    for text in texts:
        for name, otherwise in text.fallbacks.items():
            if joined.setdefault(name, otherwise) != otherwise:
                raise BadInput(_two(name, joined[name], otherwise))
    return joined


def _field(node: Any, language: str) -> tuple[str, str]:
    """The name and the fallback of `{{ name | fallback("text") }}`."""
    from jinja2 import nodes

    name = node.node if isinstance(node, nodes.Filter) else node
    if not isinstance(name, nodes.Name):
        raise BadInput(f"a merge field is a name and its fallback, nothing else; {_how()}")
    if name.name not in FIELDS:
        raise BadInput(f"no merge field is called «{name.name}»; there are {', '.join(FIELDS)}")
    if not isinstance(node, nodes.Filter) or node.name != "fallback":
        raise BadInput(
            f"the merge field «{name.name}» has no fallback: write what stands there where a "
            f"contact has none, {_how(name.name)} in {language}"
        )
    plain = len(node.args) == 1 and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    value = node.args[0].value if plain and isinstance(node.args[0], nodes.Const) else None
    if not isinstance(value, str) or not value.strip() or not _printable(value):
        raise BadInput(
            f"the fallback of «{name.name}» is one line of plain text: {_how(name.name)}"
        )
    return name.name, value


def _printable(text: str) -> bool:
    """Whether a text can stand in a mail as a recipient's value may: one line, no place."""
    bad = any(
        char in _REORDERING or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
        for char in text
    )
    return not bad and "[[" not in text and not _MARKS.search(text)


def _two(name: str, one: str, other: str) -> str:
    return f"«{name}» has two fallbacks in one mail, «{one}» and «{other}»: write the same one"


def _how(name: str = "company") -> str:
    return f'write {{{{ {name} | fallback("…") }}}}'


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["fallback"] = lambda value, otherwise: value or otherwise
    return environment
