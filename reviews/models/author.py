"""Who writes and tests, and what do they know about it?"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse


class Author(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="author"
    )
    role = models.CharField(max_length=80, help_text="As printed under the name, e.g. Audio editor.")
    bio = models.TextField(help_text="Two or three sentences for the author box and the author's page.")
    credentials = models.TextField(blank=True, help_text="Training and work that qualify for the subject.")
    tests = ArrayField(models.CharField(max_length=60), default=list, blank=True, help_text="Fields tested in.")
    profile_links = ArrayField(models.URLField(), default=list, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("author", kwargs={"slug": self.slug})
