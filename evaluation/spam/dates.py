"""Dates of mail headers, however broken."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["parsed_date"]


def parsed_date(value: str) -> datetime | None:
    """The moment that a header names, None where it names none. Without a zone: UTC."""
    try:
        moment = parsedate_to_datetime(value[:200])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
