"""What an organisation decides of rules: other severities and asked registers in a file, and
rules that a person sets aside for a time, which the audit log keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.decision import User
from contracts.errors import BadInput
from contracts.verdict import Severity, Suppression
from evaluation import RulePacks, load_packs
from review import require
from workflow.house import House
from workflow.yaml_file import read_yaml

__all__ = [
    "FILE",
    "HouseRules",
    "read_house_rules",
    "restore_rule",
    "set_aside",
    "set_aside_rules",
    "workspace_rules",
]

FILE = "screening.yaml"
_LONGEST_DAYS = 366


class HouseRules(BaseModel):
    """`severities` by rule id; `registers` tells when a public list of objections was asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severities: Mapping[str, Severity] = Field(default_factory=dict)
    registers: Mapping[str, date] = Field(default_factory=dict)


def read_house_rules(path: Path, packs: RulePacks) -> HouseRules:
    """The file, checked against the rules that there are.

    Raises:
        BadInput: it cannot be read, holds an unknown key, or names a rule or register that
            there is not.
    """
    file = read_yaml(path)
    try:
        rules = HouseRules.model_validate(file.data or {})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        why = f"«{key}»: {first['msg']}; the keys are severities and registers"
        raise file.mistake(first["loc"], why) from None
    for name in rules.severities:
        if name not in packs.rule_ids:
            why = f"there is no rule «{name}»; docs/rules.md lists them"
            raise file.mistake(("severities", name), why)
    for name in rules.registers:
        if name not in packs.registers:
            why = f"no law asks a register «{name}»; there are {', '.join(sorted(packs.registers))}"
            raise file.mistake(("registers", name), why)
    return rules


def workspace_rules(house: House) -> HouseRules:
    """Those of the workspace's screening.yaml; none where there is no such file.

    Raises:
        BadInput: as `read_house_rules` does.
    """
    path = house.settings.workspace / FILE
    return read_house_rules(path, load_packs()) if path.exists() else HouseRules()


def set_aside(
    house: House, actor: User, rule: str, *, reason: str, until: date, mail: str = ""
) -> Suppression:
    """Set a rule aside until a day; its findings become notes that say so.

    Args:
        rule: an id, or the beginning of several followed by ".*".
        until: the last day, at most a year ahead.
        mail: name of the campaign that it is for; "" every mail.

    Raises:
        NotAllowed: the actor is no reviewer.
        BadInput: there is no such rule, no reason, or no day ahead.
    """
    require(actor, "set_aside_rule")
    known = load_packs().rule_ids
    family = rule.endswith(".*") and any(name.startswith(rule[:-1]) for name in known)
    if rule not in known and not family:
        raise BadInput(f"there is no rule «{rule}»; `mailwright rules list` shows them")
    if not reason.strip():
        raise BadInput("say with --reason why the rule does not hold here")
    ahead = (until - house.today).days
    if not 0 <= ahead <= _LONGEST_DAYS:
        raise BadInput(f"«{until}» is past or more than a year ahead; give a nearer day")
    entry = Suppression(rule, reason.strip(), actor.id, until, mail)
    with house.store.begin() as tx:
        tx.set_aside.put(entry, house.clock())
        tx.audit.append(actor.id, "rule.set_aside", rule, _payload(entry), house.clock())
    return entry


def restore_rule(house: House, actor: User, rule: str, mail: str = "") -> None:
    """Let a rule hold again before its day.

    Raises:
        NotAllowed: the actor is no reviewer.
        BadInput: the rule is not set aside.
    """
    require(actor, "set_aside_rule")
    with house.store.begin() as tx:
        if not tx.set_aside.remove(rule, mail):
            raise BadInput(f"«{rule}» is not set aside; `mailwright rules set-aside` shows what is")
        tx.audit.append(actor.id, "rule.restored", rule, {"mail": mail}, house.clock())


def set_aside_rules(house: House) -> tuple[Suppression, ...]:
    """Every rule that was set aside and not restored, past ones included."""
    with house.store.read() as tx:
        return tuple(tx.set_aside.all())


def _payload(entry: Suppression) -> dict[str, str]:
    return {"reason": entry.reason, "until": entry.until.isoformat(), "mail": entry.mail}
