"""Edits such as editors make, one after the other, on the demo's longest guide; and what became of which words.

`became`: passages whose words the edit changed, and their new ones; "" where they are gone. All others have to be found
with the words they had.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]
Change = Callable[[list[Block]], None]


@dataclass(frozen=True)
class Edit:
    name: str
    change: Change
    became: Mapping[str, str] = field(default_factory=dict)


def _holds(value: Any, words: str) -> bool:
    if isinstance(value, str):
        return words in " ".join(value.split())
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_holds(one, words) for one in parts)


def _said(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        line = " ".join(value.split())
        return line.replace(old, new) if old in line else value
    if isinstance(value, dict):
        return {key: _said(one, old, new) for key, one in value.items()}
    return [_said(one, old, new) for one in value] if isinstance(value, list) else value


def _with(blocks: list[Block], words: str) -> int:
    found = [place for place, block in enumerate(blocks) if _holds(block["data"], words)]
    assert len(found) == 1, (words, found)
    return found[0]


def say(old: str, new: str) -> Change:
    def change(blocks: list[Block]) -> None:
        place = _with(blocks, old)
        blocks[place]["data"] = _said(blocks[place]["data"], old, new)

    return change


def both(*changes: Change) -> Change:
    def change(blocks: list[Block]) -> None:
        for one in changes:
            one(blocks)

    return change


def move(words: str, *, before: str) -> Change:
    """A whole block."""

    def change(blocks: list[Block]) -> None:
        block = blocks.pop(_with(blocks, words))
        blocks.insert(_with(blocks, before), block)

    return change


def carry(paragraph: str, *, into: str) -> Change:
    """A paragraph goes to the end of another block, which is known by words in it."""

    def change(blocks: list[Block]) -> None:
        say(paragraph, "")(blocks)
        place = _with(blocks, into)
        blocks[place]["data"]["html"] = " ".join(blocks[place]["data"]["html"].split()) + paragraph

    return change


def insert(block: Block, *, before: str) -> Change:
    return lambda blocks: blocks.insert(_with(blocks, before), {**block, "data": dict(block["data"])})


def drop(words: str) -> Change:
    def change(blocks: list[Block]) -> None:
        blocks.pop(_with(blocks, words))

    return change


def part(at: str) -> Change:
    """A block becomes two where this heading begins; the second gets a key of its own."""

    def change(blocks: list[Block]) -> None:
        place = _with(blocks, at)
        html = " ".join(blocks[place]["data"]["html"].split())
        first, _, second = html.partition(at)
        blocks[place]["data"] = {"html": first}
        blocks.insert(place + 1, {"key": f"{blocks[place]['key']}b", "kind": "prose", "data": {"html": at + second}})

    return change


def join(first: str, second: str) -> Change:
    """The block with the second words goes into the one with the first; its key is gone."""

    def change(blocks: list[Block]) -> None:
        gone = blocks.pop(_with(blocks, second))
        place = _with(blocks, first)
        blocks[place]["data"]["html"] += gone["data"]["html"]

    return change


def recast(words: str, key: str, kind: str, make: Callable[[Block], dict[str, Any]]) -> Change:
    """The block becomes one of another kind, under a new key, as an editor does it who writes it anew."""

    def change(blocks: list[Block]) -> None:
        place = _with(blocks, words)
        blocks[place] = {"key": key, "kind": kind, "data": make(blocks[place])}

    return change


_PRICES = (
    "<p>Neither kind is the expensive one. You can have a respectable wired earphone for about 20 dollars, and a "
    "headphone for the mastering desk for more than a thousand. Plain headsets for the office or the console mostly "
    "live between 30 and 100 dollars. Gaming flagships approach and pass 200, and aviation headsets start where other "
    "lists end. Decide on the kind first, then let the budget choose the model; the other way round, you pay for the "
    "wrong things at a good price.</p>"
)
_NOTE = {
    "key": "new-note",
    "kind": "callout",
    "data": {
        "text": "Borrow before you buy: an hour with a friend's pair tells you more about comfort than any table. "
        "Neither kind owns comfort, and no list can wear a pair for you."
    },
}
_LATER = {
    "key": "new-later",
    "kind": "prose",
    "data": {
        "html": "<h2>What we would ask in the shop</h2><p>Does the boom come off? Is there a switch for the microphone "
        "that can be found by touch? Which parts can be replaced, and for how long?</p><p>They come with a cable or a "
        "radio, usually Bluetooth, so ask about the cable as well.</p>"
    },
}

EDITS: tuple[Edit, ...] = (
    Edit(
        "a sentence is reworded",
        say(
            "Choosing well has little to do with taste and a great deal to do with what you will be doing on an "
            "ordinary Tuesday.",
            "Choosing well is less a matter of taste than of what you will be doing on an ordinary Tuesday afternoon.",
        ),
        {
            "Choosing well has little to do with taste and a great deal to do with what you will be doing on an "
            "ordinary Tuesday.": "Choosing well is less a matter of taste than of what you will be doing on an "
            "ordinary Tuesday afternoon."
        },
    ),
    Edit(
        "a slip is put right in a short passage",
        say("you pay for the wrong thing at a good price", "you pay for the wrong things at a good price"),
        {
            "Decide on the kind first, then let the budget choose the model; the other way round, you pay for the "
            "wrong thing at a good price.": "Decide on the kind first, then let the budget choose the model; the other "
            "way round, you pay for the wrong things at a good price."
        },
    ),
    Edit("a block is put in before", insert(_NOTE, before="What headphones are")),
    Edit("a whole block moves", move("Portability", before="When a headset is the better buy")),
    Edit(
        "a paragraph moves within its block",
        both(
            say(_PRICES, ""),
            say("<h2>Comfort</h2>", f"{_PRICES}<h2>Comfort</h2>"),
        ),
    ),
    Edit(
        "a paragraph is deleted",
        say(
            "<p>They are also private. Closed cups keep your music from your neighbours and part of your neighbours "
            "from your music. They come with a cable or a radio, usually Bluetooth, and the better ones take long wear "
            "seriously: adjustable band, soft pads, light materials. Most carry no microphone worth the name. Where "
            "there is one, in the cable or the cup, think of it as a courtesy for the occasional call.</p>",
            "",
        ),
        {
            "They are also private.": "",
            "Closed cups keep your music from your neighbours and part of your neighbours from your music.": "",
            "They come with a cable or a radio, usually Bluetooth, and the better ones take long wear seriously: "
            "adjustable band, soft pads, light materials.": "",
            "Most carry no microphone worth the name.": "",
            "Where there is one, in the cable or the cup, think of it as a courtesy for the occasional call.": "",
            "long wear seriously": "",
        },
    ),
    Edit("words that look like the deleted ones arrive elsewhere", insert(_LATER, before="Verdict")),
    Edit("a block is split at a heading", part("<h2>Types of headsets</h2>")),
    Edit("two blocks become one", join("Types of headphones", "Headsets are named after the people who wear them.")),
    Edit(
        "a paragraph is split in the middle",
        say(
            "how carefully the driver, the cup and the pad were matched counts for more. The range",
            "how carefully the driver, the cup and the pad were matched counts for more.</p><p>The range",
        ),
    ),
    Edit(
        "a figure is corrected",
        say("mostly live between 30 and 100 dollars", "mostly live between 25 and 120 dollars"),
        {
            "Plain headsets for the office or the console mostly live between 30 and 100 dollars.": "Plain headsets "
            "for the office or the console mostly live between 25 and 120 dollars.",
            "between 30 and 100 dollars": "between 25 and 120 dollars",
        },
    ),
    Edit(
        "a card becomes prose",
        recast(
            "Open-backed, light for its size",
            "card-as-prose",
            "prose",
            lambda block: {"html": f"<p>{' '.join(block['data']['text'].split())}</p>"},
        ),
        # The badge of the card is nowhere any more.
        {"For listening at home": ""},
    ),
    Edit(
        "a clause is put into a sentence",
        say(
            "A headset plays whatever headphones play.",
            "A headset plays, from a hymn to a drum solo, whatever headphones play.",
        ),
        {
            "A headset plays whatever headphones play.": "A headset plays, from a hymn to a drum solo, "
            "whatever headphones play."
        },
    ),
    Edit(
        "a clause is cut from a sentence",
        say(
            ", until the day you join a meeting and nobody can make out what you say, or carry a boom microphone "
            "through an airport for the sake of an album.",
            ", until the day you join a meeting and nobody can make out what you say.",
        ),
        {
            "The words are used as though they meant the same thing, until the day you join a meeting and nobody can "
            "make out what you say, or carry a boom microphone through an airport for the sake of an album.": "The "
            "words are used as though they meant the same thing, until the day you join a meeting and nobody can make "
            "out what you say.",
            "carry a boom microphone through an airport": "",
        },
    ),
    Edit(
        "two sentences become one",
        say(
            "Neither kind owns it. Look for low weight,",
            "Neither kind owns it, so look for low weight,",
        ),
    ),
    Edit(
        "list items change their order",
        both(
            say(
                "<li><strong>Podcasts, audiobooks and radio</strong>, in a chair or on a walk.</li>",
                "",
            ),
            say(
                "<li><strong>Commuting, travel and sport.</strong>",
                "<li><strong>Podcasts, audiobooks and radio</strong>, in a chair or on a walk.</li>"
                "<li><strong>Commuting, travel and sport.</strong>",
            ),
        ),
    ),
    Edit(
        "a paragraph goes to another block",
        carry(
            "<p>In traffic, on foot, on a bicycle or at a wheel, leave at least one ear open or choose an open design. "
            "The most important sound of the day may be a lorry.</p>",
            into="When headphones are the better buy",
        ),
    ),
    Edit(
        "a question of the FAQ is answered anew",
        say(
            "With a soft, dry cloth, and no liquid. Remove ear tips or foam covers and brush the openings gently with "
            "a dry toothbrush, facing down so that crumbs fall out.",
            "Unplug them first. Then take a cloth that is barely damp, never anything that drips, and let all of it "
            "dry for an hour.",
        ),
        {
            "With a soft, dry cloth, and no liquid.": "",
            "Remove ear tips or foam covers and brush the openings gently with a dry toothbrush, facing down so that "
            "crumbs fall out.": "",
        },
    ),
    Edit(
        "a block is deleted",
        drop("For days of meetings"),
        {
            "For days of meetings": "",
            "A light pair for work with a boom that swings out of the way and mutes as it goes.": "",
            "The pads rest on the ear, which some people stop noticing and others never do.": "",
        },
    ),
    Edit(
        "style only: other quotation marks, capitals, bold words",
        both(
            say("Even the presence of <em>a</em> microphone", "Even the presence of a microphone"),
            say("Cups large enough to go around the ear.", "Cups LARGE enough to go around the ear."),
            say("It, too, is sold with a cable or without.", "It too is sold with a cable – or without."),
        ),
    ),
    Edit(
        "two sentences side by side are reworded",
        say(
            "Judge it on how a voice comes across in the place where you will really use it, and remember that",
            "Judge it by how your voice comes across where you will really be using it, and do not forget that",
        ),
        {
            "Judge it on how a voice comes across in the place where you will really use it, and remember that a "
            "microphone that suppresses noise and cups that cancel it are two separate things.": "Judge it by how your "
            "voice comes across where you will really be using it, and do not forget that a microphone that suppresses "
            "noise and cups that cancel it are two separate things."
        },
    ),
    Edit(
        "half of a sentence says something else",
        say(
            "Small hands-free pieces, many for one ear only, for drivers, couriers and anyone who talks with both "
            "hands full.",
            "Small hands-free pieces, most for one ear only, which suit couriers, nurses and whoever has both hands "
            "full.",
        ),
        {
            "Small hands-free pieces, many for one ear only, for drivers, couriers and anyone who talks with both "
            "hands full.": "Small hands-free pieces, most for one ear only, which suit couriers, nurses and whoever "
            "has both hands full."
        },
    ),
    Edit(
        "sentences change places within their paragraph",
        say(
            "Consoles differ in what radio they accept, desk phones want a base or a quick-disconnect cord, aircraft "
            "want twin plugs or a helicopter's single one, and many phones no longer have a jack. An adapter solves "
            "some of that and none of the rest: no cable makes a console accept a radio it does not speak.",
            "An adapter solves some of that and none of the rest: no cable makes a console accept a radio it does not "
            "speak. Consoles differ in what radio they accept, desk phones want a base or a quick-disconnect cord, "
            "aircraft want twin plugs or a helicopter's single one, and many phones no longer have a jack.",
        ),
    ),
    Edit(
        "a sentence is said a second time elsewhere",
        say(
            "You can turn music down.",
            "You can turn music down. No cable makes a console accept a radio it does not speak.",
        ),
    ),
    Edit(
        "a heading and the sentence under it are changed",
        both(
            say("<h2>Portability</h2>", "<h2>Carrying them about</h2>"),
            say(
                "Headphones have the advantage, because there is less of them.",
                "Headphones have a clear advantage here, simply because there is less of them.",
            ),
        ),
        {
            "Portability": "",
            "Headphones have the advantage, because there is less of them.": "Headphones have a clear advantage here, "
            "simply because there is less of them.",
        },
    ),
)

# Beside every sentence of the article: parts of sentences, as people mark them.
PHRASES: tuple[str, ...] = (
    "ordinary Tuesday",
    "rather answer a few questions",
    "the part that turns an electrical signal into moving air",
    "a rarer few an electrostatic membrane",
    "long wear seriously",
    "carry a boom microphone through an airport",
    "between 30 and 100 dollars",
    "80 decibels for forty hours a week",
    "good enough to rely on",
    "a second capsule for telling the two apart",
    "fuller in sound than most cheap buds",
    "play their opposite",
    "a quick-disconnect plug",
    "hinges, cords, headbands",
    "keep it audible",
    "adds nothing but a boom",
    "half of the quality is heard by somebody else",
    "soft, thick pads or for buds",
    "no cable makes a console accept a radio",
    "hearing protection",
    "satisfy the talking first",
    "take a low-latency radio",
    "persistent ringing",
    "worth more than a better cymbal",
)
