"""The process that parses: reads requests from standard input, answers on standard output.

A request is `{"do": "convert", "path", "kind", "encoding"}`, answered by a `Converted`,
`{"do": "unpack", "path", "into"}`, answered by `{"members", "notes"}`, or `{"do": "read",
"markdown"}`, answered by `{"text", "blocks", "hidden"}`. Whatever goes wrong with a file is
answered by `{"refused": reason, "line": n}`.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from knowledge_base.markdown import readable
from knowledge_base.readers.converted import Converted, to_message
from knowledge_base.readers.isolation import receive, send
from knowledge_base.readers.reading import Refused

__all__ = ["main"]

_REQUEST_BYTES = 100_000_000
_SPARE_SECONDS = 5  # after the time our parent gives it, for the case that it is gone
_OUT_OF_MEMORY = "needs more memory than a document may; split it or save it anew"


def main() -> None:
    """Serve until standard input ends."""
    memory_bytes, time_seconds = int(sys.argv[1]), float(sys.argv[2])
    _limit_memory(memory_bytes)
    requests, answers = _streams()
    sys.setrecursionlimit(3000)
    warnings.simplefilter("ignore")
    while True:
        try:
            request = receive(requests, _REQUEST_BYTES)
        except (EOFError, ValueError):
            return
        _alarm(int(time_seconds) + _SPARE_SECONDS)
        send(answers, _answer(request))
        _alarm(0)


def _answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        if request["do"] == "unpack":
            from knowledge_base.readers.archive import unpack

            return unpack(Path(request["path"]), Path(request["into"]))
        if request["do"] == "read":
            return to_message(readable(str(request["markdown"])))
        return _convert(request).to_json()
    except Refused as refused:
        return {"refused": refused.reason, "line": refused.line}
    except MemoryError:
        return {"refused": _OUT_OF_MEMORY}
    except RecursionError:
        return {"refused": "nested too deeply to be read; save the document anew"}
    except Exception as error:
        # The libraries raise whatever comes up: for a broken file that is no mistake of ours.
        kind = type(error).__name__
        return {"refused": f"damaged or not of its format ({kind}); open it and save it anew"}


def _convert(request: Mapping[str, Any]) -> Converted:
    from knowledge_base.readers.source import read_bytes

    kind = str(request["kind"])
    data = read_bytes(Path(request["path"]), kind)
    return _converter(kind)(data, str(request.get("encoding", "")))


def _converter(kind: str) -> Callable[[bytes, str], Converted]:
    """Imported one by one: a folder of PDFs does not pay for spreadsheets."""
    if kind == "html":
        from knowledge_base.readers.hypertext import convert_html

        return convert_html
    if kind == "pdf":
        from knowledge_base.readers.pdf import convert_pdf

        return convert_pdf
    if kind == "docx":
        from knowledge_base.readers.word import convert_docx

        return convert_docx
    if kind == "pptx":
        from knowledge_base.readers.slides import convert_pptx

        return convert_pptx
    if kind == "xlsx":
        from knowledge_base.readers.sheets import convert_xlsx

        return convert_xlsx
    from knowledge_base.readers.delimited import convert_csv

    return convert_csv


def _streams() -> tuple[IO[bytes], IO[bytes]]:
    """Our ends of the pipes. What a library prints goes nowhere, not between two answers."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return requests, answers


def _limit_memory(limit: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return  # no such limit on this platform; the one on time remains


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


if __name__ == "__main__":
    main()
