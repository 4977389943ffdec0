"""Which machine is this? One line that stands beside every figure measured on it."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """Cores, processor, memory, and the versions whose speed is measured."""
    parts = [
        f"{len(os.sched_getaffinity(0))} cores of {_processor()}",
        f"{_gigabytes()} GB",
        f"Python {platform.python_version()}",
        f"Django {version('django')}",
        f"granian {version('granian')}",
    ]
    return ", ".join(parts)


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return re.sub(r"\((R|TM)\)|\s+CPU|@.*", "", found[1]).strip() if found else platform.machine()


def _gigabytes() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)
