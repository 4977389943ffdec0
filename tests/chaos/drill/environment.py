"""What the process that plays has to be told before it reads the settings."""

from __future__ import annotations

from pathlib import Path


def own_environment(folder: Path) -> dict[str, str]:
    """It looks at the services of the site in this folder past all wires."""
    return {
        "EARMARK_DATA_DIR": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "drill",
        "CLICK_SPOOL_DIR": str(folder / "spool"),
        "LINK_SNAPSHOT": str(folder / "links.snapshot"),
        "MEDIA_ROOT": str(folder / "media"),
        "DEBUG": "1",
        "LOG_LEVEL": "WARNING",
    }
