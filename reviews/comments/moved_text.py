"""What does a comment of another system say in the few marks that comments here have? HTML in, markdown-light out."""

from __future__ import annotations

import re

from markdownify import markdownify

from reviews.comments.text import LONGEST_TEXT, clean_text

_LINES = re.compile(r"\r\n?|\n")
_BLANKS = re.compile(r"\n{3,}")
_CUT = " […]"


def moved_text(html: str) -> str:
    """Cleaned, and no longer than a comment may be; empty where nothing is left, of a picture alone say.

    WordPress keeps a comment as it was typed, so that a line's end in it is one that readers saw.
    """
    made = markdownify(
        _LINES.sub("<br>", html),
        strip=["img", "h1", "h2", "h3", "h4", "h5", "h6", "script", "style"],
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        newline_style="BACKSLASH",
    )
    lines = (line.rstrip().removesuffix("\\").rstrip() for line in made.split("\n"))
    text = clean_text(_BLANKS.sub("\n\n", "\n".join(lines)))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(_CUT)] + _CUT
