"""What the command line prints: tables or JSON to standard output, the rest to standard error."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

from contracts.errors import MailwrightError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.seams import Progress

__all__ = [
    "Format",
    "FormatOption",
    "guarded",
    "let_go",
    "plain",
    "print_json",
    "print_table",
    "progress",
    "say",
]

P = ParamSpec("P")
R = TypeVar("R")


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="table for people, json for programs.")
]


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn an error into one line and its exit code (see `contracts.errors`).

    Of a mistake of the program only its place is shown: the rest may hold what contacts
    are called. MAILWRIGHT_TRACEBACK=1 shows everything.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except MailwrightError as error:
            say(f"mailwright: {error}")
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            say("mailwright: stopped; what was finished is kept, run the command again to go on")
            raise typer.Exit(130) from error
        except BrokenPipeError as error:
            let_go()
            raise typer.Exit(0) from error
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if os.environ.get("MAILWRIGHT_TRACEBACK"):
                raise
            say(f"mailwright: {_unforeseen(error)}")
            raise typer.Exit(3) from error

    return run


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return (
            f"{error.filename}: {error.strerror or type(error).__name__}; "
            "see that the file may be read and written, then run the command again"
        )
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"a mistake of the program ({type(error).__name__}, {Path(frame.filename).name} line "
        f"{frame.lineno}); MAILWRIGHT_TRACEBACK=1 shows all of it, which may hold personal data"
    )


def let_go() -> None:
    """Nobody reads standard output any more: what is still to be written there is dropped."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """A message for the person, never for the program that reads standard output."""
    print(text, file=sys.stderr)


def print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as wide as the terminal; cells are shown as they are, without markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", show_lines=False, expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain("" if cell is None else str(cell))) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else 160)
    with console.capture() as drawn:  # rich would end the program where nobody reads
        console.print(table)
    print(drawn.get(), end="")


def plain(text: str, keep: str = "\n") -> str:
    """Without what a terminal would obey: a mail or a case may hold anything.

    Args:
        keep: signs that are let through all the same.
    """
    return "".join(char if char.isprintable() or char in keep else "\ufffd" for char in text)


class _Bars:
    """A bar for each long step, on standard error."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._task: Any = None

    def start(self, step: str, total: int | None) -> None:
        self._task = self._bars.add_task(step, total=total)

    def advance(self, count: int = 1) -> None:
        self._bars.advance(self._task, count)

    def done(self) -> None:
        task = self._bars.tasks[self._task]
        total = task.total if task.total is not None else max(task.completed, 1)
        self._bars.update(self._task, total=total, completed=total)


class _Lines:
    """A line at the start and at the end of each step, where standard error is no terminal."""

    def __init__(self) -> None:
        self._step, self._count = "", 0

    def start(self, step: str, total: int | None) -> None:
        self._step, self._count = step, 0
        say(f"{step}{f' (0/{total})' if total else ''} …")

    def advance(self, count: int = 1) -> None:
        self._count += count

    def done(self) -> None:
        say(f"{self._step}{f' ({self._count})' if self._count else ''}: done")


@contextmanager
def progress() -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bars = Progress(
        TextColumn("{task.description:<18}"),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    with bars:
        yield _Bars(bars)
