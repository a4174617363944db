"""A row of counts."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

__all__ = ["show_figures"]

WIDTH_PX = 122


def show_figures(figures: Mapping[str, int]) -> None:
    """Each count in a box of its own, as many beside each other as the screen takes."""
    with st.container(horizontal=True, gap="small"):
        for name, count in figures.items():
            st.metric(name, count, border=True, width=WIDTH_PX)
