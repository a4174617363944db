"""How much is read: every bound of this package in one place.

A file above a bound is refused with the bound named, or, where that is said below, read up
to it and the rest named. Sizes are bytes, times seconds.
"""

from __future__ import annotations

__all__ = [
    "ADDRESS_BYTES",
    "ADDRESS_SECONDS",
    "ARCHIVE_BYTES",
    "ARCHIVE_ENTRIES",
    "ARCHIVE_RATIO",
    "CELL_CHARACTERS",
    "DOCUMENT_BYTES",
    "DOCUMENT_CHARACTERS",
    "HTML_BYTES",
    "HTML_DEPTH",
    "INLINE_CHARACTERS",
    "MEMORY_BYTES",
    "OFFICE_BYTES",
    "OFFICE_ENTRIES",
    "PDF_PAGES",
    "RECORDS_SECONDS",
    "REDIRECTS",
    "SHEETS",
    "SHEET_COLUMNS",
    "SHEET_ROWS",
    "SLIDES",
    "TEXT_BYTES",
    "TIME_SECONDS",
]

TEXT_BYTES = 5_000_000  # of .md, .txt, .json, .jsonl
HTML_BYTES = 20_000_000
DOCUMENT_BYTES = 100_000_000  # of any other file, archives included
DOCUMENT_CHARACTERS = 2_000_000  # of the Markdown made of one document; a page has some 3,000

HTML_DEPTH = 200  # elements inside one another; pages that people write stay below 60
PDF_PAGES = 1_000
SLIDES = 1_000
SHEETS = 100
SHEET_COLUMNS = 256
SHEET_ROWS = 10_000  # in all sheets of a file; what follows is not read, and that is told
CELL_CHARACTERS = 100_000

OFFICE_ENTRIES = 5_000  # files inside a .docx, .pptx or .xlsx
OFFICE_BYTES = 1_000_000_000  # that they unpack to; a sheet is streamed, never held as a whole
ARCHIVE_ENTRIES = 1_000
ARCHIVE_BYTES = 500_000_000  # that a .zip unpacks to
ARCHIVE_RATIO = 200  # unpacked to packed, above 1 MB; text packs 3 to 20 times, sheets up to 100

MEMORY_BYTES = 1_000_000_000  # address space of the process that parses
TIME_SECONDS = 120.0  # for one file, and for unpacking one archive
RECORDS_SECONDS = 600.0  # for all records or members of one file; what is left then is told
INLINE_CHARACTERS = 8_000  # of Markdown that is read outside of that process; see `files`

ADDRESS_BYTES = 20_000_000
ADDRESS_SECONDS = 30.0  # for all of it: names, redirects, headers, body
REDIRECTS = 5
