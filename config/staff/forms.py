"""What does the sign-in page ask? A name and a password; nobody is remembered longer than the session's limits."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, id_ in (("login", "id_username"), ("password", "id_password")):
            field = self.fields[name]
            field.widget.attrs["id"] = id_
            # A label says it; words in the field would vanish while somebody types.
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
