"""Who a campaign writes to: contacts, their language, their segment, their greeting."""

from __future__ import annotations

from personalize.audience.contacts import ContactReading, read_contacts
from personalize.audience.errors import BadContacts, BadSegment
from personalize.audience.language import LanguageDecision, campaign_language, decide_language
from personalize.audience.salutation import greeting_values, sample_reader
from personalize.audience.segments import SegmentSplit, check_rules, segment_of, split

__all__ = [
    "BadContacts",
    "BadSegment",
    "ContactReading",
    "LanguageDecision",
    "SegmentSplit",
    "campaign_language",
    "check_rules",
    "decide_language",
    "greeting_values",
    "read_contacts",
    "sample_reader",
    "segment_of",
    "split",
]
