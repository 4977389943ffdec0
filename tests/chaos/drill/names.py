"""Names of the parts, and a name service that can fail: a file of hosts of its own in front of /etc/hosts.

The programs are started in a mount namespace where the file stands in the place of /etc/hosts, which needs root.
Without it everybody is called 127.0.0.1 and the scenario of failing names is not played.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_MOUNTED = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'

NAMED = ("postgres", "redis", "mail", "merchant", "partner")


class Names:
    def __init__(self, file: Path) -> None:
        self._file = file
        self.inside: list[str] = []
        self.fail(False)
        command = ["unshare", "-m", "sh", "-c", _MOUNTED, "sh", str(file)]
        if os.geteuid() == 0 and shutil.which("unshare"):
            tried = subprocess.run([*command, "true"], check=False, capture_output=True)
            self.inside = command if tried.returncode == 0 else []
        self.can_fail = bool(self.inside)
        self.database, self.redis, self.mail, self.merchant, self.partner = (
            f"{name}.drill.test" if self.can_fail else "127.0.0.1" for name in NAMED
        )

    def fail(self, do: bool) -> None:
        """Written in place: the file that is mounted stays the same one."""
        names = " ".join(f"{name}.drill.test" for name in NAMED)
        self._file.write_text("127.0.0.1 localhost\n" if do else f"127.0.0.1 localhost {names}\n")
