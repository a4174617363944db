"""One lawful mail to each place of Europe, and what its law says when something is wrong with it.
All senders are invented."""

from __future__ import annotations

import re

import pytest
from europe_samples import MAILS, found

from contracts.verdict import Severity
from evaluation import load_packs

PACKS = load_packs()


def without(code: str, *words: str) -> str:
    """The body without the lines that hold one of the words."""
    lines = MAILS[code].body.split("\n")
    return "\n".join(line for line in lines if not any(word in line for word in words))


@pytest.mark.parametrize("code", MAILS)
def test_a_lawful_mail_has_no_finding(code: str) -> None:
    assert found(code) == {}


@pytest.mark.parametrize(
    ("code", "words", "rule"),
    [
        ("DE", ("GmbH",), "de.legal_name"),
        ("DE", ("Geschäftsführerin",), "de.representative"),
        ("DE", ("Landstraße",), "de.postal_address"),
        ("DE", ("kontakt@",), "de.contact"),
        ("DE", ("HRA",), "de.registration"),
        ("DE", ("abmelden",), "de.unsubscribe"),
        ("AT", ("Ges.m.b.H.",), "eu.legal_name"),
        ("AT", ("FN",), "at.registration"),
        ("AT", ("UID",), "eu.vat"),
        ("AT", ("abmelden",), "eu.unsubscribe"),
        ("CH", (" AG",), "ch.legal_name"),
        ("CH", ("abmelden",), "ch.unsubscribe"),
        ("FR", ("SAS",), "fr.principal"),
        ("FR", ("Tilleuls",), "eu.postal_address"),
        ("FR", ("désabonnez",), "fr.unsubscribe"),
        ("IT", ("S.r.l.",), "eu.legal_name"),
        ("IT", ("REA", "IVA"), "eu.registration"),
        ("IT", ("cancelli",), "eu.unsubscribe"),
        ("ES", ("S.L.",), "es.principal"),
        ("ES", ("bajas@",), "es.refusal_address"),
        ("ES", ("darse de baja",), "es.unsubscribe"),
        ("NL", ("B.V.",), "nl.legal_name"),
        ("NL", ("KvK",), "eu.registration"),
        ("NL", ("afmelden",), "nl.unsubscribe"),
        ("PL", ("informację handlową",), "pl.advert_notice"),
        ("PL", ("sp. z o.o.",), "pl.principal"),
        ("PL", ("KRS",), "eu.vat"),
        ("PL", ("wypisać",), "eu.unsubscribe"),
        ("UK", ("Limited",), "uk.postal_address"),
        ("UK", ("Registered",), "uk.registration"),
        ("UK", ("Unsubscribe",), "uk.unsubscribe"),
        ("EU", ("A/S",), "eu.legal_name"),
        ("EU", ("CVR",), "eu.vat"),
    ],
)
def test_what_is_left_out_blocks(code: str, words: tuple[str, ...], rule: str) -> None:
    assert found(code, body=without(code, *words))[rule] is Severity.BLOCK


@pytest.mark.parametrize(
    ("code", "words", "rule"),
    [
        ("DE", ("widersprechen",), "de.objection"),
        ("DE", ("Datenschutz",), "de.privacy"),
        ("DE", ("USt-IdNr",), "de.vat"),
        ("FR", ("opposer",), "eu.objection"),
        ("FR", ("communication commerciale",), "eu.advert_notice"),
        ("IT", ("opporsi",), "it.objection"),
        ("CH", ("Seestrasse",), "ch.postal_address"),
        ("UK", ("object",), "uk.objection"),
        ("UK", ("advertisement",), "uk.advert_notice"),
        ("UK", ("Privacy",), "uk.privacy"),
    ],
)
def test_what_is_left_out_warns(code: str, words: tuple[str, ...], rule: str) -> None:
    assert found(code, body=without(code, *words))[rule] is Severity.WARN


@pytest.mark.parametrize(
    ("code", "street", "box"),
    [
        ("DE", "Alte Landstraße 120–124 | D-22113 Hamburg", "Postfach 12 34, 22113 Hamburg"),
        ("FR", "14 bis, rue des Tilleuls, CS 20012, 69003 Lyon", "BP 120, 69003 Lyon"),
        ("IT", "Via dei Tigli 14, 25121 Brescia (BS)", "Casella postale 120, 25121 Brescia"),
        ("ES", "C/ de los Tilos, 14, 2.º B, 50003 Zaragoza", "Apartado de Correos 120, Zaragoza"),
        ("NL", "Lindelaan 14-2, 5612 AB Eindhoven", "Postbus 120, 5600 AC Eindhoven"),
        ("PL", "ul. Lipowa 14/3, 50-001 Wrocław", "Skrytka pocztowa 120, 50-001 Wrocław"),
        ("UK", "12 Mill Lane, Cambridge CB1 2AB", "PO Box 12, Cambridge CB1 2AB"),
    ],
)
def test_a_box_alone_is_no_address(code: str, street: str, box: str) -> None:
    rule = "eu.postal_address" if code not in ("DE", "UK") else f"{code.lower()}.postal_address"
    assert found(code, body=MAILS[code].body.replace(street, box))[rule] is Severity.BLOCK
    both = MAILS[code].body.replace(street, f"{street}\n{box}")
    assert rule not in found(code, body=both)


@pytest.mark.parametrize(
    ("code", "subject", "rule"),
    [
        ("DE", "Ihre Rechnung vom 3. Mai", "de.pretence"),
        ("DE", "Ihr Konto wurde gesperrt", "de.pretence"),
        ("AT", "Mitteilung vom Finanzamt", "eu.pretence"),
        ("FR", "Votre facture est disponible", "eu.pretence"),
        ("FR", "Votre compte a été suspendu", "eu.pretence"),
        ("IT", "Sollecito di pagamento n. 20931", "eu.pretence"),
        ("ES", "Su pedido ha sido confirmado", "eu.pretence"),
        ("NL", "Uw factuur 20931", "eu.pretence"),
        ("NL", "Uw pakket is onderweg", "eu.pretence"),
        ("PL", "Faktura nr 20931/2026", "eu.pretence"),
        ("PL", "Twoje konto zostało zablokowane", "eu.pretence"),
        ("UK", "Your parcel is waiting", "uk.pretence"),
        ("UK", "Invoice #20931", "uk.pretence"),
        ("DE", "40 % weniger Stillstand", "de.subject_promise"),
    ],
)
def test_subjects_that_block(code: str, subject: str, rule: str) -> None:
    assert found(code, subject)[rule] is Severity.BLOCK


@pytest.mark.parametrize(
    ("code", "subject"),
    [
        ("DE", "Eingangsrechnungen schneller prüfen"),
        ("DE", "Anfragen aus dem Vertrieb besser beantworten"),
        ("DE", "Sicherheitsprüfung für Pressen: drei Hinweise"),
        ("FR", "Facturation : gagner du temps chaque mois"),
        ("FR", "Vos commandes fournisseurs au même endroit"),
        ("IT", "Fattura elettronica più semplice"),
        ("IT", "Ordini e spedizioni in un solo portale"),
        ("ES", "Facturas de proveedores sin papel"),
        ("ES", "Pedidos y envíos en un solo lugar"),
        ("NL", "Facturen sneller verwerken"),
        ("NL", "Bestellingen beter plannen"),
        ("PL", "Faktury bez papieru"),
        ("PL", "Zamówienia i dostawy w jednym miejscu"),
        ("UK", "Invoice processing without paper"),
    ],
)
def test_subjects_about_such_things_pass(code: str, subject: str) -> None:
    assert found(code, subject) == {}


@pytest.mark.parametrize(
    ("code", "line", "rule"),
    [
        ("DE", "Die Abmeldung kostet eine Gebühr von 5 Euro.", "de.unsubscribe_terms"),
        ("DE", "Der Abmeldelink ist 7 Tage gültig.", "de.unsubscribe_terms"),
        ("DE", "Ihre Abmeldung wird innerhalb von 14 Tagen bearbeitet.", "de.unsubscribe_terms"),
        ("CH", "Zum Abmelden bitte mit Passwort einloggen.", "ch.unsubscribe_terms"),
        ("FR", "Le désabonnement prend effet sous 15 jours.", "fr.unsubscribe_terms"),
        ("FR", "Pour vous désinscrire, connectez-vous à votre compte.", "fr.unsubscribe_terms"),
        ("IT", "La disiscrizione richiede fino a 20 giorni.", "eu.unsubscribe_terms"),
        ("ES", "Para darse de baja debe iniciar sesión.", "es.unsubscribe_simple"),
        ("NL", "Afmelden kost 2 euro.", "eu.unsubscribe_terms"),
        ("PL", "Wypisanie jest skuteczne w ciągu 14 dni.", "eu.unsubscribe_terms"),
        ("UK", "Your unsubscribe request takes up to 28 days.", "uk.unsubscribe_terms"),
        ("DE", "Diese E-Mail ist keine Werbung.", "de.pretence"),
        ("FR", "Ce message n’est pas une publicité.", "eu.pretence"),
        ("IT", "Questo messaggio non è una comunicazione commerciale.", "eu.pretence"),
        ("ES", "Este mensaje no es publicidad.", "eu.pretence"),
        ("NL", "Dit bericht is geen reclame.", "eu.pretence"),
        ("PL", "Ta wiadomość nie stanowi reklamy.", "eu.pretence"),
    ],
)
def test_a_line_that_breaks_the_law(code: str, line: str, rule: str) -> None:
    assert found(code, body=f"{MAILS[code].body}{line}\n")[rule] is Severity.BLOCK


@pytest.mark.parametrize(
    ("code", "denial"),
    [
        ("FR", "Ce message n’est pas une publicité."),
        ("IT", "Questo messaggio non è una comunicazione commerciale."),
        ("ES", "Este mensaje no es publicidad."),
        ("NL", "Dit bericht is geen reclame."),
        ("PL", "Ta wiadomość nie stanowi reklamy."),
    ],
)
def test_a_denial_is_no_notice_of_advertising(code: str, denial: str) -> None:
    notice = MAILS[code].footer.split("\n")[0]
    missed = found(code, body=MAILS[code].body.replace(notice, denial))
    assert {"eu.advert_notice", "pl.advert_notice"} & set(missed)


def test_france_wants_french() -> None:
    english = MAILS["UK"].letter + "\n\n" + MAILS["FR"].footer.split("\n")[1]
    assert found("FR", body=english)["fr.language"] is Severity.BLOCK


def test_an_open_pixel_warns_where_consent_is_asked_for_it() -> None:
    html = '<p>Hello</p><img src="https://t.example/o" width="1" height="1" alt="">'
    for code, rule in (("DE", "de.tracking"), ("FR", "fr.tracking"), ("NL", "eu.tracking")):
        assert found(code, html=html)[rule] is Severity.WARN
        assert rule not in found(code)


def _shows(name: str, text: str) -> bool:
    patterns = getattr(PACKS.identity["europe"], name)
    return any(re.search(pattern, text) for pattern in patterns)


@pytest.mark.parametrize(
    "text",
    [
        "Am Alten Hafen 3a\n20457 Hamburg",
        "Q7, 24, 68161 Mannheim",
        "Bahnhofplatz 1, CH-8001 Zürich",
        "Rue du Lac 12, 1003 Lausanne",
        "3, place du Marché, BP 12, 67000 Strasbourg",
        "Viale Europa, 7/B - 20090 Assago (MI)",
        "Polígono Industrial Sur, nave 12, 46940 Manises",
        "Keizersgracht 555-2\n1017 DR Amsterdam",
        "Kerkstraat 12 bus 3, 2000 Antwerpen",
        "Rynek Główny 5, 31-042 Kraków",
        "Unit 4, 12 Wharf Road, Bristol BS1 6QQ",
        "Harbour House, Quay Street, Cardiff CF10 1AA",
        "12 Harbour Road, Dublin 2, D02 X285",
        "Rua das Tílias, 140, 1000-001 Lisboa",
        "Storgatan 14, 111 22 Stockholm",
        "Kirkegata 5, 0153 Oslo",
        "Mannerheimintie 12 B, 00100 Helsinki",
        "Lipová 14, 110 00 Praha 1",
        "1051 Budapest, Hársfa utca 14",
        "Str. Teilor nr. 14, Sector 1, București",
        "Λεωφόρος Κηφισίας 14, 115 26 Αθήνα",
        "Liepų g. 14, LT-01100 Vilnius",
        "Pärna tn 14, 10115 Tallinn",
    ],
)
def test_a_street_with_its_town_is_an_address(text: str) -> None:
    assert _shows("address", text)


@pytest.mark.parametrize(
    "text",
    [
        "Pegelwerk Messtechnik GmbH, 22113 Hamburg",
        "Tel. 040 555 01 Hamburg",
        "RCS Lyon 999 999 998",
        "P. IVA 99999999998, Capitale 10000 Euro",
        "Registro Mercantil de Zaragoza, tomo 999, folio 12",
        "KvK 99999998 Eindhoven",
        "5612 AB Eindhoven",
        "Box 120, 111 22 Stockholm",
        "© 2026 Harbour Gauge Ltd, Mill Road, Cambridge CB1 2AB",
        "London EC1A 1BB",
        "Im Jahr 2025 sparte das Werk 41 Stunden.",
    ],
)
def test_a_town_a_code_or_a_box_is_no_street_address(text: str) -> None:
    assert not _shows("address", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("legal_forms", "Pegel e.K."),
        ("legal_forms", "Pegel Kft."),
        ("legal_forms", "UAB „Pegelis“"),
        ("legal_forms", "Harbour Gauge PLC"),
        ("legal_forms", "Pegel s.r.o."),
        ("registration", "999 999 998 RCS Lyon"),
        ("registration", "BE 0123.456.789 RPR Antwerpen"),
        ("registration", "Company number SC999998"),
        ("registration", "Org.nr 999999-9998"),
        ("vat", "ATU99999998"),
        ("vat", "CHE-999.999.998 MWST"),
        ("vat", "NIP 999-999-99-98"),
    ],
)
def test_names_and_numbers(name: str, text: str) -> None:
    assert _shows(name, text)


@pytest.mark.parametrize("text", ["Guten Tag Frau Lindner", "Limited offer", "AS YOU KNOW"])
def test_what_is_no_company(text: str) -> None:
    assert not _shows("legal_forms", text)
