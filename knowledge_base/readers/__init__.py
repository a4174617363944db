"""Cases out of what marketing teams have: Markdown, plain text, HTML, PDF, Word, PowerPoint,
Excel, CSV, JSON and JSON lines, folders and zip archives of these, and web addresses.

Every document is made into Markdown and read from there, so that all spans point into one
kind of stored text; `Case.places` says on which page, slide or sheet each part stands. What
cannot be taken is refused with its place and reason, and never stops the rest.

Limits (`readers.limits` holds them all; each is named in the refusal it leads to):

- text, JSON and JSON lines 5 MB, HTML 20 MB, any other file 100 MB;
- 1,000 pages of a PDF, 1,000 slides, 100 sheets, 256 columns; 10,000 rows of a workbook or
  CSV file are read and the rest is told; 2,000,000 characters a document;
- an archive unpacks to 500 MB and 1,000 files at most and no file to more than 200 times
  its size; a Word, PowerPoint or Excel file to 1,000 MB in 5,000 parts;
- all parsing but that of text and JSON runs in a process of its own (`isolation`) with 1,000
  MB of address space and 120 seconds for a file; all records of a file, or all files of an
  archive, have 600 seconds;
- a web address has 30 seconds, 20 MB and 5 redirects.
"""

from __future__ import annotations

from knowledge_base.readers.files import read_cases
from knowledge_base.readers.isolation import ParserProcess
from knowledge_base.readers.reading import CaseReading, HiddenText, Refusal
from knowledge_base.readers.source import SUFFIXES
from knowledge_base.readers.web import read_address

__all__ = [
    "SUFFIXES",
    "CaseReading",
    "HiddenText",
    "ParserProcess",
    "Refusal",
    "read_address",
    "read_cases",
]
