"""How good drafts are, measured on a grid of sample briefs, languages and segments."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.brief import Brief, SegmentRule, Sender
from contracts.canonical import canonical_json
from contracts.errors import BadInput
from contracts.mail import Draft
from contracts.seams import NoProgress, Progress
from evaluation import load_packs
from evaluation.rendering import judge_rendering
from evaluation.suites.drafting import DraftedMail, measure_language
from evaluation.support import FAMILIES, ClientData, read_client_data, unsupported
from personalize import NoEvidence, NoText, build_edition, languages, missing_text, open_writer
from variants import generate
from workflow.briefs import load_brief
from workflow.house import House, open_house
from workflow.knowledge import add_cases
from workflow.settings import load_settings
from workflow.writing_task import writing_task

__all__ = ["DraftingMeasures", "measure_drafting"]

_UNSUBSCRIBE = "https://mail.sample.example/u/"


@dataclass(frozen=True, slots=True)
class DraftingMeasures:
    by_language: Mapping[str, Mapping[str, float]]
    unwritten: tuple[str, ...]  # "brief, segment, language: why" of drafts that could not be made


@dataclass(frozen=True, slots=True)
class _Cell:
    brief: Brief
    sender: Sender
    rule: SegmentRule
    language: str


def measure_drafting(
    briefs: Sequence[Path],
    cases: Sequence[Path],
    only: Sequence[str] = (),
    progress: Progress | None = None,
    keep: Path | None = None,
    support: Path | None = None,
) -> DraftingMeasures:
    """Measures by language of the drafts that the composer writes for every brief, segment and
    language; the workspace that they need is thrown away.

    Args:
        briefs: brief files, each with its segments.
        cases: files or folders of cases.
        only: languages to measure; empty is every language that all briefs have text in.
        keep: a folder for the mails as HTML and text, to look at; None keeps none.
        support: a folder of caniemail's data (features.jsonl): what the mails use of HTML and
            CSS, is not understood by the newest version of some client and is missed there, is
            counted, for the common clients and for the others; None counts nothing.

    Raises:
        BadInput: there are no briefs, or none has text in a language asked for.
    """
    progress = progress or NoProgress()
    files = [load_brief(path) for path in briefs]
    if not files:
        raise BadInput("no briefs: give a folder that holds some with --briefs")
    wanted = only or [
        tag for tag in languages() if not any(missing_text(f.brief, tag) for f in files)
    ]
    if not wanted:
        raise BadInput("no language has all the texts of these briefs: name one with --language")
    with tempfile.TemporaryDirectory(prefix="mailwright-eval-") as folder:
        settings = load_settings(Path(folder), database_url="", chat_model="")
        with open_house(settings) as house:
            add_cases(house, list(cases), progress=progress)
            cells = [
                _Cell(item.brief, item.sender, rule, tag)
                for tag in wanted
                for item in files
                for rule in item.brief.segments
            ]
            clients = read_client_data(support) if support else None
            return _measured(house, cells, progress, keep, clients)


def _measured(
    house: House,
    cells: Sequence[_Cell],
    progress: Progress,
    keep: Path | None,
    clients: ClientData | None,
) -> DraftingMeasures:
    mails: dict[str, list[DraftedMail]] = {}
    same: dict[str, list[bool]] = {}
    unwritten: list[str] = []
    progress.start("write drafts", len(cells))
    for cell in cells:
        try:
            draft, again = _written(house, cell)
        except (NoEvidence, NoText) as why:
            unwritten.append(f"{cell.brief.name}, {cell.rule.name}, {cell.language}: {why}")
        else:
            mail = _mail(house, cell, draft)
            mails.setdefault(cell.language, []).append(mail)
            same.setdefault(cell.language, []).append(
                canonical_json(draft) == canonical_json(again)
            )
            if keep is not None:
                _keep(keep, mail)
        progress.advance()
    progress.done()
    progress.start("measure", len(mails))
    measured: dict[str, dict[str, float]] = {}
    for tag, own in mails.items():
        measures = dict(measure_language(own, tag, house.today))
        measures["repeated"] = sum(same[tag]) / len(same[tag])
        measures |= _rendering(own, clients)
        measured[tag] = measures
        progress.advance()
    progress.done()
    return DraftingMeasures(measured, tuple(unwritten))


def _written(house: House, cell: _Cell) -> tuple[Draft, Draft]:
    """The draft of a cell, twice: the same task must give the same bytes."""
    task = writing_task(house, cell.brief, cell.sender, cell.rule, cell.language)
    return open_writer("").write(task), open_writer("").write(task)


def _mail(house: House, cell: _Cell, draft: Draft) -> DraftedMail:
    packs = load_packs()
    variant = generate(draft, max_variants=1)[0]
    edition = build_edition(
        variant,
        packs.profile_for(_COUNTRY.get(cell.language.split("-")[0], "")),
        cell.sender,
        _UNSUBSCRIBE,
        packs.versions,
        brief=cell.brief,
    )
    return DraftedMail(draft, edition, cell.brief, cell.sender, house.evidence())


# A country whose law puts something into the footer in the language of the mail.
_COUNTRY = {"de": "DE", "en": "US", "zh": "CN"}


def _rendering(
    mails: Sequence[DraftedMail], clients: ClientData | None
) -> Iterator[tuple[str, float]]:
    pages = [mail.edition.html for mail in mails]
    problems = sum(len(judge_rendering(mail.edition.html, mail.edition.text)) for mail in mails)
    yield "rendering_problems", float(problems)
    yield "html_bytes_max", float(max(len(page.encode("utf-8")) for page in pages))
    if clients is None:
        return
    for name, families in (("unsupported", FAMILIES), ("unsupported_elsewhere", clients.others)):
        gaps = {
            gap.feature
            for page in pages
            for gap in unsupported(page, clients, families)
            if not gap.graceful
        }
        yield name, float(len(gaps))


def _keep(folder: Path, mail: DraftedMail) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    slug = mail.draft.segment.replace(" ", "-")
    name = f"{mail.draft.language}.{mail.draft.campaign}.{slug}"
    (folder / f"{name}.html").write_text(mail.edition.html, encoding="utf-8")
    text = f"{mail.edition.subject}\n\n{mail.edition.text}"
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
