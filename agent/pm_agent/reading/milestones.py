"""Which line is the trigger, the detection, the finding of the cause, the fix, the recovery; and why not another.

Chosen by what lines say and by order. Restore-first is normal: recovery may come before the cause is known. What
the evidence does not say stays None with a reason; nothing is filled in to make a row complete.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from pm_agent.evidence import Precision
from pm_agent.reading.cues import read_cues, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.said_times import said_times
from pm_agent.reading.says import ANSWERS_WHY, Act, Saying
from pm_agent.reading.severity import gravity
from pm_agent.reading.substance import substance
from pm_agent.reading.topic import Topic, tokens

_CHANGE = re.compile(
    r"\b(?:deploy\w*|release\w*|rollout|push\w*|merge\w*|change|config\w*|migration|upgrade|job|cron|flag)\b|发布|上线|变更|配置|升级|推送|任务|脚本|活动",
    re.I,
)
NAMES = (
    "impact_start",
    "trigger",
    "detected",
    "acknowledged",
    "declared",
    "cause_found",
    "mitigated",
    "fixed",
    "recovered",
    "closed",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may be the milestone, at the moment it speaks of."""

    line: Line
    at: datetime
    precision: Precision
    words: str
    score: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen line and the runners-up, each with a code for why not; or None with a code for why."""

    chosen: Candidate | None
    reason: str
    others: tuple[tuple[Candidate, str], ...] = ()


@dataclass
class Scene:
    """All that choosing needs."""

    lines: Sequence[Line]
    said: Mapping[str, Sequence[Saying]]
    topic: Topic
    outside: set[str]
    """Lines that stand outside the incident: unrelated alerts, dismissed talk."""
    timezone: str

    def candidates(self, acts: set[Act], *, least: float = 1.0, said_time: bool = False) -> list[Candidate]:
        """Lines that say one of `acts`, in order of time."""
        found = []
        for line in self.lines:
            if line.at is None or line.id in self.outside:
                continue
            best = max(
                (s for s in self.said.get(line.id, ()) if s.act in acts), key=lambda s: s.weight, default=None
            )
            if best is None or best.weight < least:
                continue
            found.append(self._candidate(line, best, said_time))
        return sorted(found, key=lambda c: c.at)

    def _candidate(self, line: Line, saying: Saying, said_time: bool) -> Candidate:
        assert line.at is not None  # candidates() leaves out lines without a time
        at, precision = line.at, line.precision
        if said_time and line.by_person:
            times = said_times(saying.words, line.at, self.timezone)
            if times:
                at, precision = times[0].at, times[0].precision
        return Candidate(line, at, precision, saying.words, saying.weight)


def choose(scene: Scene) -> dict[str, Choice]:
    """Every milestone, in the order in which one depends on another."""
    found: dict[str, Choice] = {}
    found["detected"] = _detected(scene)
    start = found["detected"].chosen.at if found["detected"].chosen else None
    found["recovered"] = _recovered(scene, start)
    found["fixed"], found["mitigated"] = _fixed(scene, start, found["recovered"])
    found["cause_found"] = _cause_found(scene, start, found["fixed"])
    found["trigger"] = _trigger(scene, start, found)
    found["impact_start"] = _impact_start(scene, start)
    found["acknowledged"] = _first_after(scene, {"acknowledged"}, start, least=1.5)
    found["declared"] = _first_after(scene, {"declared"}, start, least=2.0, before=timedelta(minutes=10))
    found["closed"] = _closed(scene, found)
    return {name: found[name] for name in NAMES}


def main_window(
    lines: Sequence[Line],
    said: Mapping[str, Sequence[Saying]],
    outside: Collection[str] = (),
    gap: timedelta = timedelta(minutes=75),
) -> tuple[datetime, datetime] | None:
    """The span of the incident: the run of telling lines with the most weight, broken where nobody speaks of it."""
    telling = [
        (line.at, max(s.weight for s in says))
        for line in lines
        if line.at is not None
        and line.id not in outside
        and (
            says := [s for s in said.get(line.id, ()) if s.act in _TELLING and not s.past and s.weight >= 1.2]
        )
        and not (
            line.by_person
            and any(
                s.act in {"unrelated", "elsewhere"} and s.weight >= 2.0 and not s.uncertain
                for s in said.get(line.id, ())
            )
        )
    ]
    if not telling:  # a note that only narrates
        telling = [(line.at, 1.0) for line in lines if line.at and line.kind == "note" and line.by_person]
    runs: list[tuple[float, datetime, datetime]] = []
    for at, weight in sorted(telling):
        if runs and at - runs[-1][2] <= gap:
            total, first, _ = runs[-1]
            runs[-1] = (total + weight, first, at)
        else:
            runs.append((weight, at, at))
    if not runs:
        return None
    main = max(range(len(runs)), key=lambda n: (runs[n][0], -runs[n][1].timestamp()))
    _, first, last = runs[main]
    if all(line.kind == "note" for line in lines if line.at):  # who notes down times writes of one incident
        first = min((f for _, f, _ in runs[:main] if first - f <= NOTED_SPAN), default=first)
    for _, start, end in runs[main + 1 :]:
        if start - last > LULL or _is_over(lines, said, first, last):
            break
        last = end
    return first, last


NOTED_SPAN = timedelta(hours=36)
"""Notes of one incident reach back that far from its main part."""
LULL = timedelta(hours=3)
"""While nobody has said that it is over, people may be silent for that long: a restore runs, a vendor works."""


def _is_over(
    lines: Sequence[Line], said: Mapping[str, Sequence[Saying]], first: datetime, last: datetime
) -> bool:
    """True where somebody or something has said within the span that it is over."""
    return any(
        line.at is not None
        and first <= line.at <= last
        and any(
            s.act in {"recovered", "closed"} and s.weight >= 2.2 and not s.past for s in said.get(line.id, ())
        )
        for line in lines
    ) or any(line.at and first <= line.at <= last and line.signal == "resolved" for line in lines)


_TELLING: set[Act] = {
    "fired", "resolved", "symptom", "detected", "began", "declared", "fix_started", "fix_done", "cause", "recovered",
    "not_recovered", "onset", "acknowledged", "notified", "suspected", "ended",
}  # fmt: skip


def _detected(scene: Scene) -> Choice:
    window = main_window(scene.lines, scene.said, scene.outside)
    if window is None:
        return Choice(None, "no_symptom")
    alerts = scene.candidates({"fired"}, least=1.0)
    told = [c for c in scene.candidates({"symptom", "detected"}, least=1.5) if _reports(scene, c)]
    found = sorted([*alerts, *told], key=lambda c: c.at)
    inside = _not_alone(scene, [c for c in found if window[0] <= c.at <= window[1]])
    early = [
        c
        for c in alerts
        if window[0] - timedelta(hours=6) <= c.at < window[0]
        and lasts_until(scene, c.line, window[0])
        and scene.topic.relevance(f"{c.line.subject or ''} {c.line.text}") > 0
    ]
    ranked = [*early[:1], *inside]
    if not ranked:  # notes that only narrate: the first symptom they tell is the first sign
        ranked = [
            c for c in scene.candidates({"symptom", "began"}, least=1.2) if window[0] <= c.at <= window[1]
        ]
    if not ranked:
        return Choice(None, "no_symptom")
    return Choice(ranked[0], "first_sign", tuple((c, "later") for c in ranked[1:4]))


def _not_alone(scene: Scene, signs: Sequence[Candidate]) -> list[Candidate]:
    """Without first signs that nothing follows: somebody's own trouble, an alert that was over before the next sign."""
    for number, sign in enumerate(signs):
        following = signs[number + 1 : number + 2]
        if not following:
            break
        if sign.line.signal == "firing":
            if lasts_until(scene, sign.line, following[0].at):
                return list(signs[number:])
        elif following[0].at - sign.at <= timedelta(minutes=15):
            return list(signs[number:])
    return list(signs[-1:] if len(signs) > 1 and not _all_over(scene, signs) else signs)


def _all_over(scene: Scene, signs: Sequence[Candidate]) -> bool:
    """True where every sign stands alone; then the first of them is the first sign after all."""
    return all(following.at - sign.at > timedelta(minutes=15) for sign, following in pairwise(signs))


def lasts_until(scene: Scene, alert: Line, moment: datetime) -> bool:
    """True for an alert that was not resolved before that moment."""
    over = [
        line
        for line in scene.lines
        if line.signal == "resolved" and line.subject == alert.subject and line.at and alert.at
        and alert.at < line.at < moment
    ]  # fmt: skip
    return not over


def _reports(scene: Scene, candidate: Candidate) -> bool:
    """Somebody notices or reports; a note that narrates how it began is not yet a detection."""
    if candidate.line.kind == "note" and not any(
        s.act == "detected" for s in scene.said.get(candidate.line.id, ())
    ):
        return False
    return candidate.line.kind == "note" or _speaks_of_incident(scene, candidate)


_TOPIC = 5
"""With fewer words that its lines share, nothing tells what an incident is about."""


def _speaks_of_incident(scene: Scene, candidate: Candidate) -> bool:
    said = scene.said.get(candidate.line.id, ())
    past = any(s.act in {"symptom", "detected"} and s.past for s in said)
    elsewhere = any(s.act in {"unrelated", "elsewhere"} for s in said)
    known = len(scene.topic.weights) >= _TOPIC
    return not past and not elsewhere and (scene.topic.relevance(candidate.words) > 0 or not known)


def _recovered(scene: Scene, start: datetime | None) -> Choice:
    sure = scene.candidates({"recovered", "resolved", "ended"}, least=1.5)
    sure = [c for c in sure if start is None or c.at > start]
    if any(c.line.signal != "ended" for c in sure):  # the end of one kind of log line is the weakest sign
        sure = [c for c in sure if c.line.signal != "ended"]
    if not sure:
        maybe = [c for c in scene.candidates({"maybe_recovered"}, least=1.0) if start is None or c.at > start]
        return Choice(
            None, "only_hoped" if maybe else "no_recovery", tuple((c, "uncertain") for c in maybe[-3:])
        )
    trouble = _trouble(scene, start)
    standing: list[Candidate] = []
    refuted: list[Candidate] = []
    for candidate in sure:
        after = [t for t in trouble if timedelta(minutes=1) < t - candidate.at <= timedelta(hours=3)]
        if candidate.line.signal == "resolved" and _a_graver_one_fires(scene, candidate):
            after.append(candidate.at)
        (refuted if after else standing).append(candidate)
    if not standing:
        return Choice(None, "recovery_refuted", tuple((c, "trouble_after") for c in refuted[-3:]))
    chosen = _main_recovery(standing)
    others = [(c, "trouble_after") for c in refuted[-3:]] + [
        (c, "later") for c in standing if c is not chosen
    ][:2]
    return Choice(chosen, "first_lasting", tuple(others))


def _a_graver_one_fires(scene: Scene, candidate: Candidate) -> bool:
    """True where a graver alert of this incident is resolved only later: the lesser one clearing ends nothing."""
    mine = gravity(candidate.line.severity)
    fired = {
        (line.subject or line.text): line
        for line in scene.lines
        if line.signal == "firing" and line.id not in scene.outside and line.at and line.at <= candidate.at
        and gravity(line.severity) < mine
    }  # fmt: skip
    return any(
        line.signal == "resolved"
        and (line.subject or line.text) in fired
        and line.at is not None
        and candidate.at + timedelta(minutes=1) < line.at <= candidate.at + timedelta(hours=3)
        for line in scene.lines
    )


def _main_recovery(standing: Sequence[Candidate]) -> Candidate:
    """The first that lasts; where alerts clear within a minute of it, the gravest of them."""
    near = [
        c for c in standing if c.at - standing[0].at <= timedelta(minutes=1) and c.line.signal == "resolved"
    ]
    return min(near, key=lambda c: (gravity(c.line.severity), c.at), default=standing[0])


def _trouble(scene: Scene, start: datetime | None) -> list[datetime]:
    """Moments at which somebody or something says that it is not over."""
    moments = [c.at for c in scene.candidates({"not_recovered"}, least=1.2)]
    moments += [c.at for c in scene.candidates({"fired", "onset"}, least=2.0)]
    moments += [
        c.at for c in scene.candidates({"symptom"}, least=1.8) if c.line.by_person and _present(c.words)
    ]
    return [m for m in moments if start is None or m >= start]


_PRESENT = re.compile(
    r"\b(?:still|again|now)\b|还在|还是|仍|依然|目前|又(?:开始|报|挂|掉|涨|卡|慢|超时|失败|不行|来|下去|高|有|出现|不可用)",
    re.I,
)


def _present(words: str) -> bool:
    return _PRESENT.search(words) is not None


def _of_talk(scene: Scene, candidate: Candidate) -> bool:
    """A completion that only the conversation tells: said after the recovery it ends something else."""
    return any(s.act == "fix_done" and s.of_talk for s in scene.said.get(candidate.line.id, ()))


def _end_of_talk(scene: Scene) -> datetime | None:
    """Half an hour after the incident's own run of lines; what is told days later looks back."""
    window = main_window(scene.lines, scene.said, scene.outside)
    return window[1] + timedelta(minutes=30) if window else None


def _fixed(scene: Scene, start: datetime | None, recovered: Choice) -> tuple[Choice, Choice]:
    done = [
        c
        for c in scene.candidates({"fix_done", "changed"}, least=1.5)
        if (start is None or c.at >= start - timedelta(minutes=2)) and _ends_a_change(scene, c)
    ]
    limit = recovered.chosen.at + timedelta(minutes=3) if recovered.chosen else _end_of_talk(scene)
    before = [
        c
        for c in done
        if limit is None or c.at <= limit - (timedelta(minutes=3) if _of_talk(scene, c) else timedelta(0))
    ]
    if not before:
        late = [(c, "after_recovery") for c in done[:3]]
        return Choice(None, "no_fix", tuple(late)), Choice(None, "no_fix", tuple(late))
    failed = [c.at for c in scene.candidates({"fix_failed", "not_recovered"}, least=1.0)]
    effective = before[-1]
    best = max(before[-4:], key=lambda c: (c.score, c.at))
    if effective.score + 0.6 < best.score:
        effective = best
    others = tuple(
        (
            c,
            "did_not_end_it"
            if any(timedelta(0) < f - c.at < timedelta(minutes=40) for f in failed)
            else "earlier",
        )
        for c in before
        if c is not effective
    )
    return Choice(effective, "last_before_recovery", others[-4:]), Choice(
        effective, "last_before_recovery", others[-4:]
    )


def _ends_a_change(scene: Scene, candidate: Candidate) -> bool:
    """A fix that is done; a change that a responder calls done while the incident lasts is one too."""
    said = said_times(candidate.words, candidate.line.at, scene.timezone) if candidate.line.by_person else []
    if said and candidate.at - said[0].at > timedelta(minutes=5):
        return False  # `I deployed it at 15:58`, said much later: a change of before
    acts = {s.act for s in scene.said.get(candidate.line.id, ())}
    if "fix_done" in acts:
        return True
    cues = {cue.category for cue in read_cues(candidate.words) if cue.strong}
    return candidate.line.by_person and "done" in cues and "in_progress" not in cues


def _cause_found(scene: Scene, start: datetime | None, fixed: Choice) -> Choice:
    sure = [c for c in scene.candidates({"cause"}, least=2.0) if start is None or c.at >= start]
    hedged = [
        c
        for c in scene.candidates({"cause", "suspected"}, least=0.9)
        if (start is None or c.at >= start) and c not in sure
    ]
    ruled = [c for c in scene.candidates({"ruled_out"}, least=1.0)]
    standing: list[Candidate] = []
    refuted: list[Candidate] = []
    for candidate in sure:
        if scene.topic.relevance(candidate.words) <= 0 and len(tokens(candidate.words)) < 2:
            continue
        against = [r for r in ruled if r.at > candidate.at and _about_same(scene, r.words, candidate.words)]
        (refuted if against else standing).append(candidate)
    end = _end_of_talk(scene)
    early = [c for c in standing if end is None or c.at <= end]
    standing = early or _explained_then_mended(scene, hedged, fixed) or standing
    if not standing:
        return Choice(
            None,
            "only_suspected" if hedged else "no_cause",
            tuple((c, "ruled_out") for c in refuted[-3:]) + tuple((c, "uncertain") for c in hedged[-3:]),
        )
    chosen = _first_of_final_cause(scene, standing, fixed)
    others = [(c, "ruled_out") for c in refuted] + [
        (c, "later" if c.at > chosen.at else "other_cause") for c in standing if c is not chosen
    ]
    return Choice(chosen, "first_stated", tuple(others[:5]))


def _explained_then_mended(scene: Scene, candidates: Sequence[Candidate], fixed: Choice) -> list[Candidate]:
    """Nobody calls it the cause: the plainest unhedged explanation right before the fix that stood is taken as one."""
    if fixed.chosen is None or fixed.chosen.line.at is None:
        return []
    begun = [c.at for c in scene.candidates({"fix_started", "fix_done"}, least=1.5)]
    explained = [
        c
        for c in [*candidates, *_explanations(scene, fixed.chosen.at)]
        if c.score >= 1.6
        and c.at <= fixed.chosen.at
        and c.line.by_person
        and scene.topic.relevance(c.words) > 0
        and any(timedelta(0) <= b - c.at <= timedelta(minutes=10) for b in begun)
        and not stance_of(c.words).uncertain
    ]
    best = max((c.score for c in explained), default=0.0)
    return [c for c in explained if c.score >= best - 0.5][-1:]


def _explanations(scene: Scene, until: datetime) -> list[Candidate]:
    """Statements that name things and say how one leads to the other, whoever made them."""
    found = []
    for line in scene.lines:
        if line.at is None or line.at > until or not line.by_person or line.commands:
            continue
        cues = {cue.category: cue for cue in read_cues(line.text) if cue.strong}
        stance = cues["explains"].stance if "explains" in cues else None
        if (
            stance is None
            or stance.question
            or stance.uncertain
            or stance.future
            or ANSWERS_WHY.match(line.text)
        ):
            continue
        if cues.keys() & {"ruled_out", "finished"}:
            continue
        told = substance(line, scene.topic)
        if told >= 0.8:
            found.append(Candidate(line, line.at, line.precision, line.text, 1.0 + told))
    return found


def _about_same(scene: Scene, one: str, other: str) -> bool:
    shared = tokens(one) & tokens(other)
    return bool(shared) and len(shared) >= min(2, len(tokens(one)))


def _first_of_final_cause(scene: Scene, standing: Sequence[Candidate], fixed: Choice) -> Candidate:
    """Statements of a cause that share words form a story; the story told most and last is the cause, its first telling the finding."""
    stories: list[list[Candidate]] = []
    for candidate in standing:
        mine = tokens(candidate.words)
        home = next(
            (
                s
                for s in reversed(stories)
                if candidate.at - s[-1].at <= timedelta(minutes=2)  # one conversation
                or any(len(mine & tokens(c.words)) >= 2 for c in s)
            ),
            None,
        )
        if home is None:
            stories.append([candidate])
        else:
            home.append(candidate)
    fix_words = tokens(fixed.chosen.words) if fixed.chosen else frozenset()

    def weight(story: list[Candidate]) -> float:
        support = sum(c.score + min(scene.topic.relevance(c.words), 6.0) * 0.3 for c in story)
        return support + sum(len(tokens(c.words) & fix_words) for c in story) * 0.8

    best = max(stories, key=lambda s: (weight(s), s[0].at.timestamp()))
    return best[0]


def _trigger(scene: Scene, start: datetime | None, found: Mapping[str, Choice]) -> Choice:
    changes = _changes(scene)
    first = start or (found["recovered"].chosen.at if found["recovered"].chosen else None)
    if first is None:
        return Choice(None, "no_detection")
    telling = [found[n].chosen.words for n in ("cause_found", "fixed") if found[n].chosen]  # type: ignore[union-attr]
    telling += [
        c.words for c in scene.candidates({"cause", "fix_done", "fix_started"}, least=1.2) if c.at >= first
    ]
    telling += _told_around(scene, found["cause_found"].chosen)
    scored = []
    for change in changes:
        if change.at > first + timedelta(minutes=2) or first - change.at > timedelta(hours=30):
            continue
        tie = max((_tie(scene, change, words) for words in telling), default=0.0)
        near = 1.0 / (1 + (first - change.at).total_seconds() / 3600)
        machine = 0.8 if change.line.kind == "deploy" or change.line.signal else 0.0
        scored.append((tie + near + machine + change.score * 0.2, tie, near, change))
    tied = [
        item
        for item in scored
        if item[1] >= (0.5 if item[3].line.kind == "note" else 1.0)
        or (item[2] > 0.6 and item[3].line.signal and _names_the_same(scene, item[3], found))
    ]
    tied.sort(key=lambda item: -item[0])
    if not tied:
        return Choice(
            None,
            "no_change_tied",
            tuple((item[3], "not_tied") for item in sorted(scored, key=lambda i: -i[0])[:3]),
        )
    return Choice(tied[0][3], "tied_to_symptom", tuple((item[3], "less_tied") for item in tied[1:4]))


def _names_the_same(scene: Scene, change: Candidate, found: Mapping[str, Choice]) -> bool:
    """A change right before the first sign that names, by an identifier, what the incident's own lines speak of."""
    named = {
        t for t in tokens(f"{change.line.subject or ''} {change.line.text}") if t.isascii() and len(t) > 3
    }
    sign = found["detected"].chosen
    shown = tokens(f"{sign.line.subject or ''} {sign.line.text}") if sign else frozenset()
    return bool(named & shown) or sum(scene.topic.weights.get(t, 0.0) for t in named) > 2.0


def _told_around(scene: Scene, cause: Candidate | None) -> list[str]:
    """What was said within a few minutes of the finding of the cause: it names what set it off."""
    if cause is None:
        return []
    return [
        line.text
        for line in scene.lines
        if line.at is not None
        and line.by_person
        and line.id not in scene.outside
        and timedelta(minutes=-5) <= line.at - cause.at <= timedelta(minutes=3)
    ]


def _changes(scene: Scene) -> list[Candidate]:
    """Everything that may have set a failure going: changes, restarts, and changes that a sentence about the cause dates."""
    found = scene.candidates({"changed"}, least=1.5, said_time=True) + scene.candidates(
        {"restart"}, least=1.5
    )
    dated = scene.candidates({"cause", "investigated"}, least=1.0, said_time=True)
    found += [c for c in dated if c.line.at and c.at < c.line.at and _CHANGE.search(c.words)]
    return found + [c for c in scene.candidates({"fix_done"}, least=1.5) if c.line.kind == "note"]


def _tie(scene: Scene, change: Candidate, words: str) -> float:
    """How many telling words a change shares with what people said of cause and fix."""
    shared = tokens(f"{change.words} {change.line.subject or ''}") & tokens(words)
    total = sum(
        1.0
        if any(ch.isdigit() for ch in token)
        else 0.5 + min(scene.topic.weights.get(token, 0.0), 3.0) * 0.1
        for token in shared
    )
    return (
        total if any(token.isascii() for token in shared) else total * 0.6
    )  # pairs of characters are common words


def _impact_start(scene: Scene, start: datetime | None) -> Choice:
    onset = [
        c
        for c in scene.candidates({"onset", "began"}, least=1.2)
        if start is None or timedelta(0) <= start - c.at <= timedelta(hours=3)
    ]
    said = [
        c
        for c in scene.candidates({"symptom", "investigated"}, least=1.2, said_time=True)
        if c.line.at != c.at and start and timedelta(0) <= start - c.at <= timedelta(hours=6)
    ]
    ranked = sorted([*onset, *said], key=lambda c: c.at)
    if ranked:
        return Choice(ranked[0], "first_sign", tuple((c, "later") for c in ranked[1:3]))
    return Choice(None, "no_onset")


def _first_after(
    scene: Scene,
    acts: set[Act],
    start: datetime | None,
    *,
    least: float,
    before: timedelta = timedelta(minutes=1),
) -> Choice:
    found = [c for c in scene.candidates(acts, least=least) if start is None or c.at >= start - before]
    return (
        Choice(found[0], "first_after_detection", tuple((c, "later") for c in found[1:3]))
        if found
        else Choice(None, "not_said")
    )


def _closed(scene: Scene, found: Mapping[str, Choice]) -> Choice:
    after = found["recovered"].chosen or found["fixed"].chosen or found["detected"].chosen
    closing = [
        c
        for c in scene.candidates({"closed"}, least=1.5)
        if after is None or c.at >= after.at - timedelta(minutes=2)
    ]
    return (
        Choice(closing[0], "said_closed", tuple((c, "later") for c in closing[1:3]))
        if closing
        else Choice(None, "not_said")
    )
