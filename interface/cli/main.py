"""`mailwright`: the commands, grouped by the words of the product."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import typer

from interface.cli import (
    audit,
    campaign,
    contacts,
    evaluate,
    kb,
    mend,
    queue,
    review,
    rules,
    screen,
    service,
    users,
)
from interface.cli.output import let_go, say

__all__ = ["app", "main"]

app = typer.Typer(
    name="mailwright",
    help="Grounded, screened and approved B2B email: from customer cases to a send queue.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(service.demo)
app.add_typer(kb.app, name="kb")
app.add_typer(contacts.app, name="contacts")
app.add_typer(campaign.app, name="campaign")
app.command("screen")(screen.screen)
app.command("mend")(mend.mend)
app.add_typer(rules.app, name="rules")
app.add_typer(review.app, name="review")
app.add_typer(queue.app, name="queue")
app.command("language")(screen.language)
app.add_typer(audit.app, name="audit")
app.add_typer(evaluate.app, name="eval")
app.add_typer(users.app, name="users")
app.command("serve")(service.serve)
app.command("migrate")(service.migrate)
app.command("ui")(service.ui)


def _usable(argument: str) -> bool:
    """Text that can be kept, or the name of a file that is there, whatever its bytes."""
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError:
        return Path(argument).exists()
    return True


def main() -> None:
    # JSON is UTF-8 whatever the terminal speaks, and a file name may hold what is no text.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        if not all(map(_usable, sys.argv[1:])):
            say("mailwright: an argument is not text in UTF-8: write it in that encoding")
            sys.exit(2)
        app(prog_name="mailwright")
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            let_go()


if __name__ == "__main__":
    main()
