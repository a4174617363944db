"""A letter's final HTML against Jinja2, mrml and css-inline called bare on the same template, and
a draft against Jinja2 alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any
from unittest import mock

from benchmarks import samples
from personalize import Composer
from personalize.writing import edition, render

Row = tuple[str, str, Callable[[], object], Callable[[], object], str]


def _letter_of_an_edition() -> render.Letter:
    """The letter that one edition is compiled from."""
    seen: list[render.Letter] = []
    real = render.render_html

    def record(letter: render.Letter) -> str:
        seen.append(letter)
        return real(letter)

    with mock.patch.object(edition, "render_html", record):
        samples.edition()
    return seen[0]


def _bare(letter: render.Letter) -> Callable[[], str]:
    """The three libraries as their own pages show them, set up once."""
    import css_inline
    import jinja2
    import mrml

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["lines"] = render._lines
    source = (files("personalize") / "templates" / "letter.mjml.j2").read_text(encoding="utf-8")
    template = environment.from_string(source)
    values = render._values(letter)
    options: Any = mrml.RenderOptions(disable_comments=True, fonts={})
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    def compiled() -> str:
        output = mrml.to_html(template.render(values), render_options=options)
        return str(inliner.inline(output.content))

    return compiled


def _bare_patterns() -> Callable[[], list[str]]:
    """Jinja2 on as many patterns as a draft has texts, compiled once."""
    import jinja2

    draft = Composer().write(samples.task())
    texts = [*draft.modules, *(item.module for item in draft.alternatives)]
    environment = jinja2.Environment(autoescape=False)
    templates = [environment.from_string(f"{{{{ a }}}}{item.text}{{{{ b }}}}") for item in texts]
    return lambda: [template.render(a="x", b="y") for template in templates]


@contextmanager
def prepared() -> Iterator[list[Row]]:
    letter = _letter_of_an_edition()
    bare = _bare(letter)
    yield [
        (
            "render a letter to its final HTML",
            "1 letter",
            lambda: render.render_html(letter),
            bare,
            "Jinja2, mrml and css-inline alone",
        ),
        (
            "compile an edition (HTML, text, footer)",
            "1 edition",
            samples.edition,
            bare,
            "Jinja2, mrml and css-inline alone",
        ),
        (
            "write a draft",
            "1 draft",
            lambda: Composer().write(samples.task()),
            _bare_patterns(),
            "Jinja2 on as many texts",
        ),
        (
            "write a draft and compile it",
            "1 draft, 1 edition",
            lambda: (Composer().write(samples.task()), samples.edition()),
            bare,
            "Jinja2, mrml and css-inline alone",
        ),
    ]
