"""Where does an address lead that readers still have from before the site moved here?"""

from __future__ import annotations

from django.urls import reverse

from reviews.models import Article, FormerPath


def former_path(path: str) -> str | None:
    """The path of ours that took its place; None when there is none that readers can see. One query."""
    wanted = "/" + path.strip("/")
    if len(wanted) > 300 or "\x00" in wanted:  # no address of ours, and none that the database could look for
        return None
    found = FormerPath.objects.select_related("article").filter(path=wanted).first()
    if found is None:
        return None
    if found.article is None:
        return reverse("go", kwargs={"code": found.code})
    return found.article.get_absolute_url() if found.article.status == Article.Status.PUBLISHED else None
