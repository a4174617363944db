"""What can go wrong with the knowledge base.

MailwrightError
├── BadInput
│   ├── NoSuchPath        nothing to read there
│   ├── ModelNotFound     the embedding model is not where it should be
│   └── LanguagesUnknown  nobody states which languages the embedding model serves
└── CouldNotFinish
    ├── IndexBusy         another process writes the index and does not let go
    ├── IndexUnreadable   the index cannot be opened
    │   └── ShelfGone     its vectors were taken away while they were read
    └── ServerUnreachable the Chroma server does not answer
"""

from __future__ import annotations

from contracts.errors import BadInput, CouldNotFinish

__all__ = [
    "IndexBusy",
    "IndexUnreadable",
    "LanguagesUnknown",
    "ModelNotFound",
    "NoSuchPath",
    "ServerUnreachable",
    "ShelfGone",
]


class NoSuchPath(BadInput):
    """There is nothing to read there; name a file or a folder that exists."""


class ModelNotFound(BadInput):
    """The embedding model cannot be loaded; name a folder that holds it."""


class LanguagesUnknown(BadInput):
    """The languages of the embedding model are not known; state embedding_languages."""


class IndexBusy(CouldNotFinish):
    """Another process is writing the index; wait for it to end, then try again."""


class IndexUnreadable(CouldNotFinish):
    """The index cannot be read; run `mailwright kb check --rebuild`."""


class ShelfGone(IndexUnreadable):
    """The index was made anew while it was read; try again."""


class ServerUnreachable(CouldNotFinish):
    """The Chroma server does not answer; start it, or mend chroma_url."""
