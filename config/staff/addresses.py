"""Which pages does signing in have? Those of the library that are used, under the desk's own address.

No sign-up, no mailed links, no other sites' accounts: what is not named here does not answer.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions.views import list_usersessions
from django.urls import path

from config.staff import views

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("sign-in/cancel/", account.logout, name="account_logout"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/password/", account.password_change, name="account_change_password"),
    path("sign-in/code/", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/code/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/", views.HowYouSignIn.as_view(), name="mfa_index"),
    path("sign-in/app/", app.activate_totp, name="mfa_activate_totp"),
    path("sign-in/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("sign-in/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("sign-in/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sign-in/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("sign-in/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("sign-in/passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sign-in/passkeys/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("sign-in/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("sign-in/sessions/", list_usersessions, name="usersessions_list"),
    path("sign-in/sessions/<int:number>/end/", views.end_session, name="staff-end-session"),
]
