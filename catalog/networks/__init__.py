"""WHO PAYS FOR A CLICK: one file per network, one line here. What they report back: `reports/`. Recipe: docs/extending.md."""

from catalog.networks.base import Network
from catalog.registry import plug_ins

NETWORKS: dict[str, Network] = plug_ins(
    __name__,
    Network,
    "amazon",
    "awin",
    "direct",
)
