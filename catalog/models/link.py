"""Where does `/go/<code>/` lead?"""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from catalog.models.offer import Offer


class Link(models.Model):
    """A short address of ours for one offer. The target is built from the offer, so it cannot be somebody else's."""

    class Redirect(models.IntegerChoices):
        FOUND = 302, "302 (not cached)"
        MOVED = 301, "301 (cached by browsers: later clicks are not seen)"
        TEMPORARY = 307, "307"

    code = models.SlugField(max_length=40, unique=True)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="links")
    redirect_status = models.PositiveSmallIntegerField(choices=Redirect, default=Redirect.FOUND)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"/go/{self.code}/"

    def get_absolute_url(self) -> str:
        return reverse("go", kwargs={"code": self.code})
