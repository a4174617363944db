"""The JSON form of whole records, and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from contracts.answers import CaseAnswers
from contracts.audience import Contact
from contracts.brief import Brief, Sender
from contracts.case import Case
from contracts.decision import Approval, Role, Submission
from contracts.delivery import MergeValues
from contracts.look import Look
from contracts.mail import Draft, Edition, Variant
from contracts.verdict import Screening
from storage.errors import Unreadable

__all__ = [
    "ANSWERS",
    "APPROVAL",
    "BRIEF",
    "CASE",
    "CONTACT",
    "DRAFT",
    "EDITION",
    "LOOK",
    "MERGE",
    "PAYLOAD",
    "ROLES",
    "SCREENING",
    "SENDER",
    "SUBMISSION",
    "VARIANT",
    "Document",
]

T = TypeVar("T")


class Document(Generic[T]):
    """Writes values of one type as JSON text and reads them back equal.

    Bytes are written as base64. The text is stored as text, not in a JSON column, so that
    both databases keep it character by character (PostgreSQL's jsonb refuses U+0000).
    """

    def __init__(self, kind: Any, name: str) -> None:
        self._kind = kind
        self._name = name

    @cached_property
    def _adapter(self) -> TypeAdapter[tuple[T]]:
        # In a tuple, because a dataclass itself takes no configuration from outside.
        wrapped: Any = tuple.__class_getitem__(self._kind)
        return TypeAdapter(
            wrapped,
            config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"),
        )

    def dump(self, value: T) -> str:
        return self._adapter.dump_json((value,)).decode("utf-8")

    def load(self, text: str) -> T:
        """The value as it was dumped.

        Raises:
            Unreadable: the text is not what `dump` wrote for this type.
        """
        try:
            return self._adapter.validate_json(text)[0]
        except ValidationError:
            # Without its cause: pydantic's message quotes the record, which may be a person's.
            raise Unreadable(
                f"a stored {self._name} cannot be read; restore the database from a backup "
                f"or put the {self._name} in again"
            ) from None


ANSWERS: Document[CaseAnswers] = Document(CaseAnswers, "set of answers")
APPROVAL: Document[Approval] = Document(Approval, "decision")
BRIEF: Document[Brief] = Document(Brief, "brief")
CASE: Document[Case] = Document(Case, "case")
CONTACT: Document[Contact] = Document(Contact, "contact")
DRAFT: Document[Draft] = Document(Draft, "draft")
EDITION: Document[Edition] = Document(Edition, "edition")
LOOK: Document[Look] = Document(Look, "look of a campaign")
MERGE: Document[MergeValues] = Document(MergeValues, "envelope")
PAYLOAD: Document[Mapping[str, str]] = Document(dict[str, str], "audit entry")
ROLES: Document[frozenset[Role]] = Document(frozenset[Role], "user")
SCREENING: Document[Screening] = Document(Screening, "screening")
SENDER: Document[Sender] = Document(Sender, "sender")
SUBMISSION: Document[Submission] = Document(Submission, "submission")
VARIANT: Document[Variant] = Document(Variant, "variant")
