"""A merchant's API for the bench, a process of its own: `python -m bench.price_server PORT MILLISECONDS`.

`GET /items?ids=1,2,…` answers after so many milliseconds with about 1.2 KB of JSON per item, as shops' APIs do.
"""

from __future__ import annotations

import asyncio
import sys

_FILLER = "An over-ear headphone with a long description that nobody reads. " * 16


def price(number: int) -> str:
    """What the item costs, in dollars."""
    return f"{50 + number % 400}.{number % 100:02}"


def _item(number: int) -> str:
    return (
        f'{{"sku": "{number}", "price": {{"amount": "{price(number)}", "currency": "USD"}}, '
        f'"availability": "in_stock", "title": "Headphone {number}", "description": "{_FILLER}"}}'
    )


class _Shop(asyncio.Protocol):
    delay = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            body = (
                '{"items": [' + ", ".join(_item(int(n)) for n in path.partition("ids=")[2].split(",")) + "]}"
            ).encode()
            answer = (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self._transport.write, answer)
            else:
                self._transport.write(answer)


async def _serve(port: int, milliseconds: float) -> None:
    _Shop.delay = milliseconds / 1000
    server = await asyncio.get_running_loop().create_server(_Shop, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
