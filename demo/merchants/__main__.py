"""Run the demo's three shops: `python -m demo.merchants --port-base 8101`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from demo.merchants.server import ShopServer
from demo.merchants.shops import FIRST_PORT, SHOPS, articles, stock

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.merchants", description=__doc__)
    parser.add_argument("--port-base", type=int, default=FIRST_PORT, help="the first of three neighbouring ports")
    parser.add_argument("--catalogue", type=Path, default=CATALOGUE, help="JSON lines with `demo_price_usd`")
    options = parser.parse_args()
    try:
        everything = articles(options.catalogue)
        servers = [ShopServer(shop, stock(shop, everything), options.port_base + shop.offset) for shop in SHOPS]
    except OSError as error:
        print(f"The shops cannot open: {error}.", file=sys.stderr)
        return 1
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"{server.shop.name}: {server.base_url}/ sells {len(server.stock)} articles", flush=True)
    done.wait()
    for server in servers:
        server.shutdown()
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
