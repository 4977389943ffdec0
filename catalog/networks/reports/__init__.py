"""WHAT NETWORKS TELL US about purchases: one file per network that reports, one line here."""

from catalog.networks.reports.base import Reports
from catalog.registry import plug_ins

REPORTS: dict[str, Reports] = plug_ins(
    __name__,
    Reports,
    "amazon",
    "awin",
    "cj",
    "direct",
    "ebay",
    "impact",
    "rakuten",
)
