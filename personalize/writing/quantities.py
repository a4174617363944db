"""Values with their units, in the forms and the typography of a language's folder."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from language.numbers import format_number
from personalize.errors import BadPhrases
from personalize.writing.language_files import Terms

__all__ = ["plural_category", "quantity"]


def quantity(
    value: Decimal, unit: str, language: str, terms: Terms, case: str = "", counter: str = ""
) -> str:
    """`value` with its unit: "18 %", "14小时", "2 godziny".

    Args:
        case: prefix of the forms that a sentence needs ("gen" for `gen_few`); where the unit
            has no form of that case, its plain one is taken.
        counter: measure word of what is counted; used where the unit is a bare count.

    Raises:
        BadPhrases: the folder has no form for the unit.
    """
    number = format_number(value, language)
    if unit in ("", "count"):
        return number + counter
    forms = terms.units.get(unit)
    if forms is None:
        raise BadPhrases(f"languages/{language}/terms.yaml units lacks {unit}")
    category = plural_category(value, language)
    names = [f"{case}_{category}", f"{case}_other"] if case else []
    word = next((forms[name] for name in [*names, category, "other"] if forms.get(name)), None)
    if word is None:
        raise BadPhrases(f"languages/{language}/terms.yaml units.{unit} lacks {category}")
    return terms.quantities.get(unit, terms.quantity).format(n=number, unit=word)


def plural_category(value: Decimal, language: str) -> str:
    """The CLDR plural category of a number: "one", "few", "many", "other" …"""
    return str(_locale(language).plural_form(value))


@cache
def _locale(language: str):  # type: ignore[no-untyped-def]
    from babel import Locale

    return Locale.parse(language, sep="-")
