"""What looks confidential, and who gets it."""

from __future__ import annotations

import pytest
from fitness_samples import HEAD, look, rules
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.audience import Consent, ConsentKind, Contact
from contracts.verdict import Finding, Severity
from evaluation import load_packs
from evaluation.fitness import confidentiality
from evaluation.fitness.confidentiality import judge_confidentiality, recipient_facts
from evaluation.fitness.people import RecipientFacts

PACK = load_packs().topics["confidentiality"]


def found(
    subject: str = "Bearings",
    text: str = "Words.",
    files: tuple[str, ...] = (),
    to: str = "info@plant.io",
) -> list[Finding]:
    headers = {"From": "Jo <jo@h.io>", "To": to}
    one = look(text=text, subject=subject, headers=headers, attachments=files)
    return list(judge_confidentiality(one))


@pytest.mark.parametrize(
    "name",
    [
        "Quotation_2026-118.pdf", "price-list Q3.xlsx", "NDA signed.pdf", "Angebot_4711.pdf",
        "Preisliste.pdf", "Rahmenvertrag-Entwurf.docx", "devis 12.pdf", "Contrat_cadre.pdf",
        "cotización.pdf", "Lista de precios.xlsx", "preventivo_7.pdf", "listino prezzi.pdf",
        "offerte-2026.pdf", "prijslijst.pdf", "umowa.docx", "cennik_2026.pdf", "orçamento.pdf",
        "Tabela de preços.xlsx", "报价单2026.pdf", "购销合同（终稿）.docx", "報價單.pdf",
        "合約書.pdf", "御見積書.pdf", "契約書_案.docx", "견적서.pdf", "계약서 초안.docx",
        "عرض سعر.pdf", "confidential-roadmap.pdf", "streng_vertraulich.pdf", "机密-方案.pdf",
        "社外秘資料.pdf",
    ],
)  # fmt: skip
def test_a_document_by_its_name_to_a_mailbox_of_many(name: str) -> None:
    (finding,) = found(files=(name,))
    assert finding.rule == "confidentiality.role_account"
    assert finding.severity is Severity.WARN
    assert finding.place.part == "attachment"
    assert "info@" in finding.message
    assert "plant.io" not in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "Please find attached our quotation for the pumps.",
        "The signed contract is attached.",
        "Anbei erhalten Sie unser Angebot über drei Pumpen.",
        "Das Angebot finden Sie im Anhang.",
        "Vous trouverez ci-joint notre devis pour les pompes.",
        "Adjunto le envío la cotización solicitada.",
        "In allegato trovate il preventivo richiesto.",
        "Bijgevoegd vindt u onze offerte.",
        "W załączniku przesyłam ofertę na pompy.",
        "Segue em anexo o orçamento solicitado.",
        "附件是我司的报价单，请查收。",
        "合同见附件。",
        "附件為本公司的報價單。",
        "見積書を添付いたします。",
        "견적서를 첨부하여 보내 드립니다.",
        "نرفق لكم عرض السعر المطلوب.",
        "Dear Jo,\n\nSTRICTLY CONFIDENTIAL\n\nThe figures are these.",
        "- Vertraulich -\n\nDie Zahlen.",
        "【机密】\n数据如下。",
    ],
)
def test_words_that_go_with_a_document_and_marks(text: str) -> None:
    (finding,) = found(text=text)
    assert finding.rule == "confidentiality.role_account"
    assert finding.place.span is not None


@pytest.mark.parametrize(
    "subject",
    [
        "Confidential: the figures",
        "[Vertraulich] Zahlen",
        "【机密】方案",
        "Zahlen (streng vertraulich)",
    ],
)
def test_a_subject_that_is_marked(subject: str) -> None:
    (finding,) = found(subject=subject)
    assert finding.place.part == "subject"
    assert finding.place.span is not None


@pytest.mark.parametrize(
    ("subject", "text", "files"),
    [
        ("Confidential computing explained", "Words.", ()),
        ("Your offer", "Ask for a quote without obligation.", ()),
        ("Ihr Angebot", "Wir behandeln Ihre Daten vertraulich.", ()),
        ("Bearings", "This e-mail may contain confidential information. Delete it.", ()),
        ("Bearings", "Diese E-Mail enthält vertrauliche Informationen.", ()),
        ("Bearings", "See the attached brochure. Contracts start at 12 months.", ()),
        ("轴承", "我们对您的信息严格保密。", ()),
        ("Bearings", "Words.", ("brochure.pdf", "contractor-guide.pdf", "quoted.txt")),
    ],
)
def test_marketing_words_and_disclaimers_say_nothing(
    subject: str, text: str, files: tuple[str, ...]
) -> None:
    assert found(subject, text, files) == []


@pytest.mark.parametrize(
    ("to", "rules_found"),
    [
        ("Dana <dana@plant.io>", []),
        ("sales@plant.io", ["role_account"]),
        ("dana.k@gmail.com", ["free_mail"]),
        ("li@qq.com, vertrieb@plant.io", ["role_account", "free_mail"]),
        ("dana@plant.io, lee@mill.io", ["several_companies"]),
        ("dana@plant.io, jo.reed@h.io", []),  # a colleague of the sender
        ("", ["content"]),
    ],
)
def test_a_lone_mail_is_judged_by_whom_it_is_addressed_to(to: str, rules_found: list[str]) -> None:
    assert rules(found(files=("contract.pdf",), to=to)) == rules_found


class _Known:
    """A context that knows the recipients as well."""

    def __init__(self, context: object, facts: RecipientFacts | None) -> None:
        self._context, self.recipients = context, facts

    def __getattr__(self, name: str) -> object:
        return getattr(self._context, name)


@pytest.mark.parametrize(
    ("facts", "rules_found"),
    [
        (RecipientFacts(40), []),
        (RecipientFacts(40, unconfirmed=3), ["unconfirmed"]),
        (RecipientFacts(40, 3, 2, 1), ["role_account", "free_mail", "unconfirmed"]),
    ],
)
def test_inside_a_campaign_the_records_say_who_gets_it(
    facts: RecipientFacts, rules_found: list[str]
) -> None:
    one = look(text="Words.", attachments=("price-list.pdf",), in_campaign=True)
    object.__setattr__(one, "context", _Known(one.context, facts))
    assert rules(judge_confidentiality(one)) == rules_found


def test_a_marked_mail_to_a_whole_list_warns_without_any_record() -> None:
    one = look(f"{HEAD}<p>Confidential</p><p>Words.", in_campaign=True)
    assert rules(judge_confidentiality(one)) == ["whole_list"]


def test_contacts_are_counted() -> None:
    said_yes = Consent(ConsentKind.DOUBLE_OPT_IN)
    contacts = [
        Contact("1", "dana@plant.io", consent=said_yes),
        Contact("2", "info@plant.io", consent=said_yes),
        Contact("3", "lee+x@gmail.com"),
    ]
    assert recipient_facts(contacts, PACK) == RecipientFacts(3, 1, 1, 1)
    assert recipient_facts([], PACK) == RecipientFacts(0)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=120), st.text(max_size=120), st.lists(st.text(max_size=30), max_size=3))
def test_any_mail_is_judged(subject: str, text: str, files: list[str]) -> None:
    for finding in found(subject, f"İ attached quotation {text}", tuple(files), to=text):
        assert finding.rule.startswith("confidentiality.")


def test_hostile_mails_are_judged_in_time() -> None:
    assert isinstance(found(files=("contract.pdf",), to="<" + "@" * 100_000), list)
    for text in ("attached " * 200_000, "\n" * 500_000, "附" * 300_000, "confidential\n" * 100_000):
        assert isinstance(found(text=text, to="a@b.io," * 20_000), list)
    assert confidentiality is not None
