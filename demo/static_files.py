"""Are the collected style sheets and scripts still those of the source? Collect them only when they are not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from config import embedded


def _fingerprint() -> str:
    """Changes when a file under static/ or an installed package (uv.lock) does."""
    digest = hashlib.sha256((embedded.PROJECT / "uv.lock").read_bytes())
    for path in sorted((embedded.PROJECT / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def collect() -> None:
    """Collect into STATIC_ROOT, unless that was done for exactly these files."""
    stamp = Path(settings.STATIC_ROOT) / ".fingerprint"
    now = _fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)
