"""Several letters at once: their order, what is told while they come, and what stops them."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest
from writing_samples import make_case, make_task

from contracts.mail import Draft
from personalize import ChatOptions, Composer, ModelWriter, NoText, WritingTask, write_all


class Slow(ModelWriter):
    """Tells of a letter twice and then gives the composer's; waits for the others."""

    def __init__(self, at_once: int, fails: Mapping[str, Exception] | None = None) -> None:
        super().__init__(ChatOptions("openai:test-model", at_once=at_once))
        self.fails = fails or {}
        self.threads: set[str] = set()
        self.met = threading.Barrier(at_once, timeout=20)

    def write(self, task: WritingTask, on_partial=None) -> Draft:  # type: ignore[no-untyped-def]
        self.threads.add(threading.current_thread().name)
        if on_partial is not None:
            on_partial({"opener": "Wh"})
            on_partial({"opener": "When"})
        self.met.wait()
        if task.segment in self.fails:
            raise self.fails[task.segment]
        return Composer().write(task)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-for-tests")


def tasks(count: int) -> list[WritingTask]:
    case = make_case("en")
    return [make_task("en", case, segment=f"s{n}", ordinal=n) for n in range(count)]


def test_drafts_come_in_the_order_of_their_tasks() -> None:
    written = write_all(Slow(2), tasks(4))
    assert [item.draft.segment for item in written if item.draft] == ["s0", "s1", "s2", "s3"]


def test_what_comes_is_told_in_the_thread_that_asked() -> None:
    told: dict[str, list[str]] = {}
    threads = set()

    def coming(task: WritingTask, texts: Mapping[str, str]) -> None:
        threads.add(threading.current_thread())
        told.setdefault(task.segment, []).append(texts["opener"])

    writer = Slow(2)
    write_all(writer, tasks(4), on_writing=coming)
    assert threads == {threading.current_thread()}
    assert threading.current_thread().name not in writer.threads
    # Not every step is told of, the newest is.
    assert {segment: texts[-1] for segment, texts in told.items()} == dict.fromkeys(
        ("s0", "s1", "s2", "s3"), "When"
    )


def test_a_letter_that_cannot_be_written_does_not_stop_the_others() -> None:
    why = NoText("en", ("offer.en",))
    written = write_all(Slow(2, {"s1": why}), tasks(2))
    assert written[0].draft is not None
    assert (written[1].draft, written[1].why) == (None, why)


def test_a_fault_of_the_program_is_raised() -> None:
    with pytest.raises(RuntimeError, match="broken"):
        write_all(Slow(2, {"s0": RuntimeError("broken")}), tasks(2), on_writing=lambda *_: None)
