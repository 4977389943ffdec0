"""Where do editors write? Articles with their blocks, authors, and what was published."""

from reviews.admin.article import ArticleAdmin
from reviews.admin.author import AuthorAdmin
from reviews.admin.revision import RevisionAdmin

__all__ = ["ArticleAdmin", "AuthorAdmin", "RevisionAdmin"]
