"""Where do editors write? Articles with their blocks, authors, what was published, and what came of it."""

from reviews.admin.accounts import AccountAdmin
from reviews.admin.article import ArticleAdmin
from reviews.admin.audit import AuditLineAdmin
from reviews.admin.author import AuthorAdmin
from reviews.admin.comments import CommentAdmin, CommentBanAdmin, CommentWordAdmin
from reviews.admin.corrections import CorrectionAdmin
from reviews.admin.desk_preferences import DeskPreferencesAdmin
from reviews.admin.findings import FindingAdmin
from reviews.admin.issues import IssueAdmin
from reviews.admin.method import MethodVersionAdmin
from reviews.admin.pictures import PictureAdmin
from reviews.admin.quiz_steps import StepsAdmin
from reviews.admin.remarks import CommentPassageAdmin
from reviews.admin.reports import ReportsAdmin
from reviews.admin.revision import RevisionAdmin
from reviews.admin.rules import RulesAdmin
from reviews.admin.watches import WatchAdmin

__all__ = [
    "AccountAdmin",
    "ArticleAdmin",
    "AuditLineAdmin",
    "AuthorAdmin",
    "CommentAdmin",
    "CommentBanAdmin",
    "CommentPassageAdmin",
    "CommentWordAdmin",
    "CorrectionAdmin",
    "DeskPreferencesAdmin",
    "FindingAdmin",
    "IssueAdmin",
    "MethodVersionAdmin",
    "PictureAdmin",
    "ReportsAdmin",
    "RevisionAdmin",
    "RulesAdmin",
    "StepsAdmin",
    "WatchAdmin",
]
