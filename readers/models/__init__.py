"""What is stored of people who come back: an address, what its owner agreed to, and the letters sent there."""

from readers.models.consent import Consent
from readers.models.issue import Delivery, Issue, SenderMark
from readers.models.news import News, NewsLetter
from readers.models.proof import ConsentProof
from readers.models.reader import Reader, masked

__all__ = ["Consent", "ConsentProof", "Delivery", "Issue", "News", "NewsLetter", "Reader", "SenderMark", "masked"]
