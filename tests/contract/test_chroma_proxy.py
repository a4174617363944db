"""A Chroma server behind a proxy that wants TLS and a header, and servers that misbehave."""

from __future__ import annotations

import dataclasses
import http.client
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from chroma_server import chroma_server, free_port
from kb_samples import TODAY, Records, sample_cases

from knowledge_base import (
    HASHED_WORDS,
    CaseIndex,
    ChromaServer,
    EvidenceQuery,
    IndexFilter,
    Ranking,
    ServerUnreachable,
    open_embeddings,
    retrieve,
)

WORDS = open_embeddings(HASHED_WORDS)
TOKEN = "s3cret-of-the-proxy"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
CONNECT_S = 1.0


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Files of a certificate with its key, and of another authority's certificate."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("proxy", "stranger"):
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")),
                *("-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"),
                *("-addext", "keyUsage=critical,digitalSignature,keyCertSign"),
            ],
            check=True,
            capture_output=True,
        )
    return folder


@pytest.fixture(scope="module")
def backend(tmp_path_factory):
    with chroma_server(tmp_path_factory.mktemp("chroma")) as address:
        yield address


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def proxy(certificates, backend):
    """The address of a proxy that passes on what comes with the right header."""
    behind = urlsplit(backend)

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Authorization") != HEADERS["Authorization"]:
                self.answer(401, b'{"error": "who are you?"}', "application/json")
                return
            there = http.client.HTTPConnection(behind.hostname, behind.port, timeout=30)
            kept = {k: v for k, v in self.headers.items() if k.lower() in ("content-type",)}
            there.request(self.command, self.path, body, kept)
            found = there.getresponse()
            content = found.read()
            there.close()
            self.answer(found.status, content, found.headers.get("Content-Type", ""))

        def answer(self, status, content, kind):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments):
            pass

    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        setattr(Proxy, f"do_{method}", Proxy.pass_on)

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            pass  # a client that does not trust us hangs up

    server = Quiet(("127.0.0.1", 0), Proxy)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "proxy.pem", certificates / "proxy.key")
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    with running(server):
        yield f"https://127.0.0.1:{server.server_address[1]}"


@pytest.fixture
def records(tmp_path):
    return Records(sample_cases(tmp_path / "cases"))


@pytest.fixture
def behind(proxy, certificates, tmp_path):
    return ChromaServer(
        proxy,
        HEADERS,
        str(certificates / "proxy.pem"),
        prefix=tmp_path.name.replace("_", "-"),
        connect_s=CONNECT_S,
    )


def failure(tmp_path, server):
    """The one line that is said where a server cannot be used, the same for reading and
    writing and at every try."""
    said = set()
    with CaseIndex(tmp_path / "unused", WORDS, server=server) as index:
        for ask in (
            index.count,
            index.words,
            lambda: index.search("text", IndexFilter(), 1),
            lambda: index.put_many([]),
            lambda: index.rebuild([]),
        ):
            with pytest.raises(ServerUnreachable) as caught:
                ask()
            said.add(str(caught.value))
    (line,) = said
    assert "\n" not in line
    assert TOKEN not in line
    assert urlsplit(server.url).hostname in line
    return line


def test_it_works_behind_tls_and_a_header(behind, records, tmp_path):
    asked = EvidenceQuery("unplanned downtime of the bun lines", "en", TODAY)
    with CaseIndex(tmp_path / "a", WORDS, server=behind) as index:
        assert index.put_many(records.values()).added == 2
        assert index.remove("molkerei") > 0
        assert index.complete(records.values()).added == 1
        for ranking in Ranking:
            assert retrieve(index, records, asked, ranking=ranking)[0].case_id == "larkmoor"
        assert index.rebuild(records.values()).added == 2
    # Another machine has nothing in its folder, and finds the same.
    with CaseIndex(tmp_path / "b", WORDS, server=behind) as index:
        assert index.case_ids() == {"larkmoor", "molkerei"}
        assert retrieve(index, records, asked)[0].case_id == "larkmoor"


@pytest.mark.parametrize("headers", [{}, {"Authorization": f"Bearer {TOKEN}x"}])
def test_without_the_right_header_the_line_names_it(behind, tmp_path, headers):
    line = failure(tmp_path, dataclasses.replace(behind, headers=headers))
    assert line.endswith("mend chroma_headers")


@pytest.mark.parametrize("authority", ["stranger.pem", "missing.pem", "stranger.key", None])
def test_without_the_right_authority_the_line_names_it(behind, certificates, tmp_path, authority):
    file = str(certificates / authority) if authority else ""
    line = failure(tmp_path, dataclasses.replace(behind, ca_file=file))
    assert line.endswith("mend chroma_ca_file")


@pytest.mark.parametrize("field", ["tenant", "database"])
def test_a_tenant_that_is_not_there_is_named(behind, tmp_path, field):
    line = failure(tmp_path, dataclasses.replace(behind, **{field: "nobody"}))
    assert line.endswith("mend chroma_tenant and chroma_database")


def test_secrets_are_not_shown(behind):
    assert TOKEN not in repr(behind)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_accepts_and_never_answers_is_not_waited_for(tmp_path, scheme):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}"
        server = ChromaServer(address, HEADERS, connect_s=CONNECT_S)
        with CaseIndex(tmp_path / "x", WORDS, server=server) as index:
            begun = time.monotonic()
            with pytest.raises(ServerUnreachable, match=r"chroma_url"):
                index.count()
            assert time.monotonic() - begun < 3 * CONNECT_S


def test_something_that_is_no_chroma_is_named(tmp_path):
    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<p>Welcome</p>")

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    with running(server):
        address = f"http://127.0.0.1:{server.server_address[1]}"
        assert "chroma_url" in failure(tmp_path, ChromaServer(address, connect_s=CONNECT_S))


def test_a_server_that_is_started_again_is_found_again(records, tmp_path):
    folder = tmp_path / "chroma"
    folder.mkdir()
    port = free_port()
    asked = EvidenceQuery("unplanned downtime", "en", TODAY)
    server = ChromaServer(f"http://127.0.0.1:{port}", connect_s=CONNECT_S)
    with CaseIndex(tmp_path / "x", WORDS, server=server) as index:
        with chroma_server(folder, port):
            index.put_many(records.values())
            wanted = retrieve(index, records, asked)
            assert wanted
        with pytest.raises(ServerUnreachable, match="start it"):
            index.search("downtime", IndexFilter(), 3)
        with chroma_server(folder, port):
            assert retrieve(index, records, asked) == wanted
            assert index.remove("molkerei") > 0
        # Started again before anybody noticed that it was gone.
        with chroma_server(folder, port):
            assert index.case_ids() == {"larkmoor"}


def test_collections_of_others_are_left_alone(backend, records, tmp_path):
    import chromadb

    parts = urlsplit(backend)
    client = chromadb.HttpClient(
        parts.hostname, parts.port, settings=chromadb.Settings(anonymized_telemetry=False)
    )
    session, admin = client._server._session, client._admin_client._server._session
    try:
        names = {"passages", "mailwright-2-x", *(f"of-others-{n:03}" for n in range(120))}
        for name in names:
            client.create_collection(name, embedding_function=None)
        server = ChromaServer(backend, prefix="own", connect_s=CONNECT_S)
        with CaseIndex(tmp_path / "a", WORDS, server=server) as index:
            assert index.put_many(records.values()).added == 2
        with CaseIndex(tmp_path / "b", WORDS, server=server) as index:
            assert index.case_ids() == {"larkmoor", "molkerei"}
            index.rebuild([])
        assert names <= {item.name for item in client.list_collections()}
    finally:
        client.close()
        session.close()
        admin.close()


def test_a_model_that_takes_over_elsewhere_is_followed_at_once(backend, records, tmp_path):
    class Other:
        name, languages = "other", frozenset({"*"})

        def embed_documents(self, texts):
            return [self.embed_query(text) for text in texts]

        def embed_query(self, text):
            return [1.0, float(len(text)), 0.5]

    server = ChromaServer(backend, prefix="takes-over", connect_s=CONNECT_S)
    models = {WORDS.name: WORDS, "other": Other()}
    with CaseIndex(
        tmp_path / "a", WORDS, server=server, open_model=lambda name, _: models[name]
    ) as reader:
        reader.put_many(records.values())
        assert reader.search("unplanned downtime", IndexFilter(), 3)
        with CaseIndex(tmp_path / "b", Other(), server=server) as writer:
            writer.complete(records.values())
        assert len(reader.search("unplanned downtime", IndexFilter(), 3)) == 3
        assert reader.model == "other"
