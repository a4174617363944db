"""Why a request to a chat model failed, in words, and whether another attempt may succeed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

__all__ = ["CUT_OFF", "NOT_JSON", "REFUSED", "ChatFailure", "failure_of", "late"]

NOT_JSON = "its answer was not the JSON asked for"
CUT_OFF = "its answer was cut off"
REFUSED = "it refused"

_ADVICE = {
    401: "; check the API key",
    403: "; check the API key",
    404: "; check the model's name and the base URL",
    429: "; its quota is used up or it is overloaded",
}
_PASSING = frozenset({408, 409, 425, 429})  # beside every 5xx
_SIGNS = (  # in the name of an error -> reason, whether it may pass
    ("timeout", "", True),
    ("connect", "its server cannot be reached", True),
    ("protocol", "its server broke off", True),
    ("refusal", REFUSED, False),
    ("lengthfinish", CUT_OFF, False),
    ("contentfilter", "its provider held the answer back", False),
    ("validation", NOT_JSON, False),
    ("outputparser", NOT_JSON, False),
    ("jsondecode", NOT_JSON, False),
)


class ChatFailure(Exception):
    """One attempt came to nothing.

    `why` completes "was replaced: …" and holds no word of prompt, answer or key.
    """

    def __init__(
        self,
        why: str,
        *,
        passing: bool = False,
        wait_s: float | None = None,
        free: bool = False,
        tokens: tuple[int | None, int | None] = (None, None),
    ) -> None:
        super().__init__(why)
        self.why = why
        self.passing = passing  # another attempt may succeed
        self.wait_s = wait_s  # seconds that the server wants waited first
        self.free = free  # nothing was written, so nothing was used
        self.tokens = tokens  # in and out, where they are known


def failure_of(error: BaseException, timeout_s: float) -> ChatFailure:
    """The failure that an error of a provider's package stands for, by what it and its causes
    are; never by what they say."""
    chain = list(_causes(error))
    for item in chain:
        status = getattr(item, "status_code", None)
        if isinstance(status, int) and status >= 400:
            passing = status in _PASSING or status >= 500
            why = f"its server answered HTTP {status}{_ADVICE.get(status, '')}"
            wait = _retry_after(item) if passing else None
            return ChatFailure(why, passing=passing, wait_s=wait, free=True)
    for item in chain:
        name = type(item).__name__.casefold()
        for sign, why, passing in _SIGNS:
            if sign in name:
                return ChatFailure(
                    why or late(timeout_s),
                    passing=passing,
                    free=sign == "connect",
                    tokens=_tokens(item),
                )
    return ChatFailure(f"it failed with {type(error).__name__}")


def late(seconds: float) -> str:
    """The reason of an answer that did not come in time."""
    return f"it did not answer within {seconds:g} s"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in seen:
        seen.append(at)
        yield at
        at = at.__cause__ or at.__context__


def _retry_after(error: BaseException) -> float | None:
    """Seconds, from the header of that name: a number or a date (RFC 9110, 10.2.3)."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    stated = str(headers.get("retry-after", "")).strip()
    if not stated:
        return None
    try:
        return max(0.0, float(stated))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(stated)
    except (TypeError, ValueError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _tokens(error: BaseException) -> tuple[int | None, int | None]:
    """What an answer that was cut off has used, where its error says so."""
    usage = getattr(getattr(error, "completion", None), "usage", None)
    return (
        getattr(usage, "prompt_tokens", None) or None,
        getattr(usage, "completion_tokens", None) or None,
    )
