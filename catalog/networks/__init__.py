"""WHO PAYS FOR A CLICK: one file per network, one line here. Recipe: docs/extending.md."""

from catalog.networks.base import Network
from catalog.networks.direct import Direct

NETWORKS: dict[str, Network] = {
    "direct": Direct(),
}
