"""Did a person make this click, or a machine? A guess from what the client says of itself, never an address.

Nothing is dropped: machines' clicks are kept apart from people's (L8, L9). The list of machines is
crawler-user-agents (MIT) without the entries that also match people's browsers, and a few words of our own for the
machines it does not know.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

PERSON, BOT, PREFETCH, STAFF = "person", "bot", "prefetch", "staff"

# Entries of the list that match browsers people hold in their hands: in-app browsers (Facebook, Viber), editors
# with a browser inside, site-specific browsers, and build ids shared by every phone of a series.
MATCHES_PEOPLE = frozenset(
    {
        "AP3A\\.240617\\.008",
        "Code\\/1\\.",
        "Fetch\\/",
        "Fluid",
        "MetaIAB Facebook",
        "Miniature\\.io\\/",
        "Sonic",
        "Trae\\/",
        "Viber",
    }
)

# Words by which machines name themselves; `cubot` is a maker of phones.
_MACHINE_WORDS = re.compile(
    r"(?<!cu)bots?\b|crawl|spider|scrap[ei]|slurp|preview|headless|phantomjs|selenium|puppeteer|playwright|cypress"
    r"|^(?:curl|wget|python|java|go-http-client|okhttp|axios|node|ruby|perl|php|libwww|lwp|httpie|postman)\b"
    r"|facebook(?:externalhit|platform|catalog)|validator|monitor|lighthouse|uptime|pingdom|archiv|synthetics"
    r"|feed(?:fetch|burner|read|parser)|(?<![a-z0-9])rss|rss(?![a-z0-9])|subscribers|safelinks|check(?:er)?\b|probe|parser\b|analy[sz]er|proxy"
    r"|mediapartners|googleweblight|google-|whatsapp/|health|http-?client|\brest-|indexer|site24x7|burpcollaborator"
    # a machine's owner leaves an address for complaints; browsers never do
    r"|https?://|mailto:|\w@[a-z][\w-]*\.[a-z]{2}|\+http"
    # few browsers, all of them old, call themselves compatible without being machines
    r"|compatible;(?! ?(?:msie|konqueror|windows|googletoolbar|u;|ibrowse|amiga|netpositive|webpositive|ms-office))",
    re.IGNORECASE,
)
# Every browser since the nineties says it is a Mozilla (or an Opera) on some system.
_LOOKS_LIKE_A_BROWSER = re.compile(
    r"^(?:mozilla|opera|dalvik|lynx|links|mozacfetch|viber|googleapp|pinterest)/\d|\(.{6,}\)|cfnetwork/|fban/"
    r"|profile/midp|up\.browser",
    re.IGNORECASE,
)
_CHUNK = 25  # alternatives per expression: one huge expression is slower than a few dozen small ones


class Agent(NamedTuple):
    kind: str
    reason: str


@cache
def _listed() -> tuple[re.Pattern[str], ...]:
    patterns = [entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA if entry["pattern"] not in MATCHES_PEOPLE]
    return tuple(re.compile("|".join(patterns[at : at + _CHUNK])) for at in range(0, len(patterns), _CHUNK))


@lru_cache(maxsize=20_000)
def classify(user_agent: str, hint: str = "") -> Agent:
    """Who clicked. `hint` is what the request itself gave away: `prefetch:<header>`, `bot:<why>`, `staff:<why>`, or
    nothing.

    The reason says what gave a machine away and is empty for a person; it never contains the user agent as a whole.
    """
    kind, _, why = hint.partition(":")
    if kind in (PREFETCH, BOT, STAFF):
        return Agent(kind, why[:60])
    if not user_agent.strip():
        return Agent(BOT, "no user agent")
    found = _MACHINE_WORDS.search(user_agent)
    if found is None:
        found = next((match for pattern in _listed() if (match := pattern.search(user_agent))), None)
    if found is not None:
        return Agent(BOT, found[0].strip()[:60])
    return Agent(PERSON, "") if _LOOKS_LIKE_A_BROWSER.search(user_agent) else Agent(BOT, "not a browser's user agent")
