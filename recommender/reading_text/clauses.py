"""What is said in each thought of a text, and is it denied? Phrases found in clauses, and how far denials reach."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from recommender.reading_text.lexicon import GAP_WIDTH, LEAST_LETTERS, Element, Lexicon, lexicon, slip
from recommender.reading_text.tokens import Thought, meeting_programme, plain, singular, thoughts, unaccented

__all__ = ["Clause", "Hit", "Reading", "reading_of"]

# A denial reaches this many words to the right, unless one of the turning words comes between.
REACH = 6
# A list after a denial goes on in clauses of at most this many words: "no calls, no games, no sport", "not a, b or c".
LIST_ITEM = 4
# So many activities in a clause are not taken back by one word that only corrects.
MANY = 2
CORRECTIONS = (("no",), ("nope",), ("nah",))
OURSELVES = frozenset(("i", "me", "we", "us"))
# What may hold a slip; numbers and short words are taken as they stand.
LONG_WORD = re.compile(rf"[^\W\d_]{{{LEAST_LETTERS},}}")
# Three ways of saying no: it is not so, it is over, it is not liked.
DENIALS = ("denial", "over", "dislike")
# What somebody once was or did; where they live and what they wish for goes on.
DOINGS = frozenset(("activities", "games", "jobs", "hints"))


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase the lexicon knows: the section and name it stands for, and the words it covers (end excluded)."""

    section: str
    name: str
    begin: int
    end: int


@dataclass(slots=True)
class Clause:
    words: tuple[str, ...]
    hits: list[Hit]
    opens: bool
    denied_throughout: bool = False
    _denied: dict[int, bool] = field(default_factory=dict)

    def found(self, section: str, *names: str) -> Iterator[Hit]:
        """Hits that stand here, denied or not."""
        return (hit for hit in self.hits if hit.section == section and (not names or hit.name in names))

    def says(self, section: str, *names: str) -> bool:
        return any(not self.denies(hit) for hit in self.found(section, *names))

    def mentions(self, section: str, *names: str) -> bool:
        return any(True for _ in self.found(section, *names))

    @property
    def is_of_another(self) -> bool:
        """`My wife is a dispatcher and talks all night`: nothing in it is said of the one who asks."""
        return OURSELVES.isdisjoint(self.words) and any(person.begin == 0 for person in self.found("people"))

    def deny(self, hit: Hit) -> None:
        """Takes back what is said here, and no more of the clause."""
        self._denied[hit.begin] = True

    def denies(self, hit: Hit) -> bool:
        if self.denied_throughout:
            return True
        if (hit.section == "activities" or hit.name == "own") and self._broken(hit):
            return True
        if hit.begin not in self._denied:
            self._denied[hit.begin] = self._denied_before(hit) or self._denied_after(hit)
        return self._denied[hit.begin]

    def _broken(self, hit: Hit) -> bool:
        """`My PC has no mic` is not `my mic`: a gap has swallowed the denial."""
        return any(
            hit.begin < denial.begin < hit.end and self.words[denial.begin] != "without"
            for denial in self.found("speech", *DENIALS)
        )

    def denied_by(self, hit: Hit, *ways: str) -> bool:
        """Whether one of these ways of saying no stands before the hit and reaches it."""
        turns = [turn.begin for turn in self.found("speech", "turn")]
        for denial in self.found("speech", *ways):
            if denial.end <= hit.begin <= denial.end + REACH and not any(
                denial.end <= turn < hit.begin for turn in turns
            ):
                return True
        return False

    def _denied_before(self, hit: Hit) -> bool:
        # "I was going to keep my mic for Valorant" changes its mind about the microphone, not about the game
        if self.denied_by(hit, *DENIALS, *(("planned",) if hit.section == "mic" else ())):
            return True
        # a former pilot may listen to opera: what is over is the word right behind, if it is something one does
        pasts = [past for past in self.found("speech", "past") if past.end <= hit.begin <= past.end + 1]
        return any(hit.section in DOINGS or self.words[past.begin] == "not" for past in pasts)

    def _denied_after(self, hit: Hit) -> bool:
        behind = self.words[hit.end : hit.end + 1]
        if behind == ("nothing",) or (behind and self.words[-1] == "no"):
            # "I narrate nothing", "swimming no, running yes"
            return True
        return any(denial.begin >= hit.end for denial in self.found("speech", "denial_after"))


class Reading:
    """A text as clauses; answers what it says anywhere."""

    def __init__(self, clauses: Iterable[Clause], text: str) -> None:
        self.clauses = tuple(clauses)
        self.text = text
        self._mentioned: dict[str, set[str]] = {}
        self._said: dict[str, list[str]] = {}
        for clause in self.clauses:
            for hit in clause.hits:
                self._mentioned.setdefault(hit.section, set()).add(hit.name)
                if not clause.denies(hit):
                    self._said.setdefault(hit.section, []).append(hit.name)

    def says(self, section: str, *names: str) -> bool:
        said = self._said.get(section, ())
        return any(name in said for name in names) if names else bool(said)

    def mentions(self, section: str, *names: str) -> bool:
        mentioned = self._mentioned.get(section, set())
        return not mentioned.isdisjoint(names) if names else bool(mentioned)

    def names(self, section: str) -> list[str]:
        """Names of the section that are said and not denied, in the order of the text."""
        return list(dict.fromkeys(self._said.get(section, ())))


def reading_of(text: str) -> Reading:
    """The text as clauses with everything the lexicon knows in them."""
    words = lexicon()
    whole = LONG_WORD.sub(lambda hit: _mended(hit.group(), words), meeting_programme(plain(text)))
    clauses = [_clause(thought, words) for thought in _with_openers(thoughts(whole), words)]
    _carry_denials(clauses)
    # "For calls? Never." takes back what stands before it
    answers = [*clauses[1:], None][: len(clauses)]
    kept = [clause for clause, answer in zip(clauses, answers, strict=True) if not _taken_back(clause, answer)]
    # what others say about the person is not what the person does, unless nothing else tells what is done
    own = [clause for clause in kept if not _hearsay(clause)]
    return Reading(own if any(map(_tells, own)) else kept, whole)


def _with_openers(found: Iterable[Thought], words: Lexicon) -> Iterator[Thought]:
    """`Sometimes, once a month, I pick up a call`: how often belongs to what follows it in the same sentence."""
    waiting: Thought | None = None
    for thought in found:
        if waiting and thought.opens:
            yield waiting
            waiting = None
        whole = Thought((*waiting.words, *thought.words), waiting.opens) if waiting else thought
        only_how_often = whole.opens and _says_how_often(_clause(whole, words))
        if only_how_often:
            waiting = whole
        else:
            yield whole
            waiting = None
    if waiting:
        yield waiting


def _says_how_often(clause: Clause) -> bool:
    """Nothing but how often, each word of it."""
    covered = {place for hit in clause.found("speech", "seldom") for place in range(hit.begin, hit.end)}
    return len(covered) == len(clause.words)


def _clause(thought: Thought, words: Lexicon) -> Clause:
    spelled = tuple(meant for word in thought.words for meant in words.spellings.get(word, (word,)))
    return Clause(spelled, _longest(_hits(spelled, words)), thought.opens)


def _mended(typed: str, known: Lexicon) -> str:
    """The word without its slip of one letter, when it can be told which is meant; else as it was typed."""
    word = singular(unaccented(typed))
    if word in known.spellings or word in known.words or len(typed) < LEAST_LETTERS:
        return typed
    return _nearest(typed, known)


def _nearest(word: str, known: Lexicon) -> str:
    """The word we know that is one slip away and begins alike; else the word as it was typed.

    Of several the likeliest slip is meant, and of several of those the word that stands in most phrases.
    """
    lengths = (len(word) - 1, len(word), len(word) + 1)
    close = (meant for length in lengths for meant in known.by_start.get((word[0], length), ()))
    near = [(how, -known.counts.get(meant, 0), meant) for meant in close if (how := slip(word, meant)) is not None]
    if not near:
        return word
    how, count, meant = min(near)
    rivals = {known.spellings.get(other, (other,)) for kind, often, other in near if (kind, often) == (how, count)}
    return " ".join(known.spellings.get(meant, (meant,))) if len(rivals) == 1 else word


def _hits(words: tuple[str, ...], known: Lexicon) -> Iterator[Hit]:
    for begin, word in enumerate(words):
        node, at = known.root.after.get(word), begin + 1
        while node is not None:
            for section, name in node.ends:
                yield Hit(section, name, begin, at)
            node = node.after.get(words[at]) if at < len(words) else None
            at += 1
        for phrase in known.phrases.get(word, ()):
            end = _end_of(words, begin + 1, phrase.rest)
            if end:
                yield Hit(*phrase.end, begin, end)


def _end_of(words: tuple[str, ...], at: int, rest: tuple[Element, ...]) -> int:
    """Where the rest of a phrase ends when it stands at this place; 0 when it does not."""
    if not rest:
        return at
    element, following = rest[0], rest[1:]
    if element.gap:
        starts = range(at, min(at + GAP_WIDTH, len(words) - 1) + 1)
        return next((end for start in starts if (end := _end_of(words, start, following))), 0)
    if at < len(words) and words[at] in element.words and (end := _end_of(words, at + 1, following)):
        return end
    for row in element.rows:
        if words[at : at + len(row)] == row and (end := _end_of(words, at + len(row), following)):
            return end
    return _end_of(words, at, following) if element.optional else 0


def _longest(found: Iterable[Hit]) -> list[Hit]:
    """Inside one section the longer phrase is the one that is meant; false friends silence whatever lies in them."""
    hits = sorted(set(found), key=lambda hit: (hit.begin - hit.end, hit.begin, hit.section, hit.name))
    kept: list[Hit] = []
    for hit in hits:
        size = hit.end - hit.begin
        if not any(
            other.end - other.begin > size
            and (
                # a false friend takes with it what only half lies in it: "i run a shop"
                (other.section == "silent" and other.begin < hit.end and hit.begin < other.end)
                # nobody is called in Call of Duty
                or (
                    _is_title(other)
                    and hit.section == "activities"
                    and other.begin <= hit.begin
                    and hit.end <= other.end
                )
                or (other.section == hit.section and other.begin <= hit.begin and hit.end <= other.end)
            )
            for other in kept
        ):
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.begin, hit.end, hit.section, hit.name))


def _is_title(hit: Hit) -> bool:
    return hit.section == "games" and hit.name == "names"


def _carry_denials(clauses: list[Clause]) -> None:
    """A denied list ("no calls, meetings or games") goes on behind its commas until a new thought starts."""
    running = False
    for clause in clauses:
        if clause.opens:
            running = False
        own = clause.mentions("speech", *DENIALS)
        goes_on = len(clause.words) <= LIST_ITEM and not clause.mentions("speech", "turn", "subject")
        if running and not own and goes_on and {"or", "nor"} & set(clause.words):
            clause.denied_throughout = True
        running = own or (running and goes_on)


def _taken_back(clause: Clause, answer: Clause | None) -> bool:
    """Never, after a question or a statement, takes it back; after a denial it only confirms it. Of several things
    the last is meant: `Podcasts on the treadmill? No, on the couch`."""
    if answer is None or not _refuses(answer) or clause.mentions("speech", *DENIALS):
        return False
    told = list(clause.found("activities"))
    if answer.words not in CORRECTIONS or len(told) < MANY or told[-1].begin <= told[-2].end:
        return True
    clause.deny(told[-1])
    return False


def _refuses(clause: Clause) -> bool:
    return any(hit.begin == 0 and hit.end == len(clause.words) for hit in clause.found("answers", "refusal"))


def _tells(clause: Clause) -> bool:
    return clause.says("activities") or clause.says("games", "names") or clause.says("jobs")


def _hearsay(clause: Clause) -> bool:
    return any(hit.begin == 0 for hit in clause.found("answers", "hearsay"))
