"""The HTTP service: what recipients' mail programs and browsers reach."""

from interface.http.app import create_app
from interface.http.service import Ticket, UnsubscribeService

__all__ = ["Ticket", "UnsubscribeService", "create_app"]
