"""Offline suites: what is measured, on which data, as pure functions over what was found."""
