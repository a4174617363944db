"""How often a model is asked, what is kept of its answers, and when a campaign stops asking."""

import json
import sys
import threading
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "personalize" / "writing"))

from model_samples import good_answer, said, task, with_part
from model_server import answering, failing, in_turn, running, sleeping

from contracts.errors import BadInput
from contracts.mail import ModuleKind
from personalize.errors import NoEvidence
from personalize.writing.chat_options import ChatOptions
from personalize.writing.chat_usage import ChatBudget, Prices, Spent, most_usage
from personalize.writing.composer import Composer
from personalize.writing.model_writer import ModelWriter
from personalize.writing.pool import write_all

MODEL = "openai:test-model"
ORIGIN = f"model:{MODEL}"
EUROS = Prices(Decimal(2), Decimal(8), "EUR")
ONE = Decimal("0.0042")  # 900 tokens in and 300 out, as the server says


class Shelf:
    """Keeps answers in memory."""

    def __init__(self):
        self.kept = {}

    def get(self, key):
        return self.kept.get(key)

    def put(self, key, model, answer):
        assert model == MODEL
        self.kept[key] = answer


class Book:
    """Counts in memory."""

    def __init__(self, tokens=0, cost=Decimal(0)):
        self.before = Spent(tokens, cost)
        self.rows = []

    def add(self, campaign, model, usage, cost, most_cost, currency):
        self.rows.append((campaign, model, usage, cost, most_cost, currency))

    def spent(self, campaign):
        return self.before


class Steps:
    def __init__(self):
        self.total = None
        self.count = 0
        self.threads = set()

    def start(self, step, total):
        self.total = total

    def advance(self, count=1):
        self.count += count
        self.threads.add(threading.get_ident())

    def done(self):
        pass


@pytest.fixture
def server():
    with running() as found:
        found.reply = answering(good_answer())
        yield found


@pytest.fixture(autouse=True)
def no_other_settings(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-for-tests")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "LANGSMITH_TRACING", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


def writer(server, cache=None, ledger=None, **options):
    given = {"timeout_s": 20.0, "retries": 0, "backoff_s": 0.01, "repairs": 0, **options}
    return ModelWriter(ChatOptions(MODEL, server.url, **given), cache, ledger)


def tasks(count):
    """Tasks that ask for different things."""
    return [replace(task(), ordinal=number, segment=f"s{number}") for number in range(count)]


def note(draft):
    return next(m.note for m in draft.modules if m.kind is ModuleKind.PROOF)


# --- several at once -----------------------------------------------------------------------


def test_drafts_come_in_the_order_of_their_tasks(server):
    server.reply = lambda handler: sleeping(0.3 / handler.number, answering(good_answer()))(handler)
    steps = Steps()
    written = write_all(writer(server), tasks(6), steps)
    assert [item.draft.segment for item in written] == [f"s{number}" for number in range(6)]
    assert all(item.draft.writer == ORIGIN for item in written)
    assert (steps.total, steps.count) == (6, 6)
    assert steps.threads == {threading.get_ident()}


def test_a_model_is_asked_for_as_many_at_once_as_it_may(server):
    server.reply = sleeping(0.3, answering(good_answer()))
    write_all(writer(server, at_once=3), tasks(7))
    assert server.most_at_once == 3
    assert len(server.requests) == 7


def test_a_task_without_evidence_takes_no_other_draft_along(server):
    jobs = tasks(3)
    jobs[1] = replace(jobs[1], passages=())
    written = write_all(writer(server), jobs)
    assert [item.draft is not None for item in written] == [True, False, True]
    assert isinstance(written[1].why, NoEvidence)
    assert [item.task for item in written] == jobs


def test_the_composer_writes_one_after_another_in_the_callers_thread():
    seen = []

    class Watched(Composer):
        def write(self, task):
            seen.append(threading.get_ident())
            return super().write(task)

    written = write_all(Watched(), tasks(3))
    assert [item.draft.segment for item in written] == ["s0", "s1", "s2"]
    assert set(seen) == {threading.get_ident()}


def test_what_nobody_foresaw_ends_the_work(server):
    class Broken(Composer):
        def write(self, task):
            raise RuntimeError("out of memory")

    broken = ModelWriter(ChatOptions(MODEL, server.url), composer=Broken())
    with pytest.raises(RuntimeError, match="out of memory"):
        write_all(broken, tasks(8))


def test_requests_keep_to_so_many_a_minute(server):
    start = time.monotonic()
    write_all(writer(server, at_once=4, requests_per_minute=240), tasks(5))
    assert time.monotonic() - start >= 0.9
    gaps = [later - earlier for earlier, later in zip(server.times, server.times[1:], strict=False)]
    assert min(gaps) > 0.1


# --- answers that are kept -----------------------------------------------------------------


def test_drafting_again_asks_nothing(server):
    shelf = Shelf()
    first = writer(server, shelf).write(task())
    again = writer(server, shelf).write(task())
    assert again == first
    assert len(server.requests) == 1


def test_a_kept_answer_is_shown_to_who_watches(server):
    shelf, seen = Shelf(), []
    writer(server, shelf).write(task())
    writer(server, shelf).write(task(), seen.append)
    assert seen[-1]["problem"].startswith("A worn bearing")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"role": "quality"},
        {"ordinal": 1},
        {"seed": 1},
        {"preferred": ("line",)},
        {"stage": "customer"},
        {"touch": "trade_fair"},
    ],
    ids=lambda change: "-".join(change),
)
def test_another_question_is_asked(server, change):
    shelf = Shelf()
    writer(server, shelf).write(task())
    writer(server, shelf).write(replace(task(), **change))
    assert len(server.requests) == 2


def test_another_language_or_form_of_address_is_another_question(server):
    shelf = Shelf()
    for job in (task(), task("de"), task("de", address="familiar"), task("de")):
        writer(server, shelf).write(job)
    assert len(server.requests) == 3


def test_another_model_server_or_length_is_another_question(server):
    shelf = Shelf()
    writer(server, shelf).write(task())
    writer(server, shelf, max_output_tokens=900).write(task())
    with running() as other:
        other.reply = answering(good_answer())
        writer(other, shelf).write(task())
        assert len(other.requests) == 1
    assert len(server.requests) == 2


def test_an_answer_that_cannot_be_read_is_not_kept(server):
    shelf = Shelf()
    server.reply = in_turn(answering("nonsense"), answering(good_answer()))
    assert writer(server, shelf).write(task()).writer == "composer"
    assert shelf.kept == {}
    assert writer(server, shelf).write(task()).writer == ORIGIN


def test_both_rounds_are_kept(server):
    bad = [said("Unplanned downtime fell by 45 %.", "passage-3")]
    server.reply = answering(with_part(good_answer(), "proof", bad))
    shelf = Shelf()
    first = writer(server, shelf, repairs=1).write(task())
    assert len(server.requests) == 2
    assert writer(server, shelf, repairs=1).write(task()) == first
    assert len(server.requests) == 2


# --- what it costs -------------------------------------------------------------------------


def test_every_request_is_counted_with_its_cost(server):
    book, shelf = Book(), Shelf()
    writer(server, shelf, book, prices=EUROS).write(task())
    writer(server, shelf, book, prices=EUROS).write(task())
    asked, kept = book.rows
    assert asked[:2] == ("spring", MODEL)
    assert (asked[2].tokens_in, asked[2].tokens_out, asked[2].cached) == (900, 300, False)
    assert asked[3:] == (ONE, ONE, "EUR")
    assert (kept[2].tokens_in, kept[2].tokens_out, kept[2].cached) == (0, 0, True)
    assert kept[3] == 0


def test_a_stream_is_counted_too(server):
    book = Book()
    writer(server, None, book).write(task(), lambda texts: None)
    ((_, _, usage, cost, _, _),) = book.rows
    assert (usage.tokens_in, usage.tokens_out) == (900, 300)
    assert cost is None  # nobody has said a price


def test_what_the_server_does_not_say_is_unknown_and_not_nothing(server):
    server.reply = answering(good_answer(), usage=None)
    book = Book()
    writer(server, None, book, prices=EUROS).write(task())
    ((_, _, usage, cost, most_cost, _),) = book.rows
    assert (usage.tokens_in, usage.tokens_out, cost) == (None, None, None)
    assert usage.most_in > 1000
    assert usage.most_out == 4000
    assert most_cost > ONE


def test_an_answer_that_was_cut_off_is_counted(server):
    server.reply = answering(json.dumps(good_answer())[:99], finish="length")
    book = Book()
    writer(server, None, book).write(task())
    ((_, _, usage, _, _, _),) = book.rows
    assert (usage.tokens_in, usage.tokens_out) == (900, 300)


def test_a_late_answer_may_have_cost_something_and_an_error_did_not(server):
    book = Book()
    server.reply = sleeping(1.5)
    writer(server, None, book, timeout_s=0.5).write(task())
    ((_, _, usage, _, _, _),) = book.rows
    assert usage.tokens_out is None
    server.reply = failing(500)
    writer(server, None, book, retries=1).write(task())
    assert len(book.rows) == 1


def test_the_most_that_a_request_can_use_is_more_than_what_it_uses():
    english = "The line stood still for nine hours a month. " * 20  # some 10 tokens a sentence
    assert 200 < most_usage([english], 0).most_in - 400 < 600
    assert most_usage(["非计划停机时间由每月27小时降至9小时。" * 10], 0).most_in - 400 > 300


def test_a_budget_of_tokens_stops_politely(server):
    most = most_usage(_prompt(server), 500).most
    # Room for one request and what two more have used, not for what a fourth may use.
    budget = ChatBudget(tokens=most + 2 * 1200)
    chosen = writer(server, None, Book(), at_once=1, max_output_tokens=500, budget=budget)
    drafts = [item.draft for item in write_all(chosen, [task()] * 6)]
    assert [draft.writer for draft in drafts] == [ORIGIN] * 3 + ["composer"] * 3
    assert len(server.requests) == 3
    for draft in drafts[3:]:
        assert f"budget of {most + 2400} tokens is used up" in note(draft)
        base = Composer().write(task())
        assert [m.text for m in draft.modules] == [m.text for m in base.modules]


def _prompt(server):
    writer(server).write(task())
    texts = [message["content"] for message in server.bodies()[-1]["messages"]]
    server.requests.clear()
    return texts


def test_requests_that_run_at_once_do_not_exceed_a_budget_together(server):
    most = most_usage(_prompt(server), 500).most
    server.reply = sleeping(0.3, answering(good_answer()))
    budget = ChatBudget(tokens=2 * most)
    chosen = writer(server, None, Book(), at_once=6, max_output_tokens=500, budget=budget)
    drafts = [item.draft for item in write_all(chosen, [task()] * 6)]
    assert len(server.requests) == 2
    assert sum(draft.writer == ORIGIN for draft in drafts) == 2


def test_a_budget_counts_what_was_used_before(server):
    book = Book(tokens=99_000)
    draft = writer(server, None, book, budget=ChatBudget(tokens=100_000)).write(task())
    assert draft.writer == "composer"
    assert server.requests == []
    assert "budget of 100000 tokens" in note(draft)


def test_a_budget_of_money_stops_politely(server):
    budget = ChatBudget(cost=Decimal("0.05"))
    chosen = writer(server, None, Book(cost=Decimal("0.049")), prices=EUROS, budget=budget)
    draft = chosen.write(task())
    assert draft.writer == "composer"
    assert "budget of 0.05 EUR is used up" in note(draft)
    assert server.requests == []


def test_unknown_usage_counts_against_a_budget_as_the_most_it_can_be(server):
    most = most_usage(_prompt(server), 500).most
    server.reply = answering(good_answer(), usage=None)
    budget = ChatBudget(tokens=2 * most)
    chosen = writer(server, None, Book(), at_once=1, max_output_tokens=500, budget=budget)
    drafts = [item.draft for item in write_all(chosen, [task()] * 3)]
    assert [draft.writer for draft in drafts] == [ORIGIN, ORIGIN, "composer"]


def test_a_kept_answer_needs_no_budget(server):
    shelf = Shelf()
    writer(server, shelf).write(task())
    draft = writer(server, shelf, Book(tokens=10), budget=ChatBudget(tokens=0)).write(task())
    assert draft.writer == ORIGIN


def test_a_budget_of_money_needs_prices():
    with pytest.raises(BadInput, match="chat_price_in and chat_price_out"):
        ChatOptions(MODEL, budget=ChatBudget(cost=Decimal(5)), prices=Prices(Decimal(1)))
