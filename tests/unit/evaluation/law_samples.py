"""Lawful mails to the countries of the Americas, Oceania, Africa and India, all invented, line
by line with the rule that wants each line; and what tests of other laws ask of a mail, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from evaluation_samples import NOW, message, page

from contracts.verdict import Severity
from evaluation import MailView, ScreeningContext, load_packs, screen

__all__ = ["AMERICAS", "SOUTH", "Sample", "rules_of", "severities", "takes_address", "without"]

_ENGLISH = """Hi Dana,

plants in your trade often find a worn bearing only when it gets loud.

A vibration reading shows it weeks earlier, and the repair fits into a planned stop.

Jo Reed"""
_FRENCH = """Bonjour Madame Aubin,

beaucoup d’usines ne remarquent un roulement usé que lorsqu’il devient bruyant.

Une mesure de vibration le montre des semaines plus tôt, et la réparation attend l’arrêt prévu.

Jeanne Roy"""
_PORTUGUESE = """Olá, Dana,

muitas fábricas só percebem um rolamento gasto quando ele faz barulho.

Uma medição de vibração mostra o desgaste semanas antes, e o reparo cabe na parada planejada.

Lúcia Prado"""
_SPANISH = """Hola, Dana:

muchas plantas solo notan un rodamiento gastado cuando hace ruido.

Una medición de vibración lo muestra semanas antes, y la reparación cabe en la parada prevista.

Marta Ibáñez"""
_OUT = "Unsubscribe: https://harborgauge.example/u/abc123"
_PRIVACY = "Privacy policy: https://harborgauge.example/privacy"


@dataclass(frozen=True, slots=True)
class Sample:
    """`needed` holds the lines of the footer by the rule that misses them."""

    language: str
    subject: str
    letter: str
    needed: Mapping[str, str]
    further: tuple[str, ...] = field(default=())

    def without(self, part: str) -> Sample:
        """The same mail without a line, named by itself or by its rule."""
        kept = {rule: line for rule, line in self.needed.items() if part not in (rule, line)}
        return replace(self, needed=kept)

    def with_line(self, line: str) -> Sample:
        return replace(self, further=(*self.further, line))

    def titled(self, subject: str) -> Sample:
        return replace(self, subject=subject)

    @property
    def text(self) -> str:
        return self.letter + "\n\n" + "\n".join([*self.needed.values(), *self.further]) + "\n"


AMERICAS: Mapping[str, Sample] = {
    "US": Sample(
        "en",
        "Finding worn bearings earlier",
        _ENGLISH,
        {
            "us.advert_notice": "This email is an advertisement.",
            "us.sender_name": "Harbor Gauge Inc.",
            "us.postal_address": "410 Canal Street, Portland, ME 04101",
            "us.privacy": _PRIVACY,
            "us.unsubscribe": _OUT,
        },
    ),
    "CA": Sample(
        "en",
        "Finding worn bearings earlier",
        _ENGLISH,
        {
            "ca.legal_name": "Harbor Gauge Ltd.",
            "ca.postal_address": "200 King Street West, Suite 400, Toronto, ON M5H 3T4",
            "ca.privacy": _PRIVACY,
            "ca.unsubscribe": _OUT,
        },
        ("hello@harborgauge.example",),
    ),
    "CA-QC": Sample(
        "fr",
        "Repérer plus tôt un roulement usé",
        _FRENCH,
        {
            "ca.legal_name": "Jauge du Port inc.",
            "ca.postal_address": "45, rue Saint-Jean, Québec (Québec) G1R 1N8",
            "ca_qc.withdraw": "Vous pouvez retirer votre consentement à tout moment.",
            "ca.privacy": "Politique de confidentialité : https://jauge.example/vie-privee",
            "ca.unsubscribe": "Pour vous désabonner : https://jauge.example/u/abc123",
        },
        ("bonjour@jauge.example",),
    ),
    "BR": Sample(
        "pt-BR",
        "Como perceber antes o desgaste dos rolamentos",
        _PORTUGUESE,
        {
            "br.advert_notice": "Esta mensagem é publicidade.",
            "br.legal_name": "Pegel Medição Ltda.",
            "br.privacy": "Política de privacidade: https://pegel.example/privacidade",
            "br.unsubscribe": "Para descadastrar-se: https://pegel.example/u/abc123",
            "br.second_way": "contato@pegel.example",
        },
    ),
    "MX": Sample(
        "es",
        "Detectar antes el desgaste de los rodamientos",
        _SPANISH,
        {
            "mx.legal_name": "Pegel Medición S.A. de C.V.",
            "mx.postal_address": "Av. de los Tilos 222, Col. Juárez, C.P. 06600, Ciudad de México",
            "mx.privacy": "Aviso de privacidad: https://pegel.example/privacidad",
            "mx.unsubscribe": "Para darse de baja: https://pegel.example/u/abc123",
        },
        ("contacto@pegel.example",),
    ),
}
AMERICAS = {**AMERICAS, "US-CA": AMERICAS["US"], "US-WA": AMERICAS["US"]}

SOUTH: Mapping[str, Sample] = {
    "AU": Sample(
        "en",
        "Finding worn bearings earlier",
        _ENGLISH,
        {
            "au.legal_name": "Gauge Works Pty Ltd",
            "au.privacy": _PRIVACY,
            "au.unsubscribe": _OUT,
        },
        ("hello@gaugeworks.example",),
    ),
    "NZ": Sample(
        "en",
        "Finding worn bearings earlier",
        _ENGLISH,
        {
            "nz.legal_name": "Kiwi Gauge Limited",
            "nz.privacy": _PRIVACY,
            "nz.unsubscribe": _OUT,
        },
        ("hello@kiwigauge.example",),
    ),
    "IN": Sample(
        "en",
        "Finding worn bearings earlier",
        _ENGLISH,
        {
            "in.legal_name": "Pegel India Pvt. Ltd.",
            "in.privacy": _PRIVACY,
            "in.unsubscribe": _OUT,
        },
        ("hello@pegelindia.example",),
    ),
    "ZA": Sample(
        "en",
        "Finding worn bearings earlier",
        _ENGLISH,
        {
            "za.legal_name": "Gauge Works (Pty) Ltd",
            "za.postal_address": "14 Long Street, Cape Town, 8001",
            "za.email": "hello@gaugeworks.example",
            "za.phone": "Tel. +27 21 555 0120",
            "za.privacy": _PRIVACY,
            "za.unsubscribe": _OUT,
        },
    ),
}


def rules_of(sample: Sample, code: str, severity: Severity | None = None) -> set[str]:
    """The rules of `code` that a lone mail breaks, of that severity only where one is given."""
    raw = message(
        "US",
        subject=sample.subject,
        text=sample.text,
        html=page(sample.text, sample.language),
    )
    context = ScreeningContext((code,), language=sample.language, now=NOW)
    found = screen(MailView.from_bytes(raw), context, load_packs(), "x").findings
    return {item.rule for item in found if item.jurisdiction and severity in (None, item.severity)}


def severities(country: str, language: str, subject: str, body: str) -> dict[str, Severity]:
    """How severely each rule of `country` judges a mail that has no headers."""
    view = MailView.from_parts(subject=subject, text=body, html=page(body, language))
    context = ScreeningContext((country,), language=language, now=NOW)
    found = screen(view, context, load_packs(), "x").findings
    return {item.rule: item.severity for item in found if item.jurisdiction == country}


def takes_address(text: str) -> bool:
    """Whether a mail of this text gives a postal address; whose country's it is does not count."""
    view = MailView.from_parts(subject="x", text=text)
    found = screen(view, ScreeningContext(("HK",), now=NOW), load_packs(), "x").findings
    return "hk.postal_address" not in {item.rule for item in found}


def without(body: str, *words: str) -> str:
    """The body without the lines that hold one of the words."""
    return "\n".join(line for line in body.split("\n") if not any(word in line for word in words))
