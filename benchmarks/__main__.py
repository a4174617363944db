"""`make bench`: every figure is a ratio of two things measured in the same run.

`python -m benchmarks retrieving` measures one room alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks import delivering, rendering, retrieving, screening

ROUNDS = 7
RATES: list[str] = []  # what is said below the table


@dataclass(frozen=True, slots=True)
class Pair:
    """Something of ours against the bare thing it is built on. Both do one unit of work."""

    name: str
    unit: str
    ours: Callable[[], object]
    bare: Callable[[], object]
    bare_name: str


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measure(pair: Pair) -> str:
    """Alternate the two, so that a change of the machine's speed hits both alike."""
    pair.ours(), pair.bare()
    times = [(seconds(pair.ours), seconds(pair.bare)) for _ in range(ROUNDS)]
    ratios = sorted(ours / bare for ours, bare in times)
    ours_ms = 1000 * median(ours for ours, _ in times)
    bare_ms = 1000 * median(bare for _, bare in times)
    if pair.name == "write a draft":
        RATES.append(f"drafts a second by the composer: {1000 / ours_ms:.0f}")
    return (
        f"| {pair.name} | {pair.unit} | {pair.bare_name} | {ours_ms:.2f} | {bare_ms:.2f} "
        f"| {median(ratios):.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} |"
    )


def main() -> None:
    print("| ours | unit | against | ours, ms | other, ms | ratio (median) | range |")
    print("|---|---|---|---|---|---|---|")
    chosen = sys.argv[1:]
    for room in (rendering, screening, delivering, retrieving):
        if chosen and room.__name__.rpartition(".")[2] not in chosen:
            continue
        with room.prepared() as pairs:
            for pair in pairs:
                print(measure(Pair(*pair)), flush=True)
    for line in RATES:
        print(f"\n{line}")
    peak_mib = _peak_mib()
    print(f"\npeak memory of this run: {peak_mib:.0f} MiB")


def _peak_mib() -> float:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
