"""The studio: the pages a marketer, a reviewer and an operator work on."""

from interface.web.frame import prepare, show_who, studio_or_stop
from interface.web.pages import arrive, pages_for
from interface.web.session import close_studios, current_user
from interface.web.signin import show_sign_in

__all__ = [
    "arrive",
    "close_studios",
    "current_user",
    "pages_for",
    "prepare",
    "show_sign_in",
    "show_who",
    "studio_or_stop",
]
