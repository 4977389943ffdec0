"""Makes the groups of the newsroom what the table of roles says: `manage.py keep_roles`, after every migration."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.services.roles import RoleError, keep_roles


class Command(BaseCommand):
    help = "Makes the groups Writer, Editor, Link manager, Moderator and Administrator what reviews/roles.py says."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = keep_roles()
        except RoleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Changed: {', '.join(changed)}." if changed else "The roles are as the table says.")
