"""WHO PAYS FOR A CLICK: one file per network, one line here. Recipe: docs/extending.md."""

from catalog.networks.amazon import Amazon
from catalog.networks.awin import Awin
from catalog.networks.base import Network
from catalog.networks.direct import Direct

NETWORKS: dict[str, Network] = {
    "amazon": Amazon(),
    "awin": Awin(),
    "direct": Direct(),
}
