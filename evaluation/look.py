"""One mail with what is known of it: what every check is given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from evaluation.context import ScreeningContext
from evaluation.facts import Facts
from evaluation.packs import RulePacks, of_language
from evaluation.view.mailview import MailView

__all__ = ["Look"]


@dataclass(frozen=True)
class Look:
    """One mail with what is known of it."""

    view: MailView
    context: ScreeningContext
    packs: RulePacks
    language: str  # of the mail; "" unknown

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.view, self.packs, self.language)

    @property
    def knows_sender(self) -> bool:
        return self.context.sender is not None

    @property
    def lone(self) -> bool:
        return not self.context.in_campaign and not self.knows_sender

    @property
    def speaks_known_language(self) -> bool:
        return of_language(self.packs.signs, self.language) is not None

    @cached_property
    def bodies(self) -> tuple[tuple[str, str], ...]:
        """Parts that must carry the legal text: in a campaign each of them, for what is
        sealed is read in either; of a lone file the one that is shown."""
        bodies = self.view.bodies or ((("html" if self.view.html else "text"), ""),)
        return bodies if self.context.in_campaign else bodies[:1]
