"""Language tags as people write them, and the keys that the data files are held under."""

from __future__ import annotations

__all__ = ["data_language"]

_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


def data_language(tag: str) -> str:
    """The key under which the data files hold the language of a BCP 47 tag.

    "pt-BR" is "pt", "es-419" is "es", "zh-TW" and "zh-Hant-HK" are "zh-Hant", any other
    Chinese "zh-Hans". Case and "_" for "-" make no difference. Whether there is data for a
    language is for each file to say; "" stays "".
    """
    base, *rest = tag.replace("_", "-").casefold().split("-")
    if base != "zh":
        return base
    return "zh-Hant" if _TRADITIONAL.intersection(rest) else "zh-Hans"
