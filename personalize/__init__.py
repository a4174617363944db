"""Contacts and their languages; briefs, segments and passages become drafts and editions."""

from personalize.errors import BadPhrases, ModelUnavailable, NoEvidence, NoText
from personalize.writing.composer import Composer, missing_text
from personalize.writing.edition import MERGE_FIELDS, build_edition, missing_notice
from personalize.writing.phrases import languages, phrase_book
from personalize.writing.task import Writer, WritingTask
from personalize.writing.writers import open_writer

__all__ = [
    "MERGE_FIELDS",
    "BadPhrases",
    "Composer",
    "ModelUnavailable",
    "NoEvidence",
    "NoText",
    "Writer",
    "WritingTask",
    "build_edition",
    "languages",
    "missing_notice",
    "missing_text",
    "open_writer",
    "phrase_book",
]
