"""Which mail programs will not show a mail as it was built, by the data of caniemail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.verdict import Finding, Place
from evaluation.fitness.telling import examples
from evaluation.look import Look
from evaluation.rulefiles import TopicPack
from evaluation.support import FAMILIES, ClientData, graceful_features, used_features

__all__ = ["judge_support"]

_HTML = Place("html")


@dataclass(frozen=True, slots=True)
class _Lack:
    slug: str
    title: str
    common: tuple[str, ...]  # programs that many read business mail in
    rare: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        return (*self.common, *self.rare)


def judge_support(look: Look, data: ClientData | None) -> Iterator[Finding]:
    """A finding for every feature of the HTML part that programs lack and that is missed there,
    and one for all that only make it look plainer.

    Args:
        data: what is known of the programs; without it nothing is judged.
    """
    if data is None or not look.view.html.strip():
        return
    pack = look.packs.topics["rendering"]
    # In a campaign the mail is the product's own, and its template knows what it can do without.
    harmless = set(pack.lists["harmless"])
    if look.context.in_campaign:
        harmless |= graceful_features()
    used = used_features(look.view.html, shown=True)
    missed = [lack for slug in used if (lack := _lack(slug, data, pack)).every]
    say, told = look.context.say, int(pack.limits["told"])
    elsewhere: list[_Lack] = []
    for lack in missed:
        if lack.slug in harmless:
            continue
        if not lack.common:
            elsewhere.append(lack)
            continue
        yield pack.rule("rendering.unsupported").finding(
            _HTML, say=say, feature=lack.title, clients=examples(lack.every, told), slug=lack.slug
        )
    elsewhere.sort(key=lambda lack: (-len(lack.rare), lack.slug))
    for lack in elsewhere[: int(pack.limits["elsewhere"])]:
        yield pack.rule("rendering.unsupported_rarely").finding(
            _HTML, say=say, feature=lack.title, clients=examples(lack.rare, told), slug=lack.slug
        )
    plainer = [lack.title for lack in missed if lack.slug in harmless and lack.common]
    if plainer:
        features = examples(plainer, int(pack.limits["told_features"]))
        yield pack.rule("rendering.without_harm").finding(_HTML, say=say, features=features)


def _lack(slug: str, data: ClientData, pack: TopicPack) -> _Lack:
    common: list[str] = []
    rare: list[str] = []
    seldom = pack.lists["rare_programs"]
    for client, state in data.support.get(slug, {}).items():
        if state == "n":
            program, _, version = client.rpartition(" ")
            family = program.partition("/")[0]
            widely = family in FAMILIES and program not in seldom
            (common if widely else rare).append(f"{program.replace('/', ' ')} {version}")
    return _Lack(slug, data.titles.get(slug, slug), tuple(sorted(common)), tuple(sorted(rare)))
