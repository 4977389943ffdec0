"""Is the machine told what it needs? System checks `earmark.E…` and `earmark.W…`, for every variable that can be wrong.

A message says what is wrong, the hint where and what to do. `manage.py check` asks all but the services; PostgreSQL is
asked by `check --database default` and before every migration, Redis with `--deploy` too. Web and worker write what is
found into their log when they start (`at_start`), and start all the same: the redirect answers with half of the machine
away.
"""

from __future__ import annotations

from config.checks import addresses, files, mail, numbers, services, site

__all__ = ["addresses", "files", "mail", "numbers", "services", "site"]
