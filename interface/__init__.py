"""Command line, Streamlit pages, HTTP: thin ways into `workflow`."""
