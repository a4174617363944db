"""Compiling an edition against bare mrml on the very same MJML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from benchmarks import samples
from personalize import Composer

Row = tuple[str, str, Callable[[], object], Callable[[], object], str]


def _mjml_of_an_edition() -> str:
    """The MJML that one edition is compiled from."""
    import mrml

    seen: list[str] = []
    real = mrml.to_html

    def record(source: str, *arguments: Any, **options: Any) -> Any:
        seen.append(source)
        return real(source, *arguments, **options)

    with mock.patch.object(mrml, "to_html", record):
        samples.edition()
    return seen[0]


@contextmanager
def prepared() -> Iterator[list[Row]]:
    import mrml

    source = _mjml_of_an_edition()
    options: Any = mrml.RenderOptions(disable_comments=True, fonts={})

    def bare() -> str:
        return str(mrml.to_html(source, render_options=options).content)

    yield [
        (
            "compile an edition (HTML, text, footer)",
            "1 edition",
            samples.edition,
            bare,
            "mrml alone",
        ),
        (
            "write a draft and compile it",
            "1 draft, 1 edition",
            lambda: (Composer().write(samples.task()), samples.edition()),
            bare,
            "mrml alone",
        ),
    ]
