"""Contacts and their languages; briefs, segments and passages become drafts and editions."""

from personalize.errors import BadPhrases, ModelUnavailable, NoEvidence, NoText
from personalize.writing.book import (
    address_words,
    language_book,
    languages,
    regional_language,
    regional_languages,
)
from personalize.writing.brief_texts import missing_text
from personalize.writing.chat import AnswerCache
from personalize.writing.chat_options import ChatOptions
from personalize.writing.chat_usage import ChatBudget, Ledger, Prices, Spent, Usage
from personalize.writing.composer import Composer
from personalize.writing.editing import (
    edit_module,
    lock,
    move_module,
    remove_module,
    rewritten,
    swap_module,
)
from personalize.writing.edition import MERGE_FIELDS, build_edition, missing_notice
from personalize.writing.fields import FIELDS, open_fields
from personalize.writing.footing import footer_blocks
from personalize.writing.glossary import Glossary, load_glossary
from personalize.writing.model_writer import ModelWriter, OnPartial
from personalize.writing.pictures import MAX_EACH, MAX_TOGETHER, read_image
from personalize.writing.pool import OnWriting, Written, write_all
from personalize.writing.presets import preset_names
from personalize.writing.render import FooterBlock
from personalize.writing.task import Writer, WritingTask
from personalize.writing.translate import translate_draft
from personalize.writing.writers import open_writer

__all__ = [
    "FIELDS",
    "MAX_EACH",
    "MAX_TOGETHER",
    "MERGE_FIELDS",
    "AnswerCache",
    "BadPhrases",
    "ChatBudget",
    "ChatOptions",
    "Composer",
    "FooterBlock",
    "Glossary",
    "Ledger",
    "ModelUnavailable",
    "ModelWriter",
    "NoEvidence",
    "NoText",
    "OnPartial",
    "OnWriting",
    "Prices",
    "Spent",
    "Usage",
    "Writer",
    "WritingTask",
    "Written",
    "address_words",
    "build_edition",
    "edit_module",
    "footer_blocks",
    "language_book",
    "languages",
    "load_glossary",
    "lock",
    "missing_notice",
    "missing_text",
    "move_module",
    "open_fields",
    "open_writer",
    "preset_names",
    "read_image",
    "regional_language",
    "regional_languages",
    "remove_module",
    "rewritten",
    "swap_module",
    "translate_draft",
    "write_all",
]
