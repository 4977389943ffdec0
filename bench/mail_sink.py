"""`python -m bench.mail_sink`: a mail server of its own process that takes letters, drops them and says its port."""

from __future__ import annotations

import asyncio

from demo.mail_server import MailServer

if __name__ == "__main__":
    sink = MailServer(lambda letter: None)
    asyncio.run(sink.serve(0, lambda port: print(port, flush=True)))
