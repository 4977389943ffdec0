"""WHO PAYS FOR A CLICK: one file per network, one line here. Recipe: docs/extending.md.

What they tell us of purchases is read in `reports/`.
"""

from catalog.networks.base import Network
from catalog.registry import plug_ins

NETWORKS: dict[str, Network] = plug_ins(
    __name__,
    Network,
    "amazon",
    "awin",
    "cj",
    "direct",
    "ebay",
    "impact",
    "rakuten",
)
