"""The report of a campaign: one HTML page that needs nothing else."""

from interface.report.page import render_report, write_report

__all__ = ["render_report", "write_report"]
