"""Locks and bars: sign-in, headers, cookies, sizes."""

from __future__ import annotations

from csp.constants import NONCE, NONE, SELF

from config import env
from config.settings.site import ADMIN_ORIGIN, IS_HTTPS, SITE_NAME, SITE_URL

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]
# Whoever signs in to the desk shows a second factor. 0 only where nothing is at stake: the demo.
ADMIN_REQUIRE_MFA = env.flag("ADMIN_REQUIRE_MFA", default=True)
# Who does nothing at the desk for so long is signed out, and everybody so long after signing in.
ADMIN_IDLE_MINUTES = env.integer("ADMIN_IDLE_MINUTES", 120)
ADMIN_SESSION_HOURS = env.integer("ADMIN_SESSION_HOURS", 12)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "config.staff.adapter.StaffAdapter"
ACCOUNT_FORMS = {"login": "config.staff.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# By network and by account, counted in Redis for all processes (config/staff/adapter.py says them in words).
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "50/15m/ip,10/15m/key"}
MFA_ADAPTER = "config.staff.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = SITE_NAME
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Browsers offer passkeys over https, and on this machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        # The nonce is printed only by answers that ask for one: the admin's editor with its import map.
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # A string becomes HTML only by the two scripts that read a page of ours (config/resource_policy.py: not where
        # other people's scripts run).
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["own-page"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=IS_HTTPS)
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000 if IS_HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
BEHIND_PROXY = env.flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
# `__Host-`: browsers take such a cookie only over https, for this very host.
SESSION_COOKIE_NAME = f"{'__Host-' * IS_HTTPS}sessionid"
SESSION_COOKIE_AGE = ADMIN_IDLE_MINUTES * 60
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
# Not "Strict": mails to the newsroom lead to its pages, which would ask everybody to sign in again.
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{'__Host-' * IS_HTTPS}csrftoken"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_TRUSTED_ORIGINS = list({SITE_URL, ADMIN_ORIGIN})
X_FRAME_OPTIONS = "DENY"
# An article of a thousand blocks is one form. What is larger is refused in words (config/too_large.py).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000
