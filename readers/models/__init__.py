"""What is stored of people who come back: an address, and what its owner agreed to."""

from readers.models.consent import Consent
from readers.models.reader import Reader

__all__ = ["Consent", "Reader"]
