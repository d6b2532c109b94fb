"""What set the failure going: a change, a job or an event that something ties to the symptom, at the minute it took effect.

What may be it: deploys, changes that people tell of, the moments they name when they explain, what a machine logged.
A change is tied by words that the cause and the fix share with it, by people naming its minute, by the fix undoing it;
it is cleared by a rollback that did nothing and by whoever rules it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import fsum

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.course import acts_of, categories
from pm_agent.reading.cues import has_sign
from pm_agent.reading.identifiers import identifiers
from pm_agent.reading.lines import Line
from pm_agent.reading.said_times import said_times
from pm_agent.reading.sentences import split
from pm_agent.reading.ties import Ties, names_in, ties_of
from pm_agent.reading.topic import tokens

WEIGHTS: Mapping[str, float] = {
    "tie": 1.5, "version": 0.8, "named": 1.2, "told": 0.8, "explained": 1.0, "finished": 0.5, "near": 1.0, "last": 0.5, "undone": 1.2,
    "machine": 0.3, "noted": 1.2, "bad": 0.8, "change": 0.6, "log": -0.4, "onset": -0.5, "cleared": -2.0, "vain": -3.0, "far": -1.0, "sign": -1.5,
    "other": -1.0, "topic": 0.5, "talked": 0.8, "identified": 0.3, "rehearsed": -0.8,
}  # fmt: skip
LEAST = 2.0
"""With less nothing ties a change to the symptom."""
REACH = timedelta(hours=30)


def trigger(scene: Scene, start: datetime | None, found: Mapping[str, Choice]) -> Choice:
    """The change or event that the cause, the fix or the people tie to the symptom; None where nothing does."""
    first = start or (found["recovered"].chosen.at if found["recovered"].chosen else None)
    if first is None:
        return Choice(None, "no_detection")
    ties = ties_of(scene, first, found)
    weighed = []
    for change in _changes(scene, first):
        if change.at > first + timedelta(minutes=2) or (
            first - change.at > REACH and change.line.kind != "note"
        ):
            continue
        signs = signs_of(scene, change, ties)
        weighed.append((sum(WEIGHTS[n] * v for n, v in signs.items()), signs, change))
    last = max(
        (c.at for _, s, c in weighed if s["change"] and c.at == c.line.at and not s["log"]), default=None
    )
    weighed = [(w + (WEIGHTS["last"] if c.at == last == c.line.at else 0.0), s, c) for w, s, c in weighed]
    weighed.sort(key=lambda item: (-round(item[0], 2), -item[2].at.timestamp()))
    tied = [c for w, s, c in weighed if w >= LEAST and _is_tied(s)]
    if not tied:
        return Choice(None, "no_change_tied", tuple((c, "not_tied") for _, _, c in weighed[:3]))
    shown = _shown(tied[0], weighed)
    return Choice(shown, "tied_to_symptom", tuple((c, "less_tied") for c in tied[:4] if c is not shown)[:3])


def _shown(told: Candidate, weighed: Sequence[tuple[float, Mapping[str, float], Candidate]]) -> Candidate:
    """The line that shows at its own time what people later tell of; the telling itself where none does.

    Services start at round hours for many reasons: one shows it only where it shares two words with the telling.
    """
    if told.at == told.line.at:
        return told
    near = [
        c
        for _, signs, c in weighed
        if c.at == c.line.at
        and abs(c.at - told.at) <= timedelta(minutes=1)
        and signs["tie"] >= SHOWN
        and (c.line.signal != "restart" or len(tokens(c.words) & tokens(told.words)) >= 2)
    ]
    return near[0] if near else told


SHOWN = 0.25


def _is_tied(signs: Mapping[str, float]) -> bool:
    """True where words or people tie it; for a machine's change right before the first sign a weak tie will do."""
    shared = signs["tie"] + signs["topic"] + signs["talked"]
    close = signs["machine"] and signs["near"] >= CLOSE
    return bool(
        shared >= (0.2 if close else 0.5)
        or signs["named"]
        or signs["told"]
        or signs["undone"]
        or signs["noted"]
    )


CLOSE = 0.8
"""A quarter of an hour before the first sign."""


_CHANGES_NOTHING = ("commit ", "pull request ", "merge request ")
"""How the events of code that nobody has put anywhere yet begin."""


def _changes(scene: Scene, first: datetime) -> Iterator[Candidate]:
    """Everything that may have set a failure going, at the moment it speaks of."""
    seen: set[str] = set()
    for c in scene.candidates({"changed", "restart", "onset", "began", "fix_done"}, least=1.0):
        seen.add(c.line.id)
        if not (c.line.by_person and c.at > first):
            yield c
    for line in scene.lines:
        if line.at is None or line.id in scene.outside:
            continue
        if line.kind == "deploy" and line.id not in seen and not line.text.startswith(_CHANGES_NOTHING):
            yield Candidate(line, line.at, line.precision, line.text.split("\n")[0][:300], 1.0)
        if line.by_person or line.kind == "page":
            yield from _told(scene, line, first)


_LONGEST = 400
"""Characters of a sentence that tells when something happened."""
_CLAUSE = re.compile(r"[,，;；。]|\s+(?:and|but|then)\s+|(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])")
_SPAN = re.compile(r"\d\s*(?:-|–|—|to|~|到|至)\s*\d{1,2}[:：点]")


def _told(scene: Scene, line: Line, first: datetime) -> Iterator[Candidate]:
    """The moments before the first sign that a line names, each with the clause that names it."""
    assert line.at is not None  # its caller leaves out what has no time
    for sentence in split(line.text):
        if len(sentence.text) > _LONGEST or _SPAN.search(sentence.text):
            continue
        for clause in _CLAUSE.split(sentence.text):
            for told in said_times(clause, line.at, scene.timezone):
                if told.at <= first + timedelta(minutes=2) and line.at - told.at > timedelta(minutes=2):
                    yield Candidate(line, told.at, told.precision, clause.strip(), 1.5)


_SIGNS = {"fired", "detected", "not_recovered"}
_OTHER = {"impact", "recovered", "resolved", "communicated", "fix_done", "acknowledged"}


def signs_of(scene: Scene, change: Candidate, ties: Ties) -> dict[str, float]:
    """What ties this change to the symptom, and what clears it."""
    line = change.line
    told = change.at != line.at
    whole = line.text if told and len(line.text) <= _LONGEST else change.words
    mine = names_in(f"{whole} {line.subject or ''}") - ties.common
    shared = max((_worth(mine & words) for words in ties.telling), default=0.0)
    versions = {t for t in mine if any(ch.isdigit() for ch in t) and len(t) > 2}
    minute = timedelta(minutes=1)
    hours = max((ties.first - change.at).total_seconds() / 3600, 0.0)
    cues = categories(whole)
    acts = acts_of(scene, line, 1.5)
    sign = line.kind != "deploy" and (
        (bool(acts & _SIGNS) and not told) or abs(change.at - ties.first) <= minute
    )
    sign = sign or (told and has_sign(change.words, "of_alerts"))
    alters = not sign and (
        ("changed" in acts and not told) or line.kind == "deploy" or has_sign(change.words, "happens")
    )
    topic = min(scene.topic.relevance(f"{line.subject or ''} {change.words}"), 6.0) / 6
    identified = (
        alters
        and line.signal != "change_started"
        and bool(identifiers(line.text.split("\n")[0]) & ties.identified)
    )
    return {
        "tie": min(shared, 3.0) / 3,
        "version": float(alters and any(versions & words for words in ties.telling)),
        "named": (1.0 if alters else 0.4) * float(any(abs(t - change.at) <= near for t, near in ties.named)),
        "told": (0.3 if change.precision == "approximate" else 1.0)
        * float(told and alters and line.by_person),
        "explained": float((told or line.kind == "note") and bool(cues & {"cause", "because", "explains"})),
        "finished": float(line.signal == "change_finished"),
        "near": 1 / (1 + hours),
        "undone": min(len({t for t in mine & ties.undone if len(t) > 3}), 2) / 2
        if line.kind == "deploy" or alters
        else 0.0,
        "machine": float(line.kind == "deploy"),
        "noted": float(line.kind == "note" and alters),
        "change": float(alters),
        "log": (1.0 if alters else 3.0) * float(line.kind in {"log", "metric", "alert"}),
        "onset": float(has_sign(change.words, "from_when") and not alters),
        "vain": float(
            alters and any(_same_thing(words, f"{line.subject or ''} {change.words}") for words in ties.vain)
        ),
        "cleared": float(any(_about(words, mine) for words in ties.cleared)),
        "far": float(hours > 6 and not told and line.kind != "note" and not identified),
        "identified": float(identified),
        "rehearsed": float(line.kind == "deploy" and has_sign(line.text.split("\n")[0], "rehearsal")),
        "bad": float(has_sign(change.words, "faulty")),
        "sign": float(sign),
        "talked": min(max((ties.talked[t] for t in versions), default=0), 3) / 3 if alters else 0.0,
        "topic": topic,
        "other": float(bool(acts & _OTHER) and not cues & {"cause", "because", "explains"}),
    }


def _worth(shared: frozenset[str]) -> float:
    return fsum(1.0 if any(ch.isdigit() for ch in t) else 0.8 if t.isascii() else 0.3 for t in shared)


def _same_thing(words: frozenset[str], change: str) -> bool:
    """True where a change is of the same service as one that was taken back in vain."""
    names = {t for t in words if len(t) > 3 and not any(ch.isdigit() for ch in t)}
    return bool(names) and len(names & names_in(change)) * 2 >= len(names)


def _about(words: frozenset[str], mine: frozenset[str]) -> bool:
    """True where what was cleared names this change by a word of its own."""
    return (
        any(any(ch.isdigit() for ch in t) and len(t) > 2 for t in words & mine)
        or len({t for t in words & mine if len(t) > 3}) >= 2
    )
