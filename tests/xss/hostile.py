"""What does somebody send who means harm, beyond words that want to become code? As bytes, as they go over the line."""

from __future__ import annotations

from collections.abc import Mapping

from tests.xss.corpus import packed

INNOCENT = b"innocentword417"
LONG = 100_000

HOSTILE: Mapping[str, bytes] = {
    "code": packed(None, 0).encode(),
    "SQL": b"' OR 1=1; DROP TABLE catalog_product; --",
    "a zero byte": b"a\x00b",
    "no UTF-8": b"\xff\xfe\xc0\x80",
    "half a character": b"\xed\xa0\x80",
    "much too long": b"x" * LONG,
    "much too long a number": b"9" * 5_000,
    "many at once": b",".join(b"%d" % number for number in range(3_000)),
    "right to left": "\u202egro.live\u202c \u2066x".encode(),
    "a line of a header": b"x\r\nX-Pwned: 1\r\nSet-Cookie: pwned=1\r\n\r\n<script>pwned=1</script>",
    "another site": b"//evil.example/pwned",
    "another site, in full": b"https://evil.example/pwned",
    "another site, hidden": b"\\/\\evil.example",
    "a formula": b'=HYPERLINK("//evil.example")',
    "no number": b"NaN",
    "an endless number": b"1e999999",
    "a number below zero": b"-1",
    "other digits": "٣".encode(),
    "up and out": b"../../../../etc/passwd",
    "a template": b"{{ settings.SECRET_KEY }}{% debug %}%(x)s{0}",
}
# JSON bodies that are none, or are more than anybody sends.
HOSTILE_JSON: Mapping[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a zero byte": b'{"text": "a\\u0000b"}',
    "half a character": b'{"text": "\\ud800", "\\ud800": 1}',
    "no UTF-8": b'{"text": "\xff\xfe"}',
    "deep": b"[" * LONG,
    "deep objects": b'{"needs":' * 5_000 + b"1" + b"}" * 5_000,
    "a long number": b'{"text": ' + b"9" * 10_000 + b"}",
    "no number": b'{"needs": {"wear_hours_per_day": NaN, "budget": {"max": Infinity, "currency": "USD"}}}',
    "an endless number": b'{"needs": {"budget": {"max": 1e999999, "currency": "USD"}, "user": {"age": 1e400}}}',
    "a list": b"[1, 2]",
    "words": b'"words"',
    "null": b"null",
    "the same twice": b'{"text": "a", "text": {"b": []}}',
    "__proto__": b'{"__proto__": {"pwned": 1}, "constructor": {"prototype": 1}}',
}
