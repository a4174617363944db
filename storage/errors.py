"""What can go wrong with the records.

MailwrightError
├── BadInput
│   ├── UnusableUrl          the database address or its secret cannot be used
│   ├── UnusableAddress      a text that is to be suppressed is no address or domain
│   ├── UnknownRecord        a record that was named does not exist
│   ├── AlreadyTaken         something that must be unique is in use
│   └── NotAStep             an envelope cannot go to the state that was asked for
└── CouldNotFinish
    ├── DatabaseUnavailable  the database cannot be reached, or is locked by others
    ├── SchemaBehind         the tables are older than this release
    ├── Unreadable           what is stored is not what was written
    ├── OpenTransaction      a second write transaction was asked for inside the first
    ├── NoAuditLink          the store was opened without the function that links the audit chain
    └── WorkspaceBusy        another process is writing in the workspace
"""

from __future__ import annotations

from contracts.errors import BadInput, CouldNotFinish

__all__ = [
    "AlreadyTaken",
    "DatabaseUnavailable",
    "NoAuditLink",
    "NotAStep",
    "OpenTransaction",
    "SchemaBehind",
    "UnknownRecord",
    "Unreadable",
    "UnusableAddress",
    "UnusableUrl",
    "WorkspaceBusy",
]


class UnusableUrl(BadInput):
    """The database address cannot be used; give sqlite:///FILE or postgresql://HOST/NAME."""


class UnusableAddress(BadInput):
    """That is no mail address or domain; write it as name@domain or as domain."""


class UnknownRecord(BadInput):
    """There is no such record; look at the list and name one of it."""


class AlreadyTaken(BadInput):
    """Something that must be unique is in use already; change the one or the other."""


class NotAStep(BadInput):
    """An envelope cannot be put into that state; choose sent, due, held, dropped or failed."""


class DatabaseUnavailable(CouldNotFinish):
    """The database cannot be reached or is locked; see that it runs, then try again."""


class SchemaBehind(CouldNotFinish):
    """The tables are older than this release; run the migration (Store.migrate), then try again."""


class Unreadable(CouldNotFinish):
    """A stored record cannot be read; restore it from a backup or make it again."""


class OpenTransaction(CouldNotFinish):
    """This thread already writes; use the open transaction (tx.envelopes, say) in its place."""


class NoAuditLink(CouldNotFinish):
    """The store was opened without `link`; pass review.link to open_store to write the audit."""


class WorkspaceBusy(CouldNotFinish):
    """Another process writes in this workspace; wait until it is done, then try again."""
