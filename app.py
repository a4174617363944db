"""The studio: `streamlit run app.py`. Navigation and sign-in."""

from __future__ import annotations

import streamlit as st

from interface.web import (
    arrive,
    current_user,
    pages_for,
    prepare,
    show_sign_in,
    show_who,
    studio_or_stop,
)

prepare()
studio = studio_or_stop()
user = current_user(studio)
pages = pages_for(studio, user)
page = st.navigation(pages, position="hidden" if user is None else "sidebar")
if user is None:
    show_sign_in(studio)
else:
    arrive(page, pages, user)
    show_who(studio, user)
    page.run()
