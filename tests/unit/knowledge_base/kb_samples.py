"""Cases for the tests of this room, as people write them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import date
from pathlib import Path

from contracts.case import Case
from knowledge_base import read_cases

ENGLISH = """---
id: larkmoor
title: Fewer stops
customer: Larkmoor Bakeries, Inc.
name_public: true
industry: food
country: US
language: en
roles: [maintenance]
products: [Pulse]
valid_until: 2028-12-31
source: Interview, June 2026
---
# Fewer stops on three bun lines

## Challenge

An oven fan fails in mid-shift; **roughly 9,000 buns**
are lost.

Costs rose by 20% in a year.

## Solution

Sensors from [Pulse](https://example.com) sit on 88 motors.

## Outcomes

- Unplanned downtime on the three bun lines fell from 34 to 15 hours a month within ten months.
- The scrap rate fell by about 5%.

OEE is not included.

## Quote

> “The fan gave us eleven days' notice.” — Dale
"""

GERMAN = """---
id: molkerei
customer: {de: Bergtaler Molkerei eG, en: Bergtaler Dairy}
name_public: false
industry: Lebensmittel
region: Europa
language: de
roles: [Instandhaltung]
products: [Air]
valid_until: 2025-06-30
source: Interview
---
# Weniger Druckluft

## Herausforderung

Druckluft geht verloren.

## Lösung

Messgeräte zeigen, wo.

## Ergebnisse

- Der Druckluftverbrauch sank um 18\u00a0% innerhalb eines halben Jahres.
"""


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def sample_cases(folder: Path) -> dict[str, Case]:
    """The English case (usable until the end of 2028) and the German one (until mid 2025)."""
    write(folder, "larkmoor.md", ENGLISH)
    write(folder, "molkerei.md", GERMAN)
    reading = read_cases(folder)
    assert not reading.refusals
    return {case.id: case for case in reading.cases}


class Records(dict[str, Case]):
    """Records that can be changed under the index."""

    def current(self, case_ids: Collection[str]) -> dict[str, Case]:
        return {case_id: self[case_id] for case_id in case_ids if case_id in self}

    def change(self, case_id: str, **fields: object) -> Case:
        self[case_id] = dataclasses.replace(self[case_id], **fields)  # type: ignore[arg-type]
        return self[case_id]


TODAY = date(2025, 6, 1)
