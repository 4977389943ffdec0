"""Which words does the reader listen for? `words.yaml`, compiled once: section → name → one pattern of whole words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("words.yaml")


@cache
def section(name: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of one section of the file. Raises ValueError naming the entry when one cannot be compiled."""
    return {key: _pattern(name, key, words) for key, words in _words()[name].items()}


@cache
def _words() -> Mapping[str, Mapping[str, list[str]]]:
    data: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return data


def _pattern(name: str, key: str, words: list[str]) -> re.Pattern[str]:
    try:
        return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")
    except re.error as error:
        raise ValueError(f"{FILE.name}, {name}.{key}: not a pattern: {error}. Correct the line.") from error
