"""The writer through the clients of other providers, where their extras are installed."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "personalize" / "writing"))

from model_samples import good_answer, task
from model_server import answering, failing, in_turn, running, send

from contracts.mail import ModuleKind
from personalize.writing.chat_options import ChatOptions
from personalize.writing.model_writer import ModelWriter

# Ollama's client has nothing to close it with, and keeps its connection until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Counted:
    """Counts in memory."""

    def __init__(self):
        self.used = []

    def add(self, campaign, model, usage, cost, most_cost, currency):
        self.used.append((usage.tokens_in, usage.tokens_out))

    def spent(self, campaign):
        from personalize.writing.chat_usage import Spent

        return Spent()


@pytest.fixture
def server():
    with running() as found:
        yield found


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, "dummy-for-tests")
    for name in ("HTTP_PROXY", "LANGSMITH_TRACING", "OPENAI_BASE_URL", "OLLAMA_HOST"):
        monkeypatch.delenv(name, raising=False)


def write(model, base_url, watched, **options):
    book = Counted()
    given = {"repairs": 0, "retries": 0, "backoff_s": 0.01, **options}
    writer = ModelWriter(ChatOptions(model, base_url, **given), ledger=book)
    seen = []
    draft = writer.write(task(), seen.append) if watched else writer.write(task())
    assert bool(seen) is watched or draft.writer == "composer"
    return draft, book.used


def proof(draft):
    return next(item for item in draft.modules if item.kind is ModuleKind.PROOF)


def anthropic(answer, *, stop="end_turn"):
    text = json.dumps(answer)

    def reply(handler):
        message = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "test-model",
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 900, "output_tokens": 1},
        }
        if not json.loads(handler.body).get("stream"):
            message["content"] = [{"type": "text", "text": text}]
            message |= {"stop_reason": stop, "usage": {"input_tokens": 900, "output_tokens": 300}}
            send(handler, 200, message)
            return
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        start = {"index": 0, "content_block": {"type": "text", "text": ""}}
        used = {"input_tokens": 900, "output_tokens": 300}
        events = [("message_start", {"message": message}), ("content_block_start", start)]
        for at in range(0, len(text), 60):
            delta = {"type": "text_delta", "text": text[at : at + 60]}
            events.append(("content_block_delta", {"index": 0, "delta": delta}))
        events += [
            ("content_block_stop", {"index": 0}),
            ("message_delta", {"delta": {"stop_reason": stop}, "usage": used}),
            ("message_stop", {}),
        ]
        for name, data in events:
            line = json.dumps({"type": name, **data})
            handler.wfile.write(f"event: {name}\ndata: {line}\n\n".encode())

    return reply


def ollama(answer, *, done="stop"):
    text = json.dumps(answer)

    def reply(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-ndjson")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        about = {"model": "test-model", "created_at": "2026-12-01T00:00:00Z"}
        for at in range(0, len(text), 60):
            message = {"role": "assistant", "content": text[at : at + 60]}
            line = {**about, "message": message, "done": False}
            handler.wfile.write(json.dumps(line).encode() + b"\n")
        last = {
            **about,
            "message": {"role": "assistant", "content": ""},
            "done": True,
            "done_reason": done,
            "prompt_eval_count": 900,
            "eval_count": 300,
        }
        handler.wfile.write(json.dumps(last).encode() + b"\n")

    return reply


PROVIDERS = {
    "openai": ("langchain_openai", answering, lambda server: server.url),
    "anthropic": ("langchain_anthropic", anthropic, lambda server: server.root),
    "ollama": ("langchain_ollama", ollama, lambda server: server.root),
}


@pytest.fixture(params=PROVIDERS)
def provider(request):
    package, reply, address = PROVIDERS[request.param]
    pytest.importorskip(package, reason=f"needs mailwright[{request.param}]")
    return f"{request.param}:test-model", reply, address


@pytest.mark.parametrize("watched", [False, True], ids=["whole", "as it comes"])
def test_an_answer_is_used_and_its_tokens_are_counted(provider, server, watched):
    model, reply, address = provider
    server.reply = reply(good_answer())
    draft, used = write(model, address(server), watched)
    assert draft.writer == f"model:{model}", proof(draft).note
    assert proof(draft).origin == f"model:{model}"
    assert used == [(900, 300)]
    sent = json.dumps(server.bodies()[0])
    assert "additionalProperties" in sent  # the schema went along


def test_a_failure_that_passes_is_tried_again(provider, server):
    model, reply, address = provider
    server.reply = in_turn(failing(503), reply(good_answer()))
    draft, _ = write(model, address(server), False, retries=1)
    assert draft.writer == f"model:{model}", proof(draft).note
    assert len(server.requests) == 2


def test_a_wrong_key_is_the_composers_draft_and_asked_once(provider, server):
    model, _, address = provider
    server.reply = failing(401)
    draft, used = write(model, address(server), False, retries=2)
    assert draft.writer == "composer"
    assert proof(draft).note.endswith("its server answered HTTP 401; check the API key")
    assert (len(server.requests), used) == (1, [])


CUT = {
    "openai": {"finish": "length"},
    "anthropic": {"stop": "max_tokens"},
    "ollama": {"done": "length"},
}


def test_an_answer_that_was_cut_off_is_the_composers_draft(provider, server):
    model, reply, address = provider
    server.reply = reply({"wordings": []}, **CUT[model.partition(":")[0]])
    draft, used = write(model, address(server), False)
    assert proof(draft).note.endswith("its answer was cut off")
    assert used == [(900, 300)]
