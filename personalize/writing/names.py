"""Company names as people say them."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from personalize.errors import BadPhrases

__all__ = ["without_legal_form"]


class _LegalForms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    after: tuple[str, ...]  # stand behind a name after a space or a comma
    joined: tuple[str, ...]  # stand behind a name without a space


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    path = files("personalize") / "data" / "legal_forms.yaml"
    try:
        forms = _LegalForms.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise BadPhrases(f"personalize/data/legal_forms.yaml: {error}") from error
    after = "|".join(map(re.escape, sorted(forms.after, key=len, reverse=True)))
    joined = "|".join(map(re.escape, sorted(forms.joined, key=len, reverse=True)))
    return re.compile(rf"(?:[,，]?\s+(?:{after})|(?:（[^（）]*）|\([^()]*\))?(?:{joined}))\s*$")


def without_legal_form(name: str) -> str:
    """A company's name without its legal form and seat: "Cawdrey Stampings, Inc." is
    "Cawdrey Stampings", "澄岚饮品（常州）有限公司" is "澄岚饮品". A name that is nothing else
    stays whole."""
    short = name.strip()
    for _ in range(3):  # "GmbH & Co. KG", "Pte. Ltd."
        cut = _pattern().sub("", short).strip()
        if cut == short or len(cut) < 2:
            break
        short = cut
    # A Latin name keeps no seat in brackets either: "Lanting Cold Chain Logistics (Qingdao)".
    plain = re.sub(r"\s*\([^()]*\)$", "", short).strip()
    return plain or short
