"""Is there a browser to test with? An installed Chromium, else Playwright's own, else the system's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """The path of a Chromium that is there already; the variable CHROMIUM names one first."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def _try(*command: str) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def install() -> bool:
    """Get one. False when neither Playwright nor the system's packages have one to give."""
    if _try(sys.executable, "-m", "playwright", "install", "chromium"):
        return True
    if shutil.which("apt-get") is None:
        return False
    sudo = () if os.geteuid() == 0 else ("sudo", "-n")
    _try(*sudo, "apt-get", "update", "-qq")
    return _try(*sudo, "apt-get", "install", "-y", "-qq", "chromium")


if __name__ == "__main__":
    if installed() is None:
        print("No Chromium here; getting one …", flush=True)
        if not install():
            sys.exit("No Chromium could be installed. Install one, or name it: CHROMIUM=/path/to/chromium make test")
