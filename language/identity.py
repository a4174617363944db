"""What tells which company a case is about, though it may not be named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from contracts.case import Case, Span
from language.datafile import DataFile, load_data
from language.folded import bounded, folded
from language.names import name_forms, person_forms, without_legal_form
from language.text import is_cjk, phrase_pattern

__all__ = ["gives_away"]

_LETTERS = 4  # of a name that an address must hold to be the company's
_SHORT_NAME = 12  # characters of an abbreviation
_OPEN, _CLOSE = "“\"„«「『‘'", "”\"“»」』’'"
# Behind a quotation, or alone in a line: "— Dale Ortiz, head of maintenance".
_SPEAKER = re.compile(
    r"(?:[”\"“»」』]\s*[—–―-]{1,2}|^[>\s]*[—–―]{1,2})\s*([^,，、;；(（\n]{2,60})", re.MULTILINE
)
_TITLES = re.compile(r"^(?:(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Mme|M|Sr|Sra|Dott|Ing)\b\.?\s*)+")


class _IdentityFile(DataFile):
    web: tuple[str, ...]
    tags: tuple[str, ...]
    places: Mapping[str, tuple[str, ...]]
    legal_forms_before: tuple[str, ...]
    introduced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Patterns:
    plain: re.Pattern[str]  # addresses of the web and of the post
    tags: re.Pattern[str]
    introduced: re.Pattern[str]
    before: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What gives one company away, worked out once of its case."""

    loose: re.Pattern[str] | None  # in any case of letters
    exact: re.Pattern[str] | None  # as written, or all in capitals
    squeezed: tuple[str, ...]  # letters and digits alone, for tags


def gives_away(case: Case, text: str) -> tuple[Span, ...]:
    """What in `text` tells which company `case` is about, in order and without overlaps;
    whether that may be told is for the caller to know. Empty where nothing does.

    Every form of its names and other words (`Case.names`), with and without legal form, in
    any width; a form of several words and a whole name in any case of letters, the first word
    of a name as written or in capitals, so that "Nordic Foods" does not forbid "nordic". Short
    names that the case's text introduces ("Bergtaler Molkerei (BM)"), persons it quotes, tags
    that hold the name's letters, and any address of the web, of a mailbox or of the post.
    """
    plain = folded(text)
    known = _known(case.names(), case.text)
    found = [match.span() for match in _patterns().plain.finditer(plain.text)]
    for pattern in (known.loose, known.exact):
        if pattern is not None:
            found += [match.span() for match in pattern.finditer(plain.text)]
    for match in _patterns().tags.finditer(plain.text):
        letters = _squeezed(match.group())
        if any(own in letters for own in known.squeezed):
            found.append(match.span())
    return tuple(_merged(plain.back(start, end) for start, end in found if end > start))


@lru_cache(maxsize=256)
def _known(names: tuple[str, ...], text: str) -> _Known:
    loose: list[str] = []
    exact: list[str] = []
    for name in names:
        for full in _whole(name):
            loose.append(full)
            for form in name_forms(full):
                several = len(form.split()) > 1 or (is_cjk(form[0]) and not form.isascii())
                (loose if several else exact).append(form)
    persons = [form for person in _speakers(text) for form in person_forms(person)]
    short = list(_introduced(names, text))
    exact += [*short, *persons]
    squeezed = [_squeezed(form) for form in (*loose, *exact)]
    return _Known(
        loose=_any(loose),
        exact=_any([*exact, *(form.upper() for form in exact)], case=True),
        squeezed=tuple(dict.fromkeys(s for s in squeezed if len(s) >= _LETTERS)),
    )


def _introduced(names: Iterable[str], text: str) -> Iterator[str]:
    """Short names in brackets behind a name: capitals, or what is put in quotation marks."""
    plain = folded(text).text
    pattern = _any(form for name in names for form in _whole(name))
    if pattern is None:
        return
    for match in pattern.finditer(plain):
        bracket = re.match(r"[^\S\n]*[(（\[]([^()（）\[\]\n]{2,60})[)）\]]", plain[match.end() :])
        if bracket is None:
            continue
        inside = bracket.group(1).strip()
        quoted = re.search(rf"[{_OPEN}]([^{_OPEN}{_CLOSE}]{{2,30}})[{_CLOSE}]", inside)
        rest = _patterns().introduced.sub("", inside).strip(" ,:;„“”\"'")
        if quoted:
            yield quoted.group(1)
        elif rest != inside and rest:
            yield rest
        elif len(inside) <= _SHORT_NAME and sum(map(str.isupper, inside)) >= 2:
            yield inside


def _speakers(text: str) -> list[str]:
    found = [m.group(1).strip(" .*_") for m in _SPEAKER.finditer(text)]
    names = [_TITLES.sub("", name).strip() for name in found]
    # A name has a capital or no case at all, and few words; the rest of a sentence has not.
    return [
        name
        for name in dict.fromkeys(names)
        if len(name) > 1
        and len(name.split()) <= 5
        and not any(char.isdigit() for char in name)
        and (name[0].isupper() or not name[0].islower())
    ]


def _whole(name: str) -> tuple[str, ...]:
    """A name with its legal form and without; none of them is empty."""
    name = _plain(name)
    bare = without_legal_form(_patterns().before.sub("", name))
    return tuple(dict.fromkeys(form for form in (name, without_legal_form(name), bare) if form))


def _plain(name: str) -> str:
    return " ".join(folded(name).text.split())


def _squeezed(text: str) -> str:
    return "".join(
        char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum()
    )


def _any(forms: Iterable[str], case: bool = False) -> re.Pattern[str] | None:
    # Each form on its own edges, the longest first.
    ordered = sorted({form for form in forms if form.strip()}, key=lambda form: (-len(form), form))
    if not ordered:
        return None
    joined = "|".join(phrase_pattern(form) for form in ordered)
    return re.compile(joined, 0 if case else re.IGNORECASE)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if last is None:
            last = span
        elif span.start < last.end:
            last = Span(last.start, max(last.end, span.end))
        else:
            yield last
            last = span
    if last is not None:
        yield last


@cache
def _patterns() -> _Patterns:
    file = load_data("language", "identity.yaml", _IdentityFile)
    places = [pattern for patterns in file.places.values() for pattern in patterns]
    words = "|".join(map(re.escape, sorted(file.introduced, key=len, reverse=True)))
    before = "|".join(map(re.escape, file.legal_forms_before))
    return _Patterns(
        plain=re.compile(bounded("|".join((*file.web, *places)))),
        tags=re.compile(bounded("|".join(file.tags))),
        before=re.compile(rf"^(?:{before})(?:\s+|(?<=[^A-Za-z]))(?=\S)"),
        introduced=re.compile(rf"^(?:{words})(?:\s+als|\s+as)?(?=[\s,:„“\"「]|[^\x00-\x7f])"),
    )
