"""The tables. A column is what is searched or joined by; the rest of a record is its `body`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

__all__ = [
    "METADATA",
    "UtcTime",
    "audit",
    "campaigns",
    "case_answers",
    "case_versions",
    "cases",
    "contacts",
    "decisions",
    "draft_authors",
    "drafts",
    "editions",
    "envelopes",
    "events",
    "left_out",
    "model_answers",
    "model_usage",
    "screenings",
    "set_aside_rules",
    "settings",
    "submissions",
    "suppressions",
    "users",
    "variants",
]


class UtcTime(TypeDecorator[datetime]):
    """A moment. Stored in UTC, because SQLite keeps no zone and compares times as text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is not None and value.tzinfo is None:
            raise TypeError("a time without a zone cannot be stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        time: datetime = value
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)


def _text(name: str, *, key: bool = False, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, primary_key=key, nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, UtcTime, nullable=nullable)


def _number() -> Column[Any]:
    # SQLite numbers rows by itself only where the key is exactly INTEGER.
    kind = BigInteger().with_variant(Integer, "sqlite")
    return Column("seq", kind, Identity(), primary_key=True)


users = Table(
    "users",
    METADATA,
    _text("id", key=True),
    _text("name"),
    _text("roles"),
    Column("active", Boolean, nullable=False),
    _text("token_hash", nullable=True),
    UniqueConstraint("token_hash"),
)

cases = Table("cases", METADATA, _text("id", key=True), _text("text_hash"), _text("body"))

# Every text that a case ever had: citations name the text that their span points into.
case_versions = Table(
    "case_versions",
    METADATA,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    _text("text_hash", key=True),
    _text("body"),
)

# What persons stated of a case beside its file; it stands above what the file says.
case_answers = Table(
    "case_answers",
    METADATA,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    _text("body"),
    _text("actor"),
    _time("at"),
)

contacts = Table(
    "contacts",
    METADATA,
    _text("id", key=True),
    _text("email_key"),  # normal form of the address: one contact for one mailbox
    _text("status"),
    _text("body"),
    UniqueConstraint("email_key"),
)

suppressions = Table(
    "suppressions",
    METADATA,
    _text("key", key=True),  # keyed hash, never the address
    _text("scope"),
    _text("reason"),
    _time("at"),
)

campaigns = Table(
    "campaigns",
    METADATA,
    _text("name", key=True),
    _text("brief"),
    _text("sender"),
    _time("created_at"),
    Column("look", Text, nullable=True),  # NULL before a brand or a voice could be given
)

drafts = Table(
    "drafts",
    METADATA,
    _text("id", key=True),
    _text("campaign"),
    _text("segment"),
    _text("language"),
    _text("state"),
    _text("hash"),
    _time("updated_at"),
    _text("body"),
    Index(None, "campaign"),
    Index(None, "state"),
)

draft_authors = Table(
    "draft_authors",
    METADATA,
    Column("draft_id", Text, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    _text("user_id", key=True),
)

variants = Table(
    "variants",
    METADATA,
    _text("id", key=True),
    _text("draft_id"),
    Column("position", Integer, nullable=True),  # None: not current any more
    _text("body"),
    Index(None, "draft_id"),
)

editions = Table(
    "editions",
    METADATA,
    _text("id", key=True),
    _text("draft_id"),
    _text("variant_id"),
    _text("profile"),
    Column("current", Boolean, nullable=False),
    _text("body"),
    Index(None, "draft_id"),
    Index(None, "variant_id", "profile"),
)

screenings = Table(
    "screenings",
    METADATA,
    Column("edition_id", Text, ForeignKey("editions.id"), primary_key=True),
    _time("at"),
    _text("body"),
)

# Rules of screening that a person set aside until a day (ISO 8601).
set_aside_rules = Table(
    "set_aside_rules",
    METADATA,
    _text("rule", key=True),
    _text("mail", key=True),
    _text("reason"),
    _text("by"),
    _text("until"),
    _time("at"),
)

submissions = Table(
    "submissions",
    METADATA,
    _number(),
    _text("draft_id"),
    _text("campaign"),
    _time("at"),
    _text("body"),
    Index(None, "draft_id", "seq"),
)

decisions = Table(
    "decisions",
    METADATA,
    _number(),
    _text("draft_id"),
    _text("campaign"),
    _text("kind"),
    _time("at"),
    _text("body"),
    Index(None, "draft_id", "seq"),
    Index(None, "campaign"),
)

envelopes = Table(
    "envelopes",
    METADATA,
    _number(),
    _text("id"),
    _text("key"),
    _text("campaign"),
    _text("contact_id"),
    _text("edition_id"),
    _text("arm"),
    _text("address"),
    _text("merge"),
    _text("seal"),
    _time("due_at"),
    _text("state"),
    _text("reason"),
    _text("worker"),
    _text("claim"),
    _time("lease_until", nullable=True),
    Column("attempts", Integer, nullable=False),
    _time("sent_at", nullable=True),
    UniqueConstraint("id"),
    UniqueConstraint("key"),
    Index(None, "state", "due_at", "seq"),
    Index(None, "campaign", "state"),
    Index(None, "contact_id"),
    Index(None, "edition_id"),
)

events = Table(
    "events",
    METADATA,
    _number(),
    _text("kind"),
    _text("contact_id"),
    _time("at"),
    _text("campaign"),
    _text("envelope_id"),
    _text("detail"),
    Index(None, "campaign", "kind"),
    Index(None, "contact_id"),
)

left_out = Table(
    "left_out",
    METADATA,
    _number(),
    _text("campaign"),
    _text("contact_id"),
    _text("reason"),
    _text("detail"),
    Index(None, "campaign"),
)

# Answers of chat models, by a hash of everything that they were asked with.
model_answers = Table(
    "model_answers",
    METADATA,
    _text("key", key=True),
    _text("model"),
    _text("answer"),
    _time("at"),
)

# What asking chat models used, a row a request; NULL is unknown. Amounts are decimals as text.
model_usage = Table(
    "model_usage",
    METADATA,
    _number(),
    _text("campaign"),
    _text("model"),
    Column("tokens_in", BigInteger, nullable=True),
    Column("tokens_out", BigInteger, nullable=True),
    Column("most_in", BigInteger, nullable=False),
    Column("most_out", BigInteger, nullable=False),
    Column("cached", Boolean, nullable=False),
    _text("cost", nullable=True),
    _text("most_cost", nullable=True),
    _text("currency"),
    _time("at"),
    Index(None, "campaign"),
)

audit = Table(
    "audit",
    METADATA,
    # Given by the chain, not by the database: a gap would look like a deletion.
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _time("at"),
    _text("actor"),
    _text("action"),
    _text("subject"),
    _text("payload"),
    _text("previous"),
    _text("hash"),
)

settings = Table("settings", METADATA, _text("key", key=True), _text("value"))
