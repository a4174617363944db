"""An open workspace: its settings, records, index and clock, joined once for all use cases."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from contracts.case import Case
from contracts.decision import User
from contracts.delivery import Envelope
from contracts.seams import Clock, system_clock
from delivery import Unsubscriber
from review import link, token_hash
from storage import SchemaBehind, Store, Workspace, open_store
from workflow.errors import IndexEmpty, NotSignedIn, TablesBehind, UnusableWorkspace
from workflow.settings import Settings

if TYPE_CHECKING:
    from contracts.mail import Edition
    from knowledge_base import CaseIndex, ChromaServer, Reranker

__all__ = ["NOBODY_ANSWERS", "House", "has_workspace", "migrate", "open_house"]

_CONNECT_TIMEOUT_S = 10
NOBODY_ANSWERS = "https://unsubscribe.invalid"  # RFC 2606: can never be somebody's address


class House:
    """Everything a use case needs. Close it, or open it by `with open_house(...)`."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self.settings = settings
        self.clock = clock
        self.workspace = Workspace(settings.workspace)
        try:
            secret = self.workspace.secret()
        except OSError as error:
            raise UnusableWorkspace(
                f"the workspace {settings.workspace} cannot be used ({error.strerror}): "
                "give another folder with --workspace"
            ) from error
        url = _patient(settings.database_url) or self.workspace.url
        self.store: Store = open_store(url, secret, link)
        self.unsubscriber = Unsubscriber(secret)
        self._index: CaseIndex | None = None

    @property
    def today(self) -> date:
        return self.clock().date()

    @property
    def index(self) -> CaseIndex:
        """The index of passages; an embedding model is loaded when it is first needed.

        Raises:
            ModelNotFound: the folder of the embedding model is not there.
            LanguagesUnknown: nobody says which languages the embedding model serves.
        """
        if self._index is None:
            from knowledge_base import CaseIndex, open_embeddings

            chosen = self.settings
            self._index = CaseIndex(
                self.workspace.chroma,
                open_embeddings(chosen.embedding_model, chosen.embedding_languages),
                server=self._chroma_server(),
            )
        return self._index

    @property
    def filled_index(self) -> CaseIndex:
        """The index, for whoever asks it: an empty one must not look like "nothing fits".

        Raises:
            IndexEmpty: there are cases, and none is in the index (another server, a lost folder).
            and as `index` does.
        """
        index = self.index
        if index.words() is None and not index.count():
            with self.store.read() as tx:
                if tx.cases.count():
                    raise IndexEmpty
        return index

    def _chroma_server(self) -> ChromaServer | None:
        from knowledge_base import ChromaServer

        chosen = self.settings
        if not chosen.chroma_url:
            return None
        return ChromaServer(
            url=chosen.chroma_url,
            headers={k: v.get_secret_value() for k, v in chosen.chroma_headers.items()},
            ca_file=str(chosen.chroma_ca_file or ""),
            prefix=chosen.chroma_prefix,
            tenant=chosen.chroma_tenant,
            database=chosen.chroma_database,
        )

    @property
    def reranker(self) -> Reranker | None:
        """The cross-encoder that looks again at the best passages, None without one.

        Raises:
            ModelNotFound, LanguagesUnknown: as `index` does.
        """
        if not self.settings.rerank_model:
            return None
        from knowledge_base import open_reranker

        return open_reranker(self.settings.rerank_model, self.settings.rerank_languages)

    @property
    def unsubscribe_base(self) -> str:
        """Where unsubscribe addresses begin. Without a public address they lead nowhere,
        and only transports that reach nobody may be used."""
        return f"{self.settings.public_url or NOBODY_ANSWERS}/u/"

    def unsubscribe_url(self, edition: Edition, envelope: Envelope) -> str:
        return self.unsubscriber.url(
            edition.unsubscribe_base, envelope.contact_id, envelope.campaign
        )

    def user(self, token: str = "") -> User:
        """Who acts: by the token given, else `MAILWRIGHT_TOKEN`, else the workspace's file.

        Raises:
            NotSignedIn: no token, or nobody active is known by it.
        """
        token = token or os.environ.get("MAILWRIGHT_TOKEN", "") or self._kept_token()
        if not token:
            raise NotSignedIn(
                "nobody is signed in: set MAILWRIGHT_TOKEN, or let an operator make a token "
                "(`mailwright users add NAME --role ROLE --keep`)"
            )
        with self.store.read() as tx:
            user = tx.users.by_token_hash(token_hash(token))
        if user is None:
            raise NotSignedIn
        return user

    def _kept_token(self) -> str:
        try:
            return self.workspace.token() or ""
        except (OSError, UnicodeDecodeError) as error:
            raise NotSignedIn(
                "the workspace's token file cannot be read: remove it, or set MAILWRIGHT_TOKEN"
            ) from error

    def actor(self, token: str = "") -> User | None:
        """Who acts, or None while the workspace has no users at all: then there is nobody
        to ask for, and nothing that needs a person's name can be done yet.

        Raises:
            NotSignedIn: there are users, and nobody is known by the token.
        """
        with self.store.read() as tx:
            if not tx.users.all():
                return None
        return self.user(token)

    def evidence(self) -> CaseRecords:
        """The cases as the records hold them, for rooms that ask through a protocol."""
        return CaseRecords(self.store)

    def close(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None
        self.store.close()


class CaseRecords:
    """Cases by id: the current one, or the version that a citation names.

    What `case` has answered once it answers again, so take a new one for each use case
    (`House.evidence`): one that is kept would not see that a case was withdrawn.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._versions: dict[tuple[str, str], Case | None] = {}

    def current(self, case_ids: Collection[str]) -> Mapping[str, Case]:
        """The current versions of these cases, as they are at this moment."""
        with self._store.read() as tx:
            return tx.cases.many(case_ids)

    def case(self, case_id: str, text_hash: str = "") -> Case | None:
        key = (case_id, text_hash)
        if key not in self._versions:
            with self._store.read() as tx:
                self._versions[key] = (
                    tx.cases.version(case_id, text_hash) if text_hash else tx.cases.get(case_id)
                )
        return self._versions[key]


@contextmanager
def open_house(settings: Settings, clock: Clock = system_clock) -> Iterator[House]:
    """A workspace that is closed at the end, whatever happens.

    Raises:
        BadInput: the workspace or the database cannot be opened.
        TablesBehind: the database lacks the tables of this release.
    """
    house = House(settings, clock)
    try:
        yield house
    except SchemaBehind as error:
        raise TablesBehind from error
    finally:
        house.close()


def migrate(settings: Settings) -> bool:
    """Bring the tables up to this release; whether anything was to do. For PostgreSQL,
    where it is left to an operator; SQLite is brought up whenever it is opened.

    Raises:
        DatabaseUnavailable: the database cannot be reached.
    """
    with open_house(settings) as house:
        return house.store.migrate()


def has_workspace(settings: Settings) -> bool:
    """Whether something was ever written in the workspace that the settings name."""
    workspace = Workspace(settings.workspace)
    return workspace.secret_file.exists() or workspace.database.exists()


def _patient(url: str) -> str:
    """The address with an end to waiting for a PostgreSQL server that does not answer;
    the library has none of its own."""
    if not url.startswith("postgres") or "connect_timeout=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}connect_timeout={_CONNECT_TIMEOUT_S}"
