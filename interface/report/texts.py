"""What the report calls things."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from language import DataFile, load_data

__all__ = ["ReportTexts", "load_texts"]


class ReportTexts(DataFile):
    """Names by code. Ask through `name`: a code nobody has named is shown as it is."""

    languages: Mapping[str, str]
    modules: Mapping[str, str]
    claims: Mapping[str, str]
    states: Mapping[str, str]
    verdicts: Mapping[str, str]
    severities: Mapping[str, str]
    sections: Mapping[str, str]
    envelopes: Mapping[str, str]
    left_out: Mapping[str, str]
    not_judged: Mapping[str, str]
    places: Mapping[str, str]

    def language(self, tag: str) -> str:
        return self.languages.get(tag, tag)

    def place(self, part: str) -> str:
        """A place of a finding: "subject", "module:proof", "header:From"."""
        kind, _, name = part.partition(":")
        if kind == "module":
            return f"the {self.modules.get(name, name).lower()}"
        if kind == "header":
            return f"the header {name}"
        return self.places.get(part, part)


@cache
def load_texts() -> ReportTexts:
    """The texts of this package, read once.

    Raises:
        BadInput: data/texts.yaml does not load.
    """
    return load_data("interface.report", "texts.yaml", ReportTexts)
