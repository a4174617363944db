"""What can go wrong with the knowledge base.

MailwrightError
├── BadInput
│   ├── NoSuchPath        nothing to read there
│   └── ModelNotFound     the embedding model is not where it should be
└── CouldNotFinish
    ├── IndexBusy         another process writes the index and does not let go
    └── IndexUnreadable   the index cannot be opened or was made with another model
"""

from __future__ import annotations

from contracts.errors import BadInput, CouldNotFinish

__all__ = ["IndexBusy", "IndexUnreadable", "ModelNotFound", "NoSuchPath"]


class NoSuchPath(BadInput):
    """There is nothing to read there; name a file or a folder that exists."""


class ModelNotFound(BadInput):
    """The embedding model cannot be loaded; name a folder that holds it."""


class IndexBusy(CouldNotFinish):
    """Another process is writing the index; wait for it to end, then try again."""


class IndexUnreadable(CouldNotFinish):
    """The index cannot be read; run `mailwright kb check --rebuild`."""
