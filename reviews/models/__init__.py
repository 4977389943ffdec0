"""What is stored: authors, articles, their blocks as they are edited, and revisions as they were published."""

from reviews.models.article import Article
from reviews.models.author import Author
from reviews.models.block import Block, BlockProduct
from reviews.models.revision import Revision, RevisionProduct

__all__ = ["Article", "Author", "Block", "BlockProduct", "Revision", "RevisionProduct"]
