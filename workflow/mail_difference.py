"""What changes in a mail for its reader, as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation import MailView

__all__ = ["difference"]

_AROUND = 3  # lines of context, as diff -u has


def difference(old: MailView, new: MailView, name: str) -> str:
    """A unified diff of subject, visible text of the HTML part and text part; "" no change."""
    rows: list[str] = []
    for part, before, after in (
        ("subject", old.subject, new.subject),
        ("html", old.visible, new.visible),
        ("text", old.text, new.text),
    ):
        rows += _of_part(f"{name} ({part})", _lines(before), _lines(after))
    return "\n".join(rows)


def _lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _of_part(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """One hunk from the first line that differs to the last: mending adds in one place, and a
    search for the shortest difference may take for ever over a hostile text."""
    if old == new:
        return
    shortest = min(len(old), len(new))
    first = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    rest = shortest - first
    last = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    start = max(0, first - _AROUND)
    end_old, end_new = len(old) - last, len(new) - last
    below = old[end_old : end_old + _AROUND]
    yield f"--- {name}"
    yield f"+++ {name}, mended"
    old_count, new_count = end_old - start + len(below), end_new - start + len(below)
    yield f"@@ -{_range(start, old_count)} +{_range(start, new_count)} @@"
    yield from (f" {line}" for line in old[start:first])
    yield from (f"-{line}" for line in old[first:end_old])
    yield from (f"+{line}" for line in new[first:end_new])
    yield from (f" {line}" for line in below)


def _range(start: int, count: int) -> str:
    return f"{start + 1 if count else start},{count}"
