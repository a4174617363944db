"""An invented case, and a search over a list of cases, for the tests of claims."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from contracts.case import Case
from evaluation import load_packs
from evaluation.claims.anymail import ClaimVerdict, MailClaim, claims_of
from evaluation.claims.namebook import NameBook
from evaluation.claims.search import NamedCustomer
from evaluation.view.mailview import MailView

TEXT = """Larch Mill Paper makes board for boxes on three machines and sells it in forty countries.

Unplanned downtime fell from 40 to 12 hours a month within one year. Energy costs went down by 20%.
Maintenance costs were cut in half. The output of machine 2 grew 3x.

The mill monitors 120,000 measuring points with Korvane sensors.

"Before that we found out from the noise, and the noise came too late," says the manager.
"""


def a_case(case_id: str, customer: str, text: str, language: str = "en") -> Case:
    return Case(
        id=case_id,
        title=f"{customer} finds damage early",
        customer={"": customer},
        name_public=True,
        industry="paper",
        region="",
        country="US",
        language=language,
        roles=(),
        products=(),
        valid_until=None,
        source="Written for these tests",
        path="",
        text=text,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
    )


LARCH = a_case("larch", "Larch Mill Paper, Inc.", TEXT)
TARN = a_case(
    "tarn",
    "Tarn Valley Dairies Ltd",
    "Tarn Valley Dairies fills milk. Changeover time fell from 55 to 20 minutes. "
    "Scrap went down by 7%.",
)


class CaseList:
    """All cases for every question: what is compared is what is tested."""

    def __init__(self, *cases: Case) -> None:
        self._cases = {case.id: case for case in cases or (LARCH, TARN)}
        self._book = NameBook({key: case.names() for key, case in self._cases.items()})

    def customers(self, text: str) -> Sequence[NamedCustomer]:
        return tuple(
            NamedCustomer(span, tuple(self._cases[key] for key in keys))
            for span, keys in self._book.find(text)
        )

    def candidates(self, text: str, language: str) -> Sequence[Case]:
        return tuple(self._cases.values())


def claims(text: str, language: str = "en", *cases: Case) -> tuple[MailClaim, ...]:
    return claims_of(MailView.from_text(text), language, CaseList(*cases), load_packs())


def verdicts(text: str, language: str = "en", *cases: Case) -> list[ClaimVerdict]:
    return [claim.verdict for claim in claims(text, language, *cases)]


def rules(text: str, language: str = "en", *cases: Case) -> list[str]:
    return [claim.rule.removeprefix("claims.") for claim in claims(text, language, *cases)]
