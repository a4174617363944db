"""What a brief says of how its letters are written: kind of mail, modules, languages, segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from pydantic import BaseModel

from contracts.brief import Brief
from contracts.mail import ModuleKind
from language import language_code, load_taxonomy
from personalize import preset_names, regional_languages
from workflow.mistakes import Mistake, Place

__all__ = ["language_mistakes", "near", "tag_mistakes", "writing_mistakes"]

# Fields that hold a text, or several, by language.
_BY_LANGUAGE = frozenset(
    {"agenda", "alt", "ask", "description", "label", "news", "offer", "place", "ps", "steps",
     "text", "title", "url"}
)  # fmt: skip
_NOT_PLACED = {ModuleKind.SUBJECT, ModuleKind.PREHEADER, ModuleKind.FOOTER}
_MODULES = tuple(kind.value for kind in ModuleKind if kind not in _NOT_PLACED)
_FACTS = ("industry", "role", "problem", "stage", "touch")


def writing_mistakes(brief: Brief) -> Iterator[Mistake]:
    """What cannot be used, in no special order."""
    if brief.mail not in preset_names():
        hint = near(brief.mail, preset_names())
        yield Mistake(("mail",), f"no kind of mail is called «{brief.mail}»; {hint}")
    for number, entry in enumerate(brief.layout):
        place: Place = ("layout", number)
        if entry.module not in _MODULES:
            hint = near(entry.module, _MODULES)
            yield Mistake(place, f"no module is called «{entry.module}»; {hint}")
        for fact in entry.when:
            if fact not in _FACTS:
                hint = near(fact, _FACTS)
                yield Mistake((*place, "when", fact), f"«{fact}» is no fact of a segment; {hint}")
    for number, tag in enumerate(brief.languages.regional):
        if tag not in regional_languages():
            hint = near(tag, regional_languages())
            yield Mistake(
                ("languages", "regional", number), f"«{tag}» is no regional language here; {hint}"
            )
    for number, rule in enumerate(brief.segments):
        taxonomy = load_taxonomy()
        if rule.problem and not taxonomy.find("problem", rule.problem):
            hint = near(rule.problem, taxonomy.ids("problem"))
            yield Mistake(
                ("segments", number, "problem"), f"no problem is called «{rule.problem}»; {hint}"
            )


def language_mistakes(model: BaseModel, place: Place = ()) -> Iterator[Mistake]:
    """Tags under which a text stands and that no reader's language would ever match."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, Mapping) and name in _BY_LANGUAGE:
            for tag in value:
                if tag:  # "" is text for every language
                    yield from tag_mistakes((*place, name, tag), tag)
        elif isinstance(value, BaseModel):
            yield from language_mistakes(value, (*place, name))
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from language_mistakes(item, (*place, name, number))


def tag_mistakes(place: Place, tag: str) -> Iterator[Mistake]:
    """A tag that the product does not know, or knows by another name."""
    known = language_code(tag)
    if known == tag:
        return
    hint = f"write «{known}»" if known else "write a tag such as en, de or zh-Hans"
    yield Mistake(place, f"«{'.'.join(map(str, place))}»: «{tag}» is no language here; {hint}")


def near(word: str, known: Sequence[str]) -> str:
    """A hint at what may have been meant."""
    found = get_close_matches(word.casefold(), known, n=1, cutoff=0.5)
    return f"did you mean «{found[0]}»?" if found else f"known: {', '.join(known)}"
