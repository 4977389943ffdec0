"""Where do editors write? Articles with their blocks, authors, what was published, and what came of it."""

from reviews.admin.article import ArticleAdmin
from reviews.admin.author import AuthorAdmin
from reviews.admin.findings import FindingAdmin
from reviews.admin.reports import ReportsAdmin
from reviews.admin.revision import RevisionAdmin

__all__ = ["ArticleAdmin", "AuthorAdmin", "FindingAdmin", "ReportsAdmin", "RevisionAdmin"]
