"""One line of evidence → what it says: fired, noticed, looking, found, fixed, recovered … with the words that say so.

Machine signals say it by themselves; for persons it is read from the cues of each sentence and their stance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from pm_agent.language import has_han
from pm_agent.reading.cues import Cue, has_sign, read_cues
from pm_agent.reading.lines import Line
from pm_agent.reading.quotes import is_quoted
from pm_agent.reading.remembered import remembered

Act = Literal[
    "fired", "resolved", "onset", "ended", "detected", "began", "restart", "changed", "change_failed", "symptom", "acknowledged", "declared", "notified",
    "communicated", "investigated", "suspected", "ruled_out", "cause", "fix_started", "fix_done", "fix_failed", "recovered", "maybe_recovered",
    "not_recovered", "confirmed", "closed", "unrelated", "impact", "action", "well", "poorly", "lucky", "chatter", "status_update", "elsewhere",
    "finished",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing a line says."""

    act: Act
    weight: float
    words: str
    """The sentence, or the machine's own text."""
    uncertain: bool = False
    past: bool = False
    question: bool = False
    of_talk: bool = False
    """Told by the conversation only: the line itself is terse."""


_SIGNALS: dict[str, tuple[Act, float]] = {
    "firing": ("fired", 3.0),
    "resolved": ("resolved", 3.0),
    "acknowledged": ("acknowledged", 3.0),
    "escalated": ("notified", 2.5),
    "notified": ("notified", 2.5),
    "declared": ("declared", 3.0),
    "closed": ("closed", 3.0),
    "change_started": ("changed", 2.0),
    "change_finished": ("changed", 3.0),
    "change_failed": ("change_failed", 2.0),
    "rolled_back": ("fix_done", 3.0),
    "onset": ("onset", 2.5),
    "first_seen": ("onset", 1.5),
    "peak": ("onset", 1.0),
    "ended": ("ended", 2.5),
    "restart": ("restart", 1.5),
    "status_update": ("status_update", 2.0),
}


def says(line: Line) -> tuple[Saying, ...]:
    """Everything this line says, strongest reading of each act first."""
    if line.commands or line.signal == "deleted":
        return ()
    by_machine: tuple[Saying, ...] = ()
    if line.signal in _SIGNALS:
        act, weight = _SIGNALS[line.signal]
        by_machine = (Saying(act, weight, _headline(line)),)
        if line.kind == "deploy" and act == "changed" and _is_rollback(line.text):
            done = line.signal == "change_finished"
            by_machine = (Saying("fix_done" if done else "fix_started", 3.0, _headline(line)),)
    if line.kind == "page":
        return by_machine + tuple(s for s in _by_words(line.text, False) if s.act not in _NOT_OF_PAGES)
    if not line.by_person:
        return by_machine or _by_status(line)
    return by_machine + _by_words(line.text, line.kind == "note")


_NOT_OF_PAGES = {"cause", "fix_done", "fix_started", "suspected"}
"""`the issue has been identified` on a status page names no cause, `a fix has been implemented` no change."""
_NEWS = 90
"""Characters of a bot's post in which its news stand."""


def _by_status(line: Line) -> tuple[Saying, ...]:
    """What a bot posts without a signal: a job that failed is a sign like an alert."""
    if (
        line.kind not in {"chat", "deploy"}
        or line.text.startswith("commit ")
        or not has_sign(line.text[:_NEWS], "job_failed")
    ):
        return ()
    return (Saying("change_failed" if line.kind == "deploy" else "fired", 2.0, _headline(line)),)


_NAMES_SOMETHING = re.compile(r"\w{2}")
"""The pattern of a mined log may be nothing but a gap: `<*>`."""


def _headline(line: Line) -> str:
    """The machine's own first line; the subject where that line does not name it (`Problem started at …`)."""
    first = line.text.split("\n")[0][:300]
    if not line.subject or not _NAMES_SOMETHING.search(line.subject):
        return first
    if line.subject.split()[0].lower() in first.lower():
        return first
    named = next((row for row in line.text.split("\n") if line.subject.lower() in row.lower()), line.subject)
    return named.strip()[:300]


def _is_rollback(text: str) -> bool:
    low = text.lower()
    return any(word in low for word in ("rollback", "roll back", "rolled back", "revert", "回滚", "回退"))


@remembered
def _by_words(text: str, narrated: bool) -> tuple[Saying, ...]:
    sentences: dict[int, list[Cue]] = {}
    for cue in read_cues(text):
        sentences.setdefault(cue.sentence.start, []).append(cue)
    found: list[Saying] = []
    for cues in sentences.values():
        found += _sentence(cues, narrated)
    best: dict[Act, Saying] = {}
    for saying in found:
        if saying.act in _OWN and is_quoted(saying.words, text):
            saying = replace(saying, weight=saying.weight * 0.6)
        if saying.act not in best or saying.weight > best[saying.act].weight:
            best[saying.act] = saying
    return tuple(sorted(best.values(), key=lambda s: (-s.weight, s.act)))


_OWN: set[Act] = {"recovered", "cause", "fix_done"}
"""What another says in quotation marks is not what the speaker sees."""


def _sentence(cues: list[Cue], narrated: bool) -> Iterable[Saying]:
    sentence, stance = cues[0].sentence, cues[0].stance
    strong = {cue.category for cue in cues if cue.strong}
    seen = {cue.category for cue in cues}
    if sentence.pasted:
        return [Saying("investigated", 0.8, sentence.text)] if strong & {"symptom", "investigate"} else []

    def say(act: Act, weight: float) -> Saying:
        return Saying(act, weight, sentence.text, stance.uncertain, stance.past, stance.question)

    if any(cue.category == "cause" and _denied(sentence.text, cue.match) for cue in cues):
        strong = (strong - {"cause", "because"}) | {"ruled_out"}
    if any(cue.category in _BACK and _not_back(sentence.text, cue.match) for cue in cues):
        strong = (strong - _BACK) | {"not_recovered", "symptom"}
    found = [
        *([] if "unrelated" in strong else _about_fixes(cues, say, stance, narrated)),
        *([] if "unrelated" in strong else _about_recovery(strong, say, stance, sentence.text)),
        *_about_causes(strong, say, stance, sentence.text),
    ]
    if "finished" in strong and not (stance.question or stance.future or stance.negated or found):
        found.append(say("finished", 1.6))
    cleared = "not_recovered" not in strong and (
        strong & _BACK or _NO_TROUBLE.search(sentence.text) is not None
    )
    asked = "question_symptom" in strong and has_sign(sentence.text, "asks_of_trouble")
    if ("symptom" in strong or asked) and not cleared:
        asks = stance.question and "question_symptom" not in strong
        found.append(say("symptom", 0.6 if asks else 1.2 if stance.past else 2.0))
    simple: tuple[tuple[str, Act, float], ...] = (
        ("acknowledge", "acknowledged", 1.8), ("detect", "detected", 2.2), ("onset", "began", 1.8), ("declare", "declared", 2.5), ("notify", "notified", 1.8),
        ("communicate", "communicated", 2.0), ("investigate", "investigated", 1.3), ("confirm", "confirmed", 1.2),
        ("close", "closed", 2.2), ("change", "changed", 2.0), ("unrelated", "unrelated", 2.0), ("impact", "impact", 1.5),
        ("action", "action", 2.0), ("well", "well", 1.5), ("poorly", "poorly", 1.5), ("lucky", "lucky", 1.5), ("chatter", "chatter", 1.0), ("elsewhere", "elsewhere", 2.0),
    )  # fmt: skip
    for category, act, weight in simple:
        if category in strong:
            found.append(
                say(
                    act,
                    weight
                    * (0.4 if stance.question else 1.0)
                    * (0.7 if stance.future and act != "action" else 1.0),
                )
            )
        elif category in seen and act in {"chatter", "changed", "notified", "communicated"}:
            found.append(say(act, weight * 0.4))
    return found


def _denied(text: str, match: str) -> bool:
    """`it wasn't guilty`, `this is not the cause`: the cue stands right behind a negation."""
    return _NEGATION.search(text[: max(text.find(match), 0)]) is not None


def _not_back(text: str, match: str) -> bool:
    """`so not recovered`, `is not really resolved`: the negation stands right before it."""
    return has_sign(text[: max(text.find(match), 0)], "not_yet")


_BACK = {"recover", "works"}
_NEGATION = re.compile(r"(?:\bnot|n't|\bnever|\bno|不是|并非)\s*(?:\w+\s*){0,2}$", re.I)
_NO_TROUBLE = re.compile(
    r"没(?:啥|有|什么)?(?:问题|异常|报错)|一切正常|(?:都|很|是)正常|\b(?:no (?:issues?|problems?|errors?)|looks? (?:fine|ok|okay|good|normal|healthy))\b",
    re.I,
)
_NOT_DONE = re.compile(
    r"(?:没|没有|未|不用|不要|别|先别|还没)\s*(?:回滚|重启|重试|暂停|扩容|限流|切|停|关|改|动)|\b(?:not|n't|never|no need to|haven't|didn't)\s+(?:\w+\s+)?(?:roll|restart|revert|fail|scal|drain|disabl)",
    re.I,
)
_SUGGESTED = re.compile(
    r"\b(?:should|could|might) (?:we |probably )?(?:consider|try|just)|\bwe should\b|\bmaybe we\b|\bhow about\b|\bwhat if\b|要不(?:要)?|建议|能不能|是不是(?:先|该)",
    re.I,
)
LIFTED = re.compile(
    r"(?:限流|降级|熔断|流量|封禁|入口|按钮|功能)[^。！？\n]{0,4}(?:放开|解除|取消|去掉|撤)|\b(?:lift(?:ed|ing)?|remov(?:ed|ing)|un-?throttl\w*)\b.{0,20}\b(?:limits?|throttl\w*|blocks?)\b",
    re.I,
)
"""A mitigation is taken back: the incident is over for it, and it is no fix."""


_PAST_VERB = re.compile(r"\w(?:ed|back|undid)\b|\b(?:put|set|cut|sent|drained|undid|shut)\b|了", re.I)


def _about_fixes(cues: list[Cue], say, stance, narrated: bool) -> list[Saying]:  # type: ignore[no-untyped-def]
    strong, seen = {cue.category for cue in cues if cue.strong}, {cue.category for cue in cues}
    words = cues[0].sentence.text
    if "mitigate" not in strong or _NOT_DONE.search(words):
        return []
    if LIFTED.search(words):
        return [say("confirmed", 1.4)]
    if "hypothesis" in strong and "done" not in strong:
        return []
    if "not_recovered" in strong or ("ruled_out" in strong and "done" in strong):
        return [say("fix_failed", 1.8)]
    if stance.question or _SUGGESTED.search(words):
        return [say("fix_started", 0.5)]
    if "done" in strong and not stance.future and not stance.uncertain and "in_progress" not in strong:
        return [say("fix_done", 2.5)]
    if "in_progress" in seen or stance.future or (has_han(words) and not narrated):
        return [say("fix_started", 1.6)]  # a bare verb in Chinese chat is an order: 别说了 回滚
    if stance.uncertain or stance.negated:
        return []
    verb = next(cue.match for cue in cues if cue.category == "mitigate" and cue.strong)
    if not narrated and not _PAST_VERB.search(verb):
        return [say("fix_started", 1.0)]  # `rollback`, `failover`: named, not told as done
    return [say("fix_done", 1.8)]


def _about_recovery(strong: set[str], say, stance, words: str) -> list[Saying]:  # type: ignore[no-untyped-def]
    found = []
    if "not_recovered" in strong and (strong & {"symptom", *_BACK} or has_sign(words, "not_here")):
        found.append(say("not_recovered", 1.5))
    elif strong & _BACK and not stance.question and not _only_cleared(strong, words):
        sure = (
            not stance.uncertain
            and not stance.future
            and ("partial" not in strong or has_sign(words, "whole"))
        )
        sure = sure and not has_sign(words, "which_is_back")
        if "recover" not in strong and "symptom" in strong and not has_sign(words, "last_seen"):
            return found  # `people get it twice now`: what works here is the trouble
        weight = 2.5 if "recover" in strong else WORKS
        found.append(say("recovered" if sure else "maybe_recovered", weight if sure else 1.2))
    return found


WORKS = 1.6
"""`the gates open again`: one thing works; whether the incident is over, others must say too."""


def _only_cleared(strong: set[str], words: str) -> bool:
    """`redis looks fine, it's not redis` clears a suspect; it does not say that anything came back."""
    return ("ruled_out" in strong or has_sign(words, "answers_no")) and not _CAME_BACK.search(words)


_CAME_BACK = re.compile(r"\b(?:again|back|now|recover\w*|restor\w*|resolv\w*)\b|恢复|好了|回到|起来了", re.I)


_LOOKING = re.compile(
    r"在(?:拉|查|看|跑|排查|等)|正在|稍等|等下|\b(?:checking|looking|pulling|one sec|hang on)\b", re.I
)
ANSWERS_WHY = re.compile(r"\W*(?:because|cuz|cos|since)\b", re.I)
"""`because res2 is red too` gives the reason for what was said before, not the cause of the incident."""


def _about_causes(strong: set[str], say, stance, text: str) -> list[Saying]:  # type: ignore[no-untyped-def]
    found = []
    if "ruled_out" in strong and not stance.question:
        found.append(say("ruled_out", 1.4))
    if (
        strong & {"cause", "because"}
        and not stance.question
        and not ("ruled_out" in strong and "cause" not in strong)
    ):
        weight = 2.4 if "cause" in strong else 1.7
        weight += 0.4 if {"cause", "because"} <= strong else 0.0
        weight -= (0.6 if "cause" in strong else 0.9) if stance.uncertain or stance.future else 0.0
        weight -= 0.8 if _LOOKING.search(text) and "cause" not in strong else 0.0
        weight -= 0.8 if ANSWERS_WHY.match(text) else 0.0
        found.append(say("cause", weight))
    if "hypothesis" in strong:
        found.append(say("suspected", 1.0))
    return found
