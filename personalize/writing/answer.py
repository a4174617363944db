"""What a chat model is asked to return: sentences, each with the sources that say it.

The shape keeps to what the strict JSON schemas of OpenAI-compatible servers allow: every
key is required, none is unknown, and no value carries a length or a pattern. What the
sentences may hold is judged afterwards, module by module, so that one bad sentence costs
one module and not the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.mail import ModuleKind, Slot

__all__ = ["Answer", "Part", "Sentence", "Wording", "answer_schema", "partial_texts", "read_json"]

_Read = TypeVar("_Read", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sentence(_Strict):
    """One sentence of the email."""

    text: str = Field(description="the sentence, in the language asked for")
    cites: list[str] = Field(description="labels of the sources that say it; empty if none")


class Wording(_Strict):
    """One way of saying a part that has several."""

    slot: str = Field(description="the part")
    tactic: str = Field(description="id of the tactic")
    sentences: list[Sentence]


class Part(_Strict):
    """One module."""

    kind: str = Field(description="the module")
    sentences: list[Sentence]


class Answer(_Strict):
    """The parts of the email that were asked for."""

    wordings: list[Wording]
    modules: list[Part]

    def part(self, kind: ModuleKind) -> Sequence[Sentence] | None:
        """The first module of this kind, None where there is none."""
        return next((item.sentences for item in self.modules if item.kind == kind.value), None)


def answer_schema(slots: Sequence[Slot], kinds: Sequence[ModuleKind]) -> dict[str, Any]:
    """The JSON schema of an answer that holds these parts and no others. Without references,
    which not every server follows."""
    sentence = _object(
        {
            "text": _text("the sentence, in the language asked for"),
            "cites": _list(_text("label of a source that says it")),
        }
    )
    wording = _object(
        {
            "slot": {"type": "string", "enum": [slot.value for slot in slots] or ["none"]},
            "tactic": _text("id of the tactic"),
            "sentences": _list(sentence),
        }
    )
    part = _object(
        {
            "kind": {"type": "string", "enum": [kind.value for kind in kinds] or ["none"]},
            "sentences": _list(sentence),
        }
    )
    schema = _object({"wordings": _list(wording), "modules": _list(part)})
    return {"title": "Answer", "description": "The parts of the email.", **schema}


def read_json(received: str, model: type[_Read]) -> _Read | None:
    """An answer in its shape, None if it has another. Words around the object (a fence, "here
    it is") are cut off; what is inside has to be right."""
    start, end = received.find("{"), received.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        return model.model_validate_json(received[start : end + 1])
    except ValidationError:
        return None


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(items)}


def _text(description: str) -> dict[str, str]:
    return {"type": "string", "description": description}


def partial_texts(received: str) -> Mapping[str, str]:
    """What of each part can be read in an answer that is still coming, by "subject", "proof"
    and so on; of several wordings the first. For display only: nothing of it was checked.
    Empty where nothing can be read yet."""
    from langchain_core.utils.json import parse_partial_json

    try:
        value = parse_partial_json(received)
    except ValueError:
        return {}
    if not isinstance(value, dict):
        return {}
    texts: dict[str, str] = {}
    for group, key in (("wordings", "slot"), ("modules", "kind")):
        items = value.get(group)
        for item in items if isinstance(items, list) else ():
            if not isinstance(item, dict) or not isinstance(item.get("sentences"), list):
                continue
            said = [s.get("text") for s in item["sentences"] if isinstance(s, dict)]
            text = " ".join(s for s in said if isinstance(s, str))
            name = item.get(key)
            if text and isinstance(name, str):
                texts.setdefault(name, text)
    return texts
