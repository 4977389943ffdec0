"""What is stored: authors, articles, their blocks as they are edited, and revisions as they were published."""

from reviews.models.article import Article
from reviews.models.audit import AuditLine
from reviews.models.author import Author
from reviews.models.block import Block, BlockPicture, BlockProduct
from reviews.models.choice_walk import ChoiceWalk
from reviews.models.comment import Comment, CommentBan, CommentVote, CommentWord
from reviews.models.comment_passage import CommentPassage
from reviews.models.correction import Correction
from reviews.models.desk import ArticleAddress, DraftComment, DraftVersion, EditingSession, StageChange
from reviews.models.desk_preferences import DeskPreferences
from reviews.models.finding import Finding
from reviews.models.letter import LetterArticle
from reviews.models.method import Criterion, MethodVersion, Score, UseCase, Weight
from reviews.models.moved import FormerPath
from reviews.models.picture import Picture
from reviews.models.revision import Revision, RevisionPicture, RevisionProduct
from reviews.models.row_change import RowChange
from reviews.models.shown_comment import ShownComment
from reviews.models.spam import SpamExample, SpamLesson, SpamThreshold
from reviews.models.watch import Watch, WatchChange, WatchEvent, WatchProduct

__all__ = [
    "Article",
    "ArticleAddress",
    "AuditLine",
    "Author",
    "Block",
    "BlockPicture",
    "BlockProduct",
    "ChoiceWalk",
    "Comment",
    "CommentBan",
    "CommentPassage",
    "CommentVote",
    "CommentWord",
    "Correction",
    "Criterion",
    "DeskPreferences",
    "DraftComment",
    "DraftVersion",
    "EditingSession",
    "Finding",
    "FormerPath",
    "LetterArticle",
    "MethodVersion",
    "Picture",
    "Revision",
    "RevisionPicture",
    "RevisionProduct",
    "RowChange",
    "Score",
    "ShownComment",
    "SpamExample",
    "SpamLesson",
    "SpamThreshold",
    "StageChange",
    "UseCase",
    "Watch",
    "WatchChange",
    "WatchEvent",
    "WatchProduct",
    "Weight",
]
