"""Drafts for many tasks: several at once where a model writes them, else one by one."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from contracts.mail import Draft
from contracts.seams import NoProgress, Progress
from personalize.errors import NoEvidence, NoText
from personalize.writing.model_writer import ModelWriter
from personalize.writing.task import Writer, WritingTask

__all__ = ["Written", "write_all"]


@dataclass(frozen=True, slots=True)
class Written:
    """A task's draft, or why there can be none."""

    task: WritingTask
    draft: Draft | None
    why: NoEvidence | NoText | None = None


def write_all(
    writer: Writer, tasks: Sequence[WritingTask], progress: Progress | None = None
) -> tuple[Written, ...]:
    """What `writer` makes of each task, in the order of the tasks.

    A model is asked for as many drafts at once as its options say; how often it may be asked
    is its own limit and holds over all of them. The composer, which waits for nobody, writes
    one after another in the caller's thread. `progress` is told of each draft, by the
    caller's thread.

    Raises:
        Whatever `writer.write` raises beside `NoText` and `NoEvidence`, which are results. The
        drafts that were not begun by then are not written.
    """
    progress = progress or NoProgress()
    progress.start("write drafts", len(tasks))
    at_once = min(writer.at_once, len(tasks)) if isinstance(writer, ModelWriter) else 1
    written: list[Written | None] = [None] * len(tasks)
    if at_once < 2:
        for place, task in enumerate(tasks):
            written[place] = _one(writer, task)
            progress.advance()
    else:
        with ThreadPoolExecutor(at_once, thread_name_prefix="draft") as pool:
            places = {pool.submit(_one, writer, task): place for place, task in enumerate(tasks)}
            try:
                for done in as_completed(places):
                    written[places[done]] = done.result()
                    progress.advance()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    progress.done()
    return tuple(item for item in written if item is not None)


def _one(writer: Writer, task: WritingTask) -> Written:
    try:
        return Written(task, writer.write(task))
    except (NoEvidence, NoText) as why:
        return Written(task, None, why)
