"""The minute in which the cause that stood in the end is first stated: what several weak signs together point at.

People in an incident seldom write "the cause is". They say what they see, others answer "oh no" or "that fits", somebody
orders the fix. Each of these is a sign and none decides alone; their weights are set by hand, and fitting them with each
incident left out in turn finds no better ones. Suspicions and what was ruled out are no cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pm_agent.reading.candidates import Candidate, Choice, Scene
from pm_agent.reading.course import acted_on, acts_of, categories, reactions
from pm_agent.reading.cues import has_sign, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.said_times import said_times
from pm_agent.reading.says import ANSWERS_WHY, Saying
from pm_agent.reading.sentences import split
from pm_agent.reading.substance import substance
from pm_agent.reading.topic import tokens
from pm_agent.reading.window import end_of_talk

WEIGHTS: Mapping[str, float] = {
    "explicit": 3.2, "because": 1.5, "explains": 1.4, "reaction": 2.2, "acted": 0.2, "fix": 1.0, "change": 0.6,
    "substance": 1.3, "contrast": 1.3, "dated": 0.8, "unsure": -0.8, "asks": -1.5, "plans": -0.5, "symptom": -0.3, "other": -1.2,
    "refuted": -2.0, "denies": -1.2, "late": -1.5, "near": 0.5, "turn": 1.2, "after": -0.7, "pasted": -1.0, "noted": 0.5,
}  # fmt: skip
LEAST = 3.4
"""With fewer signs nobody has stated the cause."""
PASTED = 4
"""With more line breaks a post is output that somebody pasted; the sentence behind it says what it means."""
_OTHER = {
    "fix_started",
    "fix_done",
    "recovered",
    "maybe_recovered",
    "communicated",
    "action",
    "declared",
    "closed",
}
"""What a line says instead: it is mended, it is over, somebody writes to users."""


@dataclass
class Context:
    """What the lines are held against."""

    fix_words: frozenset[str]
    changes: frozenset[str]
    ruled: list[tuple[datetime, frozenset[str]]]
    """What was ruled out, when, by what it names."""
    common: frozenset[str]
    late: datetime | None
    fixed: datetime | None
    begun: datetime | None
    """When the fix that stood was ordered or announced."""
    start: datetime | None
    timezone: str = field(default="UTC")


def cause_found(scene: Scene, start: datetime | None, fixed: Choice) -> Choice:
    """The first telling of the cause that stood in the end; None where causes were only suspected."""
    context = _context(scene, start, fixed)
    weighed = sorted(
        (
            (sum(WEIGHTS[n] * v for n, v in signs(scene, line, context).items()), line)
            for line in _lines(scene, start)
        ),
        key=lambda item: -item[0],
    )
    likely = [(w, _candidate(line)) for w, line in weighed[:6]]
    if not likely or likely[0][0] < LEAST:
        hedged = scene.candidates({"suspected", "cause"}, least=0.9)
        others = tuple((c, "uncertain") for _, c in likely[:3])
        return Choice(None, "only_suspected" if hedged else "no_cause", others)
    chosen = likely[0][1]
    if _unknown_in_the_end(scene, chosen, signs(scene, chosen.line, context)["explicit"], context):
        return Choice(None, "said_unknown", tuple((c, "uncertain") for _, c in likely[:3]))
    return Choice(
        chosen,
        "first_stated",
        tuple((c, "later" if c.at > chosen.at else "other_cause") for _, c in likely if c is not chosen),
    )


def _unknown_in_the_end(scene: Scene, chosen: Candidate, explicit: float, context: Context) -> bool:
    """True where somebody says later that nobody knows the cause, and no line after that states one.

    That nobody knows why something is so counts only against a line that does not call itself the cause.
    """
    after = [line for line in _lines(scene, context.start) if line.at and line.at > chosen.at]
    last = None
    for line in after:
        plain = not stance_of(line.text).question
        if plain and (
            has_sign(line.text, "cause_unknown") or (explicit < STATED and has_sign(line.text, "why_unknown"))
        ):
            last = line
    if last is None or last.at is None:
        return False
    return not any(
        line.at and line.at > last.at and signs(scene, line, context)["explicit"] >= STATED for line in after
    )


STATED = 0.5
"""Of a line that calls itself the cause."""


def _candidate(line: Line) -> Candidate:
    assert line.at is not None  # _lines leaves out what has no time
    return Candidate(line, line.at, line.precision, _telling(line.text), 2.0)


FEW = 3
"""Words of an announcement that tells nothing yet."""
MANY = 12
"""Words of a full statement."""
ROW = 200
"""Characters of a statement of the cause; sentences are not cut."""


def _telling(text: str) -> str:
    """The sentence that explains, with those behind it that still fit; exclamations and confessions are left out."""
    found = [s for s in split(text) if not s.pasted and tokens(s.text)] or split(text)
    if not found:
        return text[:ROW]
    worth = [2 * bool(categories(s.text) & _EXPLAINS) + min(len(tokens(s.text)), MANY) / 6 for s in found]
    first = worth.index(max(worth))
    told = found[first].text
    for sentence in found[first + 1 :]:
        joined = text[found[first].start : sentence.start + len(sentence.text)]
        if len(joined) > ROW or "reaction" in categories(sentence.text):
            break
        told = joined
    return told


_EXPLAINS = {"cause", "because", "explains"}


def _lines(scene: Scene, start: datetime | None) -> Iterator[Line]:
    dated = [line.at for line in scene.lines if line.at]
    if dated:
        yield from (line for line in scene.talk(start or min(dated), max(dated)) if not line.commands)


def _context(scene: Scene, start: datetime | None, fixed: Choice) -> Context:
    fix = fixed.chosen
    around = [
        line.text
        for line in (scene.talk(fix.at - timedelta(minutes=6), fix.at + timedelta(minutes=1)) if fix else ())
        if acts_of(scene, line) & {"fix_started", "fix_done"} or "order" in categories(line.text)
    ]
    changes = [
        f"{line.subject or ''} {line.text}"
        for line in scene.lines
        if line.at and (start is None or line.at <= start)
        and (line.kind == "deploy" or acts_of(scene, line, 0.8) & {"changed", "restart"})
    ]  # fmt: skip
    spread = Counter(t for line in scene.lines if line.by_person for t in tokens(line.text))
    many = max(4, sum(1 for line in scene.lines if line.by_person) // 12)
    common = frozenset(t for t, n in spread.items() if n > many)
    return Context(
        tokens(" ".join([fix.words if fix else "", *around])),
        frozenset(t for t in tokens(" ".join(changes)) if t.isascii() and len(t) > 3),
        [
            (r.at, tokens(r.words) - common or tokens(r.words))
            for r in scene.candidates({"ruled_out"}, least=1.0)
        ],
        common,
        end_of_talk(scene),
        fix.at if fix else None,
        _begun(scene, fix),
        start,
        scene.timezone,
    )


def signs(scene: Scene, line: Line, context: Context) -> dict[str, float]:
    """What speaks for and against this line's stating the cause."""
    said = {s.act: s for s in scene.said.get(line.id, ())}
    cues = categories(line.text)
    stance = stance_of(line.text)
    every = tokens(line.text)
    mine = every - context.common
    assert line.at is not None  # talk() leaves out what has no time
    unknown = has_sign(line.text, "knows_not")
    if has_sign(line.text, "announces") and len(tokens(line.text)) >= FEW:  # `Got it.` and what was got
        cues |= {"cause"}
        said.setdefault("cause", Saying("cause", 2.2, line.text))
    own = said["cause"].weight / 2.4 if "cause" in said and "cause" in cues and not unknown else 0.0
    gives = "because" in cues and "cause" in said and not unknown and not ANSWERS_WHY.match(line.text)
    tells = bool(own) or gives or "explains" in cues
    times = said_times(line.text, line.at, context.timezone)
    against = any(at != line.at and _about_same(words, every) for at, words in context.ruled)
    gap = (context.fixed - line.at).total_seconds() / 60 if context.fixed else None
    later = gap is not None and gap < 0
    acts = said.keys() - (set() if later else {"action"})  # `where it should be /26`
    return {
        "explicit": own,
        "because": float(gives),
        "explains": float("explains" in cues and not gives),
        "reaction": min(reactions(scene, line), 2) / 2,
        "acted": float(acted_on(scene, line)),
        "fix": min(len(mine & context.fix_words), 3) / 3,
        "change": min(len(mine & context.changes), 2) / 2,
        "substance": min(substance(line, scene.topic), 2.0) / 2,
        "contrast": float(has_sign(line.text, "contrast")),
        "dated": float(any(context.start and t.at <= context.start + timedelta(minutes=2) for t in times)),
        "unsure": float(stance.uncertain or unknown or "hypothesis" in cues),
        "noted": float(line.kind == "note" and tells),
        "pasted": float("```" in line.text or line.text.count("\n") >= PASTED),
        "asks": float(stance.question or has_sign(line.text, "asks")),
        "plans": float(stance.future),
        "symptom": float("symptom" in said and not tells),
        "other": (0.4 if tells else 1.0)
        * float(bool(acts & _OTHER or "order" in cues) and not (own or gives)),
        "turn": _turn(line, context, tells),
        "refuted": float(against),
        "denies": float("ruled_out" in said and not own),
        "near": 0.0 if gap is None or gap < -1 else 1 / (1 + max(gap - 10, 0) / 20),
        "after": float(gap is not None and gap < -1 and not own),
        "late": float(context.late is not None and line.at > context.late) * (0.5 if own else 1.0),
    }


def _turn(line: Line, context: Context, tells: bool) -> float:
    """How close before the beginning of the fix that stood it is said: what is found out is acted on."""
    if context.begun is None or line.at is None:
        return 0.0
    gap = (context.begun - line.at).total_seconds() / 60
    return (1.0 if tells else 0.7) / (1 + gap / 8) if gap >= 0 else 0.0


def _begun(scene: Scene, fix: Candidate | None) -> datetime | None:
    """When the fix that stood was ordered or announced: by whoever reports it done, or in its words."""
    if fix is None:
        return None
    begun = fix.at
    words = tokens(fix.words)
    for line in reversed(scene.talk(fix.at - timedelta(minutes=40), fix.at)):
        acts = acts_of(scene, line)
        if line.at is None or line.id == fix.line.id:
            continue
        if "fix_done" in acts and line.at < fix.at - timedelta(minutes=2):
            break
        if (acts & {"fix_started"} or "order" in categories(line.text)) and (
            line.actor == fix.line.actor
            or tokens(line.text) & words
            or fix.at - line.at <= timedelta(minutes=6)
        ):
            begun = line.at
    return begun


def _about_same(ruled: frozenset[str], mine: frozenset[str]) -> bool:
    """True where a good part of what was ruled out is named here."""
    shared = ruled & mine
    return (
        bool(shared) and len(shared) * 2 >= len(ruled) and any(len(t) > 2 or not t.isascii() for t in shared)
    )
