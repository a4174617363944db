"""A long step of workflow, as a bar."""

from __future__ import annotations

import streamlit as st

__all__ = ["ProgressBar"]


class ProgressBar:
    """Satisfies `contracts.seams.Progress`; gone when the work is.

    Example:
        with ProgressBar("Screening") as progress:
            screen_campaign(house, name, user, progress)
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar = st.progress(0.0, text=label)
        self._total = 0
        self._count = 0

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.empty()

    def start(self, step: str, total: int | None) -> None:
        self._total, self._count = total or 0, 0
        self._show(step)

    def advance(self, count: int = 1) -> None:
        self._count += count
        self._show()

    def done(self) -> None:
        self._count = self._total
        self._show()

    def _show(self, step: str = "") -> None:
        share = min(1.0, self._count / self._total) if self._total else 0.0
        counted = f" {self._count}/{self._total}" if self._total else ""
        self._bar.progress(share, text=f"{self._label} …{counted}" if not step else self._label)
