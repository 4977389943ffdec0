"""`manage.py forget_second_factor NAME`: who lost phone and codes sets up a new one at the next sign-in."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from config.staff import log


class Command(BaseCommand):
    help = "Takes an account's second factors away and ends its sessions; the password stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="Whose: the name they sign in with.")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"No account is called {username!r}.")
        with transaction.atomic():
            found, _ = Authenticator.objects.filter(user_id=user.pk).delete()
            for session in UserSession.objects.filter(user_id=user.pk):
                session.end()
            log.write(user, "Second factors were forgotten and sessions ended, by command on the machine.")
        self.stdout.write(f"{username} had {found} of them and sets up a new one at the next sign-in.")
