#!/usr/bin/env python3
"""Every command of the site. With no DATABASE_URL / REDIS_URL it joins the embedded services first."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here. Run `make install`, then `.venv/bin/python manage.py …`.")

    from config import embedded
    from config.acting import Actor, acting

    try:
        embedded.join()
    except embedded.EmbeddedServiceError as error:
        sys.exit(f"{error}")
    with acting(lambda: Actor("command", sys.argv[1] if len(sys.argv) > 1 else "")):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
