"""Drafts for many tasks: several at once where a model writes them, else one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from contracts.mail import Draft
from contracts.seams import NoProgress, Progress
from personalize.errors import NoEvidence, NoText
from personalize.writing.model_writer import ModelWriter
from personalize.writing.task import Writer, WritingTask

__all__ = ["OnWriting", "Written", "write_all"]

_LOOK_S = 0.2  # seconds between two looks at what came meanwhile

OnWriting = Callable[[WritingTask, Mapping[str, str]], None]
"""Gets a task and the text of each part of its letter as far as a model has written it. It is
called in the thread that asked for the drafts. Nothing of the text was checked."""


@dataclass(frozen=True, slots=True)
class Written:
    """A task's draft, or why there can be none."""

    task: WritingTask
    draft: Draft | None
    why: NoEvidence | NoText | None = None


def write_all(
    writer: Writer,
    tasks: Sequence[WritingTask],
    progress: Progress | None = None,
    on_writing: OnWriting | None = None,
) -> tuple[Written, ...]:
    """What `writer` makes of each task, in the order of the tasks.

    A model is asked for as many drafts at once as its options say; how often it may be asked
    is its own limit and holds over all of them. The composer, which waits for nobody, writes
    one after another in the caller's thread. `progress` is told of each draft, by the
    caller's thread.

    Args:
        on_writing: what is told of letters while a model writes them; the composer's come whole.

    Raises:
        Whatever `writer.write` raises beside `NoText` and `NoEvidence`, which are results. The
        drafts that were not begun by then are not written.
    """
    progress = progress or NoProgress()
    progress.start("write drafts", len(tasks))
    if isinstance(writer, ModelWriter) and tasks:
        written = _side_by_side(writer, tasks, progress, on_writing)
    else:
        written = []
        for task in tasks:
            written.append(_one(writer, task))
            progress.advance()
    progress.done()
    return tuple(written)


def _side_by_side(
    writer: ModelWriter,
    tasks: Sequence[WritingTask],
    progress: Progress,
    on_writing: OnWriting | None,
) -> list[Written]:
    coming: SimpleQueue[tuple[WritingTask, Mapping[str, str]]] = SimpleQueue()

    def one(task: WritingTask) -> Written:
        if on_writing is None:
            return _one(writer, task)
        return _attempt(
            task, lambda: writer.write(task, lambda texts: coming.put((task, dict(texts))))
        )

    at_once = max(1, min(writer.at_once, len(tasks)))
    with ThreadPoolExecutor(at_once, thread_name_prefix="draft") as pool:
        written = [pool.submit(one, task) for task in tasks]
        pending = set(written)
        try:
            while pending:
                done, pending = wait(
                    pending, None if on_writing is None else _LOOK_S, FIRST_COMPLETED
                )
                if on_writing is not None:
                    _tell(coming, on_writing)
                for future in done:
                    future.result()
                    progress.advance()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in written]


def _tell(
    coming: SimpleQueue[tuple[WritingTask, Mapping[str, str]]], on_writing: OnWriting
) -> None:
    """The newest text of each letter that there is news of."""
    newest: dict[int, tuple[WritingTask, Mapping[str, str]]] = {}
    while True:
        try:
            task, texts = coming.get_nowait()
        except Empty:
            break
        newest[id(task)] = task, texts
    for task, texts in newest.values():
        on_writing(task, texts)


def _one(writer: Writer, task: WritingTask) -> Written:
    return _attempt(task, lambda: writer.write(task))


def _attempt(task: WritingTask, write: Callable[[], Draft]) -> Written:
    try:
        return Written(task, write())
    except (NoEvidence, NoText) as why:
        return Written(task, None, why)
