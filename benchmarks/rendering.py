"""Compiling an edition against bare mrml on the same template and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import samples
from personalize import Composer

Row = tuple[str, str, Callable[[], object], Callable[[], object], str]


@contextmanager
def prepared() -> Iterator[list[Row]]:
    import mrml
    from jinja2 import Environment

    edition = samples.edition()
    words = [line for line in edition.text.split("\n") if line.strip()]
    bare = Environment(autoescape=True).from_string(  # the barest letter there is
        "<mjml><mj-body><mj-section><mj-column>{% for w in words %}<mj-text>{{ w }}</mj-text>"
        "{% endfor %}</mj-column></mj-section></mj-body></mjml>"
    )
    options: Any = mrml.RenderOptions(disable_comments=True, fonts={})

    def bare_letter() -> str:
        return str(mrml.to_html(bare.render(words=words), render_options=options).content)

    yield [
        ("compile an edition", "1 edition", samples.edition, bare_letter, "Jinja2 + mrml alone"),
        (
            "write and compile",
            "1 draft, 1 edition",
            lambda: (Composer().write(samples.task()), samples.edition()),
            bare_letter,
            "Jinja2 + mrml alone",
        ),
    ]
