"""Components that several pages share."""

from interface.web.parts.claimtext import claim_runs, draft_text
from interface.web.parts.difftext import show_changes
from interface.web.parts.figures import show_figures
from interface.web.parts.findings import show_findings, show_limits, show_verdict
from interface.web.parts.markup import Markup, badge, escape, plain, table
from interface.web.parts.preview import mail_parts, show_preview
from interface.web.parts.progress import ProgressBar
from interface.web.parts.writing import LettersComing

__all__ = [
    "LettersComing",
    "Markup",
    "ProgressBar",
    "badge",
    "claim_runs",
    "draft_text",
    "escape",
    "mail_parts",
    "plain",
    "show_changes",
    "show_figures",
    "show_findings",
    "show_limits",
    "show_preview",
    "show_verdict",
    "table",
]
