"""One lawful mail to each place of Europe that has a pack, line by line. All senders are
invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation_samples import NOW, page

from contracts.verdict import Severity
from evaluation import MailView, ScreeningContext, load_packs, screen

__all__ = ["MAILS", "Mail", "found"]


@dataclass(frozen=True, slots=True)
class Mail:
    language: str
    subject: str
    letter: str
    footer: str

    @property
    def body(self) -> str:
        return f"{self.letter}\n\n{self.footer}\n"


_GERMAN = """Guten Tag Frau Lindner,

ein verschlissenes Lager fällt in vielen Betrieben erst auf, wenn es laut wird.

Eine Schwingungsmessung zeigt den Verschleiß früher, und die Reparatur passt in den Plan.

Jana Reuter"""
_ENGLISH = """Hello Ms Ward,

many plants notice a worn bearing only when it gets loud.

A vibration reading shows it weeks earlier, and the repair fits into a planned stop.

Jo Reed"""
_GERMAN_OUT = """Sie erhalten diese Nachricht, weil Sie am 3. Mai 2026 eingewilligt haben.
Sie können der Nutzung Ihrer Adresse jederzeit widersprechen.
Datenschutzhinweise: https://pegel.example/datenschutz
Keine weiteren E-Mails? Hier abmelden: https://pegel.example/u/abc123"""
_ENGLISH_OUT = """This message is an advertisement.
You receive it because you agreed to hear from us on 3 May 2026.
You may object to direct marketing at any time.
Privacy notice: https://pegel.example/privacy
Unsubscribe: https://pegel.example/u/abc123"""

MAILS: Mapping[str, Mail] = {
    "DE": Mail(
        "de",
        "Verschlissene Lager früher erkennen",
        _GERMAN,
        "Pegel Messtechnik GmbH & Co. KG\nGeschäftsführerin: Dr. Ilse Kranz\n"
        "Alte Landstraße 120–124 | D-22113 Hamburg\nkontakt@pegel.example\n"
        "Amtsgericht Hamburg, HRA 999998\nUSt-IdNr.: DE999999998\n" + _GERMAN_OUT,
    ),
    "AT": Mail(
        "de",
        "Verschlissene Lager früher erkennen",
        _GERMAN,
        "Pegel Messtechnik Ges.m.b.H.\nMariahilfer Straße 88/2/15, 1070 Wien\n"
        "kontakt@pegel.example\nFN 999998 x, Handelsgericht Wien\nUID: ATU99999998\n" + _GERMAN_OUT,
    ),
    "CH": Mail(
        "de",
        "Verschlissene Lager früher erkennen",
        _GERMAN,
        "Pegel Messtechnik AG\nSeestrasse 10, 8002 Zürich\nkontakt@pegel.example\n" + _GERMAN_OUT,
    ),
    "FR": Mail(
        "fr",
        "Repérer plus tôt un roulement usé",
        "Bonjour Madame Aubin,\n\nbeaucoup d’usines ne remarquent un roulement usé que lorsqu’il "
        "devient bruyant.\n\nUne mesure de vibration le montre des semaines plus tôt, et la "
        "réparation attend l’arrêt prévu.\n\nJeanne Roy",
        "Ce message est une communication commerciale.\nPegel Mesures SAS\n"
        "14 bis, rue des Tilleuls, CS 20012, 69003 Lyon\nbonjour@pegel.example\n"
        "RCS Lyon 999 999 998, TVA FR99 999999998\n"
        "Vous recevez ce message en tant que responsable de maintenance, car votre adresse a été "
        "relevée sur le site de votre entreprise.\n"
        "Vous pouvez vous y opposer à tout moment et sans frais.\n"
        "Politique de confidentialité : https://pegel.example/vie-privee\n"
        "Pour ne plus recevoir nos messages, désabonnez-vous : https://pegel.example/u/abc123",
    ),
    "IT": Mail(
        "it",
        "Riconoscere prima l’usura dei cuscinetti",
        "Gentile dottoressa Rinaldi,\n\nmolti stabilimenti si accorgono di un cuscinetto usurato "
        "solo quando fa rumore.\n\nUna misura delle vibrazioni lo mostra settimane prima.\n\n"
        "Paolo Neri",
        "Questa è una comunicazione commerciale.\nPegel Misure S.r.l.\n"
        "Via dei Tigli 14, 25121 Brescia (BS)\ninfo@pegel.example\n"
        "Registro delle Imprese di Brescia, REA BS-999998\nP. IVA 99999999998\n"
        "Riceve questa e-mail perché ha dato il Suo consenso.\n"
        "Può opporsi in ogni momento all’uso dei Suoi dati.\n"
        "Informativa sulla privacy: https://pegel.example/privacy\n"
        "Per non ricevere più le nostre e-mail si cancelli qui: https://pegel.example/u/abc123",
    ),
    "ES": Mail(
        "es",
        "Detectar antes el desgaste de los rodamientos",
        "Estimada señora Ibáñez:\n\nmuchas plantas solo notan un rodamiento gastado cuando hace "
        "ruido.\n\nUna medición de vibración lo muestra semanas antes.\n\nMarta Gil",
        "Este mensaje es una comunicación comercial.\nPegel Medición, S.L.\n"
        "C/ de los Tilos, 14, 2.º B, 50003 Zaragoza\nbajas@pegel.example\n"
        "Registro Mercantil de Zaragoza, tomo 999, folio 12, hoja Z-99998\nNIF B99999998\n"
        "Recibe este mensaje porque dio su consentimiento.\n"
        "Puede oponerse en cualquier momento al uso de sus datos.\n"
        "Política de privacidad: https://pegel.example/privacidad\n"
        "Para darse de baja: https://pegel.example/u/abc123",
    ),
    "NL": Mail(
        "nl",
        "Versleten lagers eerder herkennen",
        "Geachte mevrouw De Wit,\n\nveel fabrieken merken een versleten lager pas als het luid "
        "wordt.\n\nEen trillingsmeting laat het weken eerder zien.\n\nAnna Bos",
        "Deze e-mail is reclame.\nPegel Meettechniek B.V.\nLindelaan 14-2, 5612 AB Eindhoven\n"
        "info@pegel.example\nKvK 99999998\nBtw-nummer NL999999998B01\n"
        "U ontvangt deze e-mail omdat u daarvoor toestemming hebt gegeven.\n"
        "U kunt uw toestemming altijd intrekken.\n"
        "Privacyverklaring: https://pegel.example/privacy\n"
        "Geen e-mails meer ontvangen? Hier afmelden: https://pegel.example/u/abc123",
    ),
    "PL": Mail(
        "pl",
        "Jak wcześniej rozpoznać zużycie łożysk",
        "Szanowna Pani,\n\nw wielu zakładach zużyte łożysko zauważa się dopiero wtedy, gdy "
        "hałasuje.\n\nPomiar drgań pokazuje zużycie kilka tygodni wcześniej.\n\nEwa Sokół",
        "Ta wiadomość stanowi informację handlową.\nPegel Pomiary sp. z o.o.\n"
        "ul. Lipowa 14/3, 50-001 Wrocław\nkontakt@pegel.example\nKRS 0000999998, NIP 9999999998\n"
        "Otrzymują Państwo tę wiadomość, ponieważ wyrazili Państwo zgodę.\n"
        "Zgodę można w każdej chwili wycofać.\n"
        "Polityka prywatności: https://pegel.example/prywatnosc\n"
        "Aby wypisać się z listy: https://pegel.example/u/abc123",
    ),
    "UK": Mail(
        "en",
        "Finding worn bearings earlier",
        _ENGLISH,
        "Gauge Works Limited, 12 Mill Lane, Cambridge CB1 2AB\nhello@pegel.example\n"
        "Registered in England and Wales no. 09999998, VAT number GB 999 9999 98\n" + _ENGLISH_OUT,
    ),
    "EU": Mail(
        "en",
        "Finding worn bearings earlier",
        _ENGLISH,
        "Gauge Works A/S, Lindevej 14, 2100 København Ø\nhello@pegel.example\n"
        "CVR 99999998, VAT DK99999998\n" + _ENGLISH_OUT,
    ),
}


def found(code: str, subject: str = "", body: str = "", *, html: str = "") -> dict[str, Severity]:
    """The findings of `code` on its lawful mail with what is given changed."""
    mail = MAILS[code]
    text = body or mail.body
    view = MailView.from_parts(
        subject=subject or mail.subject, text=text, html=html or page(text, mail.language)
    )
    context = ScreeningContext((code,), language=mail.language, now=NOW)
    findings = screen(view, context, load_packs(), "x").findings
    return {item.rule: item.severity for item in findings if item.jurisdiction == code}
