"""The clock of a running program, told to it by libfaketime from a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FOLDERS = ("/usr/lib", "/usr/local/lib")


def library() -> str | None:
    """The path of libfaketime; None where it is not installed (Debian: faketime)."""
    found = (next(Path(folder).glob("**/libfaketimeMT.so.1"), None) for folder in FOLDERS)
    return next((str(path) for path in found if path), None)


def jump(folder: Path, by: str) -> None:
    """By `-2s`, `+1h`, `+40d`, `+70y` from the true time."""
    (folder / "clock").write_text(by)


def clock_of(folder: Path) -> Mapping[str, str]:
    """What makes a program started with it read its time there."""
    return {
        "LD_PRELOAD": library() or "",
        "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_NO_CACHE": "1",
        # Waiting is measured by the clock that never jumps, on real machines too.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
