"""How does the demo get a catalogue as large as a real one? From a file of products, beside its own."""

from __future__ import annotations

import io
from pathlib import Path

from django.core.management import CommandError, call_command

from demo.processes import DemoError


def load_products(file: Path) -> str:
    """Loads JSON lines as `manage.py import_catalogue` does, and says in a sentence what came of it; safe to repeat.

    Raises `DemoError` for a file that cannot be read or rows that cannot be used; what could be used is loaded.
    """
    said = io.StringIO()
    try:
        call_command("import_catalogue", str(file), stdout=said, stderr=io.StringIO())
    except CommandError as error:
        raise DemoError(
            f"{error}\n`.venv/bin/python manage.py import_catalogue {file} --dry-run` names every row; "
            "`make demo` without CATALOGUE runs with what is there."
        ) from error
    return said.getvalue().splitlines()[0]
