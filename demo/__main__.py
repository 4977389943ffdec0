"""How does a newcomer see the whole site at work? Services, content, shops, web, worker and beat in one window."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from config import embedded
from demo import processes

SHOPS = 3
FIRST_SHOP_PORT = 8101


def main() -> int:
    """The exit status: 0 after Ctrl-C, 1 when something could not be started or a process died."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        with _only_demo_here(arguments.port):
            return _run(arguments.port, arguments.catalogue)
    except processes.DemoError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except embedded.EmbeddedServiceError as error:
        print(f"\n{error}\nNothing is lost. Fix this and run `make demo` again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _goodbye()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="where the site answers on 127.0.0.1")
    parser.add_argument("--catalogue", type=Path, help="a file of more products, one JSON object per line")
    arguments = parser.parse_args()
    if not 1 <= arguments.port <= 65535:
        parser.error(f"{arguments.port} is not a port; choose one from 1024 to 65535.")
    if arguments.catalogue and not arguments.catalogue.is_file():
        parser.error(f"there is no file {arguments.catalogue}; --catalogue takes products as JSON lines.")
    return arguments


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _only_demo_here(port: int) -> Iterator[None]:
    """One demo per folder: two would fight over the same data."""
    embedded.data_dir().mkdir(parents=True, exist_ok=True)
    with (embedded.data_dir() / "demo.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise processes.DemoError(
                f"The demo is already running in this folder: {handle.read().strip() or 'see its window'}\n"
                "Stop it there with Ctrl-C, or use that one."
            ) from None
        if not _is_free(port):
            raise processes.DemoError(
                f"Port {port} is taken by another program. "
                f"Choose another one, for example: make demo PORT={_free_port(FIRST_SHOP_PORT + SHOPS)}"
            )
        handle.truncate(0)
        handle.write(f"http://127.0.0.1:{port}/")
        handle.flush()
        yield


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port(start: int, count: int = 1) -> int:
    """The first of `count` free neighbouring ports from `start` on."""
    for first in range(max(start, 1024), 65535 - count):
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise processes.DemoError(f"There are no {count} free neighbouring ports above {start} on this machine.")


def _step(text: str, work: Callable[[], object]) -> None:
    """Say what is being done before it is done, and how long it took after."""
    print(f"  {text} …", end="", flush=True)
    started = time.monotonic()
    work()
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def _run(port: int, catalogue: Path | None) -> int:
    # nobody listens on the site's own port yet: the shops must not be given it
    is_in_the_way = FIRST_SHOP_PORT <= port < FIRST_SHOP_PORT + SHOPS
    shops_port = _free_port(port + 1 if is_in_the_way else FIRST_SHOP_PORT, SHOPS)
    os.environ.update(processes.environment(port=port, shops_port=shops_port, shops=SHOPS))
    inbox_port = _free_port(max(port + 1, FIRST_SHOP_PORT + SHOPS + 20), 2)
    print("Earmark: setting up the demo in .data/")
    _step("PostgreSQL and Redis", embedded.join)
    _prepare_site(catalogue)
    # Not before: what setting up mails goes into files, as nobody takes mail yet.
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{inbox_port + 1}"
    threading.Thread(target=_say_when_ready, args=(port, inbox_port), daemon=True).start()
    processes.run(processes.commands(port=port, shops_port=shops_port, inbox_port=inbox_port))
    return _goodbye()


def _goodbye() -> int:
    print("\nStopped. What you did is kept in .data/; `make demo` goes on from there.")
    return 0


def _prepare_site(catalogue: Path | None) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from catalog import tasks
    from demo import more_products, seed, static_files

    _step("database tables", lambda: call_command("migrate", verbosity=0))
    _step("style sheets and scripts", static_files.collect)
    print("  demo content:")
    seed.main()
    if catalogue:
        print(f"  products of {catalogue.name} …", end="", flush=True)
        print(f" {more_products.load_products(catalogue)}", flush=True)
    # So that the worker asks the shops at once, not when beat's first round comes.
    tasks.refresh_due_offers.delay()


def _say_when_ready(port: int, inbox_port: int) -> None:
    site = f"http://127.0.0.1:{port}"
    if not processes.answers(port, "/livez", seconds=60):
        return
    lines = (
        f"Ready: {site}/",
        f"Admin: {site}/admin/   user: editor   password: listen-closely",
        "       no second factor is asked for here (ADMIN_REQUIRE_MFA=0); in production everybody sets one up",
        "       the same password: writer (own drafts), links (and earnings), moderator, administrator (API keys)",
        f"API:   {site}/api/v1/docs/",
        f"Mail:  http://127.0.0.1:{inbox_port}/   all that the site sends, in {Path(os.environ['EARMARK_MAIL_DIR'])}",
        "Ctrl-C stops everything; the data stay.",
    )
    width = max(map(len, lines))
    print("\n" + "\n".join(["─" * width, *lines, "─" * width]) + "\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
