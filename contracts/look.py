"""What a campaign's mails look and sound like, beside brief and sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.brand import Brand
from contracts.voice import Voice

__all__ = ["Look"]


@dataclass(frozen=True, slots=True)
class Look:
    """Brand, voice and the image files that brief and brand name, by the names that they have
    there. Kept with the campaign, so that what is screened later is what was drafted."""

    brand: Brand = field(default_factory=Brand)
    voice: Voice | None = None
    images: Mapping[str, bytes] = field(default_factory=dict)
