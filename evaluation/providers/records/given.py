"""A resolver that answers from records given to it: for tests, and to try records that are not
published yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from evaluation.providers.records.answers import Answer, Asked, Kind

__all__ = ["GivenRecords"]


class GivenRecords:
    """Answers as a name server of all these names would.

    Args:
        records: name -> kind -> records as `Answer` has them.
        silent: names whose server does not answer.
    """

    def __init__(
        self,
        records: Mapping[str, Mapping[Kind, Sequence[str]]],
        silent: Collection[str] = (),
    ) -> None:
        self._records = {name.lower(): kinds for name, kinds in records.items()}
        self._silent = silent
        self.asked: list[tuple[str, Kind]] = []

    def ask(self, name: str, kind: Kind) -> Answer:
        key = name.rstrip(".").lower()
        self.asked.append((key, kind))
        if key in self._silent:
            return Answer(Asked.UNKNOWN, why="no name server answered in time")
        found = tuple(self._records.get(key, {}).get(kind, ()))
        if found:
            return Answer(Asked.FOUND, found)
        known = any(item == key or item.endswith(f".{key}") for item in self._records)
        return Answer(Asked.EMPTY if known else Asked.NO_NAME)
