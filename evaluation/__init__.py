"""Screening of finished mails: law, spam, language and grounding, by rule packs as data."""

from evaluation.claims.figures import check_unsourced_numbers
from evaluation.claims.grounding import check_grounding
from evaluation.consent import ConsentVerdict, judge_consent
from evaluation.context import Evidence, ScreeningContext
from evaluation.errors import BadRulePack, UnreadableMail
from evaluation.packs import RulePacks, load_packs
from evaluation.screen import screen, screen_edition
from evaluation.view.mailview import MailView

__all__ = [
    "BadRulePack",
    "ConsentVerdict",
    "Evidence",
    "MailView",
    "RulePacks",
    "ScreeningContext",
    "UnreadableMail",
    "check_grounding",
    "check_unsourced_numbers",
    "judge_consent",
    "load_packs",
    "screen",
    "screen_edition",
]
