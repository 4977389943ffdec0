"""The settings, a module a subject; what differs between machines comes from the environment (`.env.example`)."""

from __future__ import annotations

import django_stubs_ext

from config.settings.api import *
from config.settings.apps import *
from config.settings.files import *
from config.settings.locks import *
from config.settings.outside import *
from config.settings.site import *
from config.settings.storage import *
from config.settings.watching import *
from config.settings.work import *

# Lets `admin.ModelAdmin[Product]` and the like say at run time what they say to the type checker.
django_stubs_ext.monkeypatch()
