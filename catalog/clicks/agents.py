"""Did a person make this click, or a machine? A guess from what the client says of itself, never an address.

Nothing is dropped: machines' clicks are kept apart from people's (L8, L9). The list of machines is
crawler-user-agents (MIT) without the entries that also match people's browsers, a newer copy of it where
`update_bot_list` fetched one, and words of our own for the machines it does not know.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

logger = logging.getLogger(__name__)

PERSON, BOT, PREFETCH, STAFF = "person", "bot", "prefetch", "staff"

# Entries of the list that match browsers people hold in their hands: in-app browsers (Facebook, Viber), editors
# with a browser inside, site-specific browsers, build ids shared by every phone of a series, and browsers that a person
# starts to try a page.
MATCHES_PEOPLE = frozenset(
    {
        "AP3A\\.240617\\.008",
        "Code\\/1\\.",
        "Fetch\\/",
        "Fluid",
        "GTmetrix",
        "MetaIAB Facebook",
        "Miniature\\.io\\/",
        "Sonic",
        "TSM-turingos",
        "Trae\\/",
        "Viber",
        "YLT Chrome",
    }
)

# Words by which machines name themselves; `cubot` is a maker of phones.
_MACHINE_WORDS = re.compile(
    r"(?<!cu)bots?\b|crawl|spider|scrap[ei]|slurp|preview|headless|phantomjs|selenium|puppeteer|playwright|cypress"
    r"|^(?:curl|wget|python|java|go-http-client|okhttp|axios|node|ruby|perl|php|lwp|httpie|postman|grpc|apache)\b"
    r"|^libwww(?!/[\d.]+ \(linux; android)|facebook(?:externalhit|platform|catalog)|validator|monitor|lighthouse|uptime"
    r"|pingdom|archiv|synthetics|feed(?:fetch|burner|read|parser)|(?<![a-z0-9])rss|rss(?![a-z0-9])|subscribers"
    r"|safelinks|check(?:er)?\b|probe|parser\b|analy[sz]er|proxy|mediapartners|googleweblight|google(?:-|messages|ads)"
    r"|-google/|whatsapp/|health|http-?client|\brest-|indexer|index\b|site24x7|burpcollaborator"
    # what looks after sites, and what looks for holes in them
    r"|(?<!cam)scann?er|scans\b|scanning|inspect|classifier|\baudit|diagnostics?\b|observatory|measurement|patchwatch|infrawatch"
    r"|nuclei\b|clamav|purify|prospect|lead-?(?:gen|radar)|page ?speed|search console|transcoder|webmoney|devtools"
    r"|functionize|convertify|whatcms|azure-logic-apps|dejaclick|gomez|iplabel|thumbor"
    r"|daum(?:oa)?[ /]\d|sparkler|firephp|swcd\b|igetter|downcast|readkit|^reeder/|^duckduckgo/|^ddg_android"
    # what reads pages for a model or on somebody's behalf
    r"|agent(?:-|/|\b)|-user\b|external(?:agent|fetcher)|(?:page|link|url)-?fetch|fetcher|download(?:er)?\b|openai|chatgpt"
    r"|claude|perplexity|notebooklm|lightpanda|opencode|\bcursor/\d|amazon-q|kendra|novaact|panscient|-extended\b"
    r"|-additional|yandexadditional|awario|tabstack|laion"
    # a machine's owner leaves an address for complaints; browsers never do
    r"|https?://|mailto:|\w@[a-z][\w-]*\.[a-z]{2}|@local|\+http|\(www\."
    # few browsers, all of them old, call themselves compatible without being machines
    r"|compatible;(?! ?(?:msie (?!or )|konqueror|windows|googletoolbar|u;|ibrowse|amiga|netpositive|webpositive"
    r"|ms-office))",
    re.IGNORECASE,
)
# What only looks like a browser: a Mozilla that names no system, one of a number there never was, one behind a name,
# the time of a test run.
_HALF_A_BROWSER = re.compile(
    r"^mozilla/5\.0 (?!applewebkit|gecko|mobile)[a-z][\w.-]*(?:/|$| \d)|^mozilla/[6-9](?!.*amiga)"
    r"|^mozilla/\d\.0 \((?:compatible|[a-z][a-z0-9./-]*)\)(?: applewebkit/[\d.]+ \(khtml, like gecko\))?$"
    r"|^(?!mozilla)[a-z]{3,12}(?:, |\|)mozilla/|\btime/\d{12}",
    re.IGNORECASE,
)
# Every browser since the nineties says it is a Mozilla (or an Opera) on some system.
_LOOKS_LIKE_A_BROWSER = re.compile(
    r"^(?:mozilla|opera|dalvik|lynx|links|mozacfetch|viber|googleapp|pinterest)/\d|\(.{6,}\)|cfnetwork/|fban/"
    r"|profile/midp|up\.browser|windows phone|amiga|sonos/\d|streaming player",
    re.IGNORECASE,
)
LOOK_SECONDS = 30.0
_CHUNK = 25  # alternatives per expression: one huge expression is slower than a few dozen small ones


class Agent(NamedTuple):
    kind: str
    reason: str


class _List:
    """The patterns in use: those that came with the program, or those of the file it was told to follow."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self._seen: tuple[int, int] | None = None
        self._look_at = 0.0
        self._expressions: tuple[re.Pattern[str], ...] = ()

    @property
    def expressions(self) -> tuple[re.Pattern[str], ...]:
        if not self._expressions:  # not at import: it takes half a second, and most processes ask nothing
            self._expressions = _joined([entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA])
        return self._expressions

    def follow(self, file: Path) -> None:
        self.file, self._look_at = file, 0.0

    def look(self) -> None:
        """Read the file anew when it changed; a broken one is left alone and said once."""
        now = time.monotonic()
        if self.file is None or now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        try:
            stat = self.file.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
            if seen != self._seen:
                self._seen = seen
                self._expressions = _joined(json.loads(self.file.read_bytes())["patterns"])
                _judged.cache_clear()
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, re.error) as error:
            logger.error("The bot list %s cannot be read (%s); the one before stays in use.", self.file, error)


def follow(file: Path) -> None:
    """Use the list in this file when there is one, and look every half minute whether it changed (per process)."""
    _list.follow(file)


def _joined(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    wanted = [pattern for pattern in patterns if pattern not in MATCHES_PEOPLE]
    return tuple(
        re.compile("|".join(f"(?:{pattern})" for pattern in wanted[at : at + _CHUNK]))
        for at in range(0, len(wanted), _CHUNK)
    )


def classify(user_agent: str, hint: str = "") -> Agent:
    """Who clicked. `hint` is what the request gave away: `prefetch:<header>`, `bot:<why>`, `staff:<why>` or nothing.

    The reason says what gave a machine away and is empty for a person; it never contains the user agent as a whole.
    """
    if hint:
        kind, _, why = hint.partition(":")
        if kind in (PREFETCH, BOT, STAFF):
            return Agent(kind, why[:60])
    _list.look()
    return _judged(user_agent)


@lru_cache(maxsize=20_000)
def _judged(user_agent: str) -> Agent:
    if not user_agent.strip():
        return Agent(BOT, "no user agent")
    found = _MACHINE_WORDS.search(user_agent) or _HALF_A_BROWSER.search(user_agent)
    if found is None:
        found = next((match for pattern in _list.expressions if (match := pattern.search(user_agent))), None)
    if found is not None:
        return Agent(BOT, found[0].strip()[:60])
    return Agent(PERSON, "") if _LOOKS_LIKE_A_BROWSER.search(user_agent) else Agent(BOT, "not a browser's user agent")


_list = _List()
