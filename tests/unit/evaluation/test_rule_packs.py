from __future__ import annotations

import re
import shutil
from importlib import resources
from pathlib import Path

import pytest
from evaluation_samples import NOW, message

from contracts.audience import ConsentKind
from contracts.verdict import Severity, Verdict
from evaluation import BadRulePack, MailView, ScreeningContext, load_packs, screen
from evaluation.spam.model import load_model
from evaluation.spam.signals import _TESTS

BLOCKS = {
    "advert_notice",
    "identity",
    "postal_address",
    "contact",
    "representative",
    "registration",
    "vat",
    "reason",
    "objection",
    "privacy",
    "refusal_address",
    "unsubscribe",
}

AUSTRALIA = """
version: "1"
source: Spam Act 2003 (Cth)
code: AU
countries: [AU]
consent: {model: opt_in, sufficient: [express, double_opt_in], evidence: true,
  source: s. 16, verified: true}
edition: {footer: [identity, contact, unsubscribe]}
checks:
  - {id: au.unsubscribe, kind: unsubscribe_link, severity: block, message: No way to unsubscribe.,
     remedy: Add one., source: Spam Act s. 18, verified: true}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "rules"
    shutil.copytree(str(resources.files("evaluation") / "rules"), root)
    return root


def test_every_country_has_its_profile() -> None:
    packs = load_packs()
    assert packs.profile_for("de").code == "DE"
    assert packs.profile_for("US").code == "US"
    assert packs.profile_for("CN").subject_label == {"": "广告 "}
    assert packs.profile_for("").code == packs.profile_for("KZ").code == "STRICT"
    assert packs.profile_for("KZ").subject_label == {"zh-Hans": "广告 "}


def test_places_with_the_same_edition_share_its_profile() -> None:
    packs = load_packs()
    assert packs.profile_for("AT").code == packs.profile_for("CH").code == "DE"
    assert set(packs.profile("DE").jurisdictions) >= {"DE", "AT", "CH"}


def test_a_part_of_a_country_has_the_rules_of_the_whole() -> None:
    packs = load_packs()
    assert packs.pack_for("CA-QC").code == "CA-QC"
    assert packs.pack_for("CA-ON").code == "CA"
    whole = {check.id for check in packs.checks_for("CA")}
    assert whole < {check.id for check in packs.checks_for("CA-QC")}


def test_the_strictest_footer_holds_every_other() -> None:
    packs = load_packs()
    strict = set(packs.profile("STRICT").footer)
    for pack in packs.law.values():
        assert set(pack.edition.footer) <= BLOCKS
        assert set(pack.edition.footer) <= strict


def test_every_pack_states_version_and_source() -> None:
    packs = load_packs()
    assert set(packs.versions) >= {"law/de", "signs/zh-Hans", "spam/common", "claims/en"}
    assert packs.versions["spam/model"] == load_model().version
    assert all(packs.versions.values())
    for pack in packs.law.values():
        assert pack.source
        assert ConsentKind.REFUSED not in pack.consent.sufficient


def test_rule_names_are_unique() -> None:
    packs = load_packs()
    names = [check.id for pack in packs.law.values() for check in pack.checks]
    names += [check.id for check in packs.everywhere.checks]
    names += [signal.id for pack in packs.spam.values() for signal in pack.signals]
    assert len(names) == len(set(names))


def test_every_language_says_what_any_law_asks_for() -> None:
    packs = load_packs()
    asked = {
        sign
        for pack in packs.law.values()
        for check in pack.checks
        for sign in (
            getattr(check, "sign", ""),
            *getattr(check, "signs", ()),
            check.when.said,
            check.when.unless_said,
        )
        if sign
    }
    assert len(asked) > 10
    for language, signs in packs.signs.items():
        assert asked <= set(signs.wording), language
        assert set(signs.wording) <= set(packs.signs["en"].wording), language


def test_structural_signals_name_tests_that_exist() -> None:
    for pack in load_packs().spam.values():
        assert {signal.test for signal in pack.signals if signal.test} <= set(_TESTS)


def test_uncertain_points_only_warn() -> None:
    """The word list beyond the statute rests on a draft guide; see the open points."""
    checks = {check.id: check for check in load_packs().law["CN"].checks}
    assert checks["cn.superlatives"].severity is Severity.WARN
    assert checks["cn.absolute_terms"].verified


def test_a_country_is_one_file(folder: Path) -> None:
    (folder / "law" / "zz.yaml").write_text(AUSTRALIA, encoding="utf-8")
    packs = load_packs(folder)
    assert packs.profile_for("AU").footer == ("identity", "contact", "unsubscribe")
    assert packs.versions["law/au"] == "1"
    context = ScreeningContext(("AU",), now=NOW)
    good = screen(MailView.from_bytes(message("US")), context, packs, "x")
    bad = screen(MailView.from_text("Hello, this is a mail about machines."), context, packs, "x")
    assert good.jurisdictions == {"AU": Verdict.PASS}
    assert bad.jurisdictions == {"AU": Verdict.BLOCK}


def test_the_strictest_profile_takes_no_foreign_label() -> None:
    packs = load_packs()
    context = ScreeningContext(("KZ",), now=NOW)
    english = screen(MailView.from_bytes(message("US")), context, packs, "x")
    chinese = screen(
        MailView.from_bytes(message("CN", subject="更早发现轴承磨损")), context, packs, "x"
    )
    assert not [f for f in english.findings if f.rule.endswith("subject_label")]
    assert [f.rule for f in chinese.findings if f.rule.endswith("subject_label")] == [
        "strict.subject_label"
    ]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("code: AU", "code: AU\ncolour: red", "colour"),
        ("sufficient: [express", "sufficient: [refused, express", "refusal"),
        ("kind: unsubscribe_link", "kind: telepathy", "kind"),
        ("kind: unsubscribe_link", "kind: unsubscribe_link, sign: privacy", "sign"),
        ("kind: unsubscribe_link", "kind: wording", "sign"),
        ("countries: [AU]", "countries: [AU, DE]", "DE"),
        ("countries: [AU]", "countries: [AU", "YAML"),
        ("code: AU", "code: AU\ninclude: [ZZ]", "ZZ"),
    ],
)
def test_a_wrong_file_is_refused_by_name(folder: Path, old: str, new: str, word: str) -> None:
    (folder / "law" / "zz.yaml").write_text(AUSTRALIA.replace(old, new), encoding="utf-8")
    with pytest.raises(BadRulePack, match=re.escape(word)):
        load_packs(folder)


def test_an_unknown_profile_names_the_known() -> None:
    with pytest.raises(BadRulePack, match="STRICT"):
        load_packs().profile("XX")
