"""The clocks of a web host and of its shipper jump by seconds, days and decades under load: every click a reader was
sent on with is stored exactly once, and none of them is thrown away for its time (L18)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.test_go_while_everything_is_killed import STORED, Readers, Site, kill
from tests.chaos.test_go_without_services import wait_until

pytestmark = pytest.mark.chaos

JUMPS = ["-2s", "+1h", "+40d", "-400d", "+70y", "-30y", "+0"]
MAINTAIN = "import django; django.setup(); from catalog.tasks import maintain_click_partitions as task; task()"


def false_clock() -> str:
    """The path of libfaketime, which tells a process another time while it runs; skips where it cannot be had."""
    for _ in range(2):
        for folder in ("/usr/lib", "/usr/local/lib"):
            found = next(Path(folder).glob("**/libfaketimeMT.so.1"), None)
            if found:
                return str(found)
        if os.geteuid() == 0 and shutil.which("apt-get"):
            subprocess.run(["apt-get", "install", "-y", "-qq", "faketime"], check=False, capture_output=True)
    return pytest.skip(
        "libfaketime is not installed (Debian: faketime), and only it can make a running process' clock jump"
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    library = false_clock()
    made = Site(tmp_path)
    (tmp_path / "clock").write_text("+0")
    try:
        made.begin()
        for process in (made.webs[0], made.shippers[0]):
            kill(process)
        made.environment |= {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(tmp_path / "clock"),
            "FAKETIME_NO_CACHE": "1",
            # Waiting is measured by the clock that never jumps, on real machines too.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        made.webs[0], made.shippers[0] = made.web(0), made.shipper(0)
        yield made
    finally:
        for name in ("LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE"):
            made.environment.pop(name, None)
        made.end()


def test_no_click_is_lost_or_counted_twice_while_clocks_jump(site: Site) -> None:
    readers = [Readers(port) for port in site.ports]
    for jump in JUMPS:
        (site.folder / "clock").write_text(jump)
        for one in readers:
            one.go_on()
    answered = [name for one in readers for name in one.stop()]
    for web in site.webs:
        kill(web)
    # By a clock seventy years ahead every month is old enough to be dropped.
    (site.folder / "clock").write_text("+70y")
    wait_until(site.all_is_shipped)
    site.run(MAINTAIN)

    stored = Counter(site.run(STORED).split())
    assert [one.wrong for one in readers] == [[], []]
    assert len(answered) > 20 * len(JUMPS)
    assert {str(name) for name in answered} <= stored.keys()
    assert set(stored.values()) == {1}
