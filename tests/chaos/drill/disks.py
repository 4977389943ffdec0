"""Disks that can be full: small ones in memory (tmpfs) under the spool, the pictures and PostgreSQL's cluster.

Mounting needs root; without it these scenarios are not played.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

# Megabytes. A cluster takes about a hundred and fifty with its log of writes before anything is in it.
SIZES = {"spool": 256, "media": 32, "cluster": 600}
_LITTLE_LOG = "\nmax_wal_size = 128MB\nmin_wal_size = 32MB\n"
BALLAST = ".ballast"


class Disks:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mounted: list[Path] = []

    @property
    def can_be_full(self) -> bool:
        return bool(self._mounted)

    def make(self) -> None:
        for name, megabytes in SIZES.items():
            place = self._folder / name
            place.mkdir(parents=True, exist_ok=True)
            if os.geteuid() != 0:
                continue
            options = f"size={megabytes}m,mode=755"
            command = ["mount", "-t", "tmpfs", "-o", options, "earmark-drill", str(place)]
            if subprocess.run(command, check=False, capture_output=True).returncode == 0:
                self._mounted.append(place)

    def take(self, cluster: Path) -> None:
        """PostgreSQL's files, made and stopped, move to the disk of their own; the place they had leads there."""
        with (cluster / "postgresql.conf").open("a") as file:
            file.write(_LITTLE_LOG)
        if self.can_be_full:
            moved = self._folder / "cluster" / "files"
            subprocess.run(["cp", "-a", str(cluster), str(moved)], check=True)
            shutil.rmtree(cluster)
            cluster.symlink_to(moved)

    def fill(self, name: str) -> None:
        """Not a byte is left, also of what was free in the last block."""
        for piece in (1 << 20, 512):
            with (self._folder / name / BALLAST).open("ab", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(bytes(piece)) == piece:
                    pass

    def empty(self, name: str) -> None:
        (self._folder / name / BALLAST).unlink(missing_ok=True)

    def unmake(self) -> None:
        for place in reversed(self._mounted):
            subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)
        self._mounted.clear()
