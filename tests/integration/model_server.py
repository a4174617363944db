"""A server on loopback that speaks the protocols of chat models, and misbehaves on demand.

Point a client at `ModelServer.url`. `reply` is called for each request and answers it; the
functions below make replies. Nothing here knows what a right answer is.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = [
    "ModelServer",
    "answering",
    "asked_text",
    "completion",
    "failing",
    "in_turn",
    "running",
    "send",
    "sleeping",
    "stream",
]

USAGE = {"prompt_tokens": 900, "completion_tokens": 300, "total_tokens": 1200}


class ModelServer:
    """Keeps every request: path, headers with lower-case names, body as it came."""

    def __init__(self):
        self.requests = []
        self.times = []  # of each request, monotonic seconds
        self.reply = lambda handler: None
        self.url = ""  # with the path of the OpenAI protocol
        self.root = ""
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()

    def bodies(self):
        """The requests' bodies, read as JSON."""
        return [json.loads(body) for _, _, body in self.requests]

    def _enter(self):
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)

    def _leave(self):
        with self._lock:
            self._now -= 1


@contextmanager
def running():
    """A server that answers until the block ends."""
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {key.lower(): value for key, value in self.headers.items()}
            with state._lock:
                state.requests.append((self.path, headers, self.body))
                state.times.append(time.monotonic())
                self.number = len(state.requests)
            state._enter()
            try:
                state.reply(self)
            except OSError:
                self.close_connection = True  # the client has gone
            finally:
                state._leave()

        def log_message(self, *args):
            del args

    class Loopback(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request, client_address):
            del request, client_address  # clients that went away are part of these tests

    httpd = Loopback(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    state.root = f"http://127.0.0.1:{httpd.server_address[1]}"
    state.url = f"{state.root}/v1"
    try:
        yield state
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def send(handler, status, data, *, content_type="application/json", headers=None):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def completion(content, *, finish="stop", refusal=None, usage=USAGE):
    message = {"role": "assistant", "content": content, "refusal": refusal}
    made = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "test-model",
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
    }
    return made if usage is None else {**made, "usage": usage}


def stream(handler, content, *, finish="stop", usage=USAGE, refusal=None, pause_s=0.0, pieces=12):
    """The answer as server-sent events, a piece at a time."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    size = max(1, len(content) // pieces)
    deltas = [content[at : at + size] for at in range(0, len(content), size)]

    def event(choices, **more):
        chunk = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "test-model",
            "choices": choices,
            **more,
        }
        handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        handler.wfile.flush()

    if refusal is not None:
        event([{"index": 0, "delta": {"refusal": refusal}, "finish_reason": None}])
    for number, text in enumerate(deltas):
        delta = {"content": text, **({"role": "assistant"} if number == 0 else {})}
        event([{"index": 0, "delta": delta, "finish_reason": None}])
        time.sleep(pause_s)
    event([{"index": 0, "delta": {}, "finish_reason": finish}])
    if usage is not None:
        event([], usage=usage)
    handler.wfile.write(b"data: [DONE]\n\n")


def answering(answer, *, pause_s=0.0, **more):
    """Replies with this answer, in one piece or as a stream, as the client asks."""
    content = answer if isinstance(answer, str) or answer is None else json.dumps(answer)

    def reply(handler):
        if json.loads(handler.body).get("stream"):
            stream(handler, content or "", pause_s=pause_s, **more)
        else:
            send(handler, 200, completion(content, **more))

    return reply


def failing(status, *, headers=None, words="secret words"):
    """Replies with an HTTP error."""
    return lambda handler: send(handler, status, {"error": {"message": words}}, headers=headers)


def sleeping(seconds, then=None):
    """Replies late, or not at all."""

    def reply(handler):
        time.sleep(seconds)
        if then is not None:
            then(handler)

    return reply


def in_turn(*replies):
    """The first request gets the first reply, and so on; the last one serves the rest."""
    return lambda handler: replies[min(handler.number, len(replies)) - 1](handler)


def asked_text(handler):
    """All messages of a request as one text."""
    return "\n".join(str(m["content"]) for m in json.loads(handler.body)["messages"])
