"""The files of a mail judged: types that providers block, what is hidden in them, and size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from contracts.verdict import Finding, Place
from evaluation.attachments.clamav import Scanner, ScanState
from evaluation.attachments.kinds import Family, sniff
from evaluation.attachments.looking import Looking, Sign, look_into
from evaluation.attachments.names import extension, shown
from evaluation.judged import Judged
from evaluation.look import Look
from evaluation.rulefiles import TopicPack
from evaluation.view.mailview import AttachedFile

__all__ = ["attachment_report", "inspect_files"]

_MOST_FILES = 200
_EACH = 5  # findings of one rule; the rest would say the same


def attachment_report(look: Look, scanner: Scanner | None = None) -> Judged:
    """Findings on the files of a mail, and what of them could not be seen."""
    pack = look.packs.topics["attachments"]
    return inspect_files(look.view.attached, pack, look.context.say, scanner)


def inspect_files(
    files: Sequence[AttachedFile], pack: TopicPack, say: str, scanner: Scanner | None = None
) -> Judged:
    """Look into all files, within bounds that they share.

    Args:
        scanner: asked about each file; None says openly that none was.
    """
    kept = Looking(pack)
    signs: list[tuple[Place, Sign]] = []
    for file in files[:_MOST_FILES]:
        place = _place(file)
        signs.extend((place, sign) for sign in look_into(file, kept))
        signs.extend((place, sign) for sign in _policy(file, pack))
    signs.extend(_sizes(files, pack))
    scans = list(_scanned(files, scanner))
    signs.extend((place, sign) for place, sign in scans if sign.rule == "infected")
    whys = list(dict.fromkeys(sign.detail for _, sign in scans if sign.rule != "infected"))
    if files and scanner is None:
        whys = ["no virus scanner is configured, so none looked at the files"]
    unseen = (("attachment", list(_unseen(kept, files))), ("virus", whys))
    not_judged = tuple((code, "; ".join(texts)) for code, texts in unseen if texts)
    return Judged(tuple(_findings(signs, pack, say)), not_judged)


def _findings(signs: Iterable[tuple[Place, Sign]], pack: TopicPack, say: str) -> Iterator[Finding]:
    told: Counter[str] = Counter()
    for place, sign in dict.fromkeys(signs):
        told[sign.rule] += 1
        if told[sign.rule] <= _EACH:
            yield pack.rule(f"attachment.{sign.rule}").finding(
                place, say=say, file=sign.where, detail=sign.detail
            )


def _place(file: AttachedFile) -> Place:
    return Place(f"attachment:{shown(file.name)}" if file.name else "attachment")


def _policy(file: AttachedFile, pack: TopicPack) -> Iterator[Sign]:
    """Types that marketing mail has no need of. Images inside the mail's page are part of it."""
    kind = sniff(file.data)
    if kind is not None and kind.family is Family.IMAGE:
        return
    ending = extension(file.name)
    known = any(ending in pack.lists[name] for name in ("gmail", "outlook", "pages", "fitting"))
    if ending and not known:
        yield Sign("unusual_type", shown(file.name), f".{ending}")


def _sizes(files: Sequence[AttachedFile], pack: TopicPack) -> Iterator[tuple[Place, Sign]]:
    """Advice to link, for one large file or for all together."""
    loose = [file for file in files if not file.content_id or file.disposition == "attachment"]
    large = [file for file in loose if file.size >= pack.limits["link_bytes"]]
    for file in large:
        yield _place(file), Sign("large", shown(file.name) or "-", _megabytes(file.size))
    total = sum(file.size for file in loose)
    if not large and total >= pack.limits["link_bytes_together"]:
        names = ", ".join(shown(file.name) or "-" for file in loose[:3])
        yield Place("attachment"), Sign("large", names, _megabytes(total))


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _scanned(
    files: Sequence[AttachedFile], scanner: Scanner | None
) -> Iterator[tuple[Place, Sign]]:
    if scanner is None:
        return
    for file in files[:_MOST_FILES]:
        scan = scanner.scan(file.data)
        name = shown(file.name) or "-"
        if scan.state is ScanState.INFECTED:
            yield _place(file), Sign("infected", name, scan.name)
        elif scan.state is ScanState.UNKNOWN:
            yield _place(file), Sign("unknown", name, scan.why)
            if not scan.answered:
                return  # it would time out for every file


def _unseen(kept: Looking, files: Sequence[AttachedFile]) -> Iterator[str]:
    for where, why in list(kept.unseen.items())[:_EACH]:
        yield f"{where}: {why}"
    if len(kept.unseen) > _EACH:
        yield f"{len(kept.unseen) - _EACH} further files were not seen as a whole"
    if len(files) > _MOST_FILES:
        yield f"only the first {_MOST_FILES} of {len(files)} files were looked at"
