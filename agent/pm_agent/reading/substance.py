"""How much a line tells by itself: named things, figures and words of the incident; and what a terse line answers.

People in an incident seldom say "I found": they write `507 only on shard-2` or `done`. The first is worth a row
though no cue stands in it; the second says something only together with the line before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from pm_agent.reading.cues import has_sign, read_cues, stance_of
from pm_agent.reading.lines import Line
from pm_agent.reading.topic import Topic, tokens

_NAMED = re.compile(
    r"`[^`\n]+`|[A-Za-z]+[_./:-][\w./:-]*\w|[A-Za-z]+\d[\w-]*|\b[A-Z]{2,}\b|[a-z]+[A-Z]\w+|\d+(?:[.,:/]\d+)*\s?(?:%|ms|[GMK]B?|[smhd]\b|万|千|条|个|次|台|批|行|张|笔)?"
)
_ALIAS = re.compile(r"@?(?:工程师\s?[A-Z]{1,2}|Engineer [A-Z]{1,2}|Incident commander|事故指挥官)")
_LINK = re.compile(
    r"\b\w+(?::\w+)*://\S+|\[(?:图片|表情|文件|语音|视频|image|photo|file|sticker)[^\]\n]{0,20}\]", re.I
)
_PASTED = re.compile(r"^\s*(?:[{\[<]|\$ |# |at \w+\.|E\s+\{|Traceback|\w+://)|\bat [\w.$]+\(")
"""What a machine printed and a person pasted."""
_SOON = timedelta(minutes=4)
_TERSE = 5
"""A line with fewer words says little without the line before; two Chinese characters make a word."""
_BARE = 2
_HAN = re.compile(r"[\u4e00-\u9fff]")
_EMPTY = frozenset("的了已经被在是又也都把给这那个还就再呢吧啊哈吗我你他她们")


def substance(line: Line, topic: Topic) -> float:
    """0 for chatter and bare questions; about 2 for a line that names things of this incident with figures."""
    text = _LINK.sub("", _ALIAS.sub("", line.text)).strip()
    if len(text) < 4:
        return 0.0
    named = len({m[0] for m in _NAMED.finditer(text)})
    score = 0.28 * min(named, 4) + 0.2 * min(topic.relevance(text), 5.0) + 0.1 * min(_length(text), 8.0)
    stance = stance_of(text)
    seen = {cue.category for cue in read_cues(text)}
    if stance.question:
        score *= 0.4
    if "hypothesis" in seen:
        score *= 0.4  # what was suspected has its own table
    elif stance.uncertain or stance.future:
        score *= 0.8
    return score * (0.3 if seen & {"chatter", "action"} or _PASTED.search(line.text) else 1.0)


def is_terse(text: str) -> bool:
    """True where a line says too little to stand alone: `done`, `rw 了`, `停了`."""
    return _length(text) < _TERSE


def is_bare(text: str) -> bool:
    """True where there is hardly a word: `thanks`, `挂`, `好`."""
    return _length(text) < _BARE


def answered(lines: Sequence[Line], at: int) -> list[Line]:
    """The lines right before the terse one at `at` that say what it is about; nearest last, at most two."""
    line = lines[at]
    found: list[Line] = []
    told = _length(line.text)
    for before in reversed(lines[max(0, at - 4) : at]):
        if line.at is None or before.at is None or line.at - before.at > _SOON or len(found) == 2:
            break
        if not before.by_person or before.commands or before.thread != line.thread:
            continue
        more = _length(before.text)
        if has_sign(before.text, "everyday"):
            continue
        if more < 1 or (before.actor != line.actor and not _calls_for_answer(before.text)):
            continue
        found.insert(0, before)
        told += more
        if told >= _TERSE:
            break
    return found


_CALLS = {"order", "mitigate", "hypothesis", "in_progress"}


def _calls_for_answer(text: str) -> bool:
    """A question, an order, a proposal, a mention: what the next terse line is likely to answer."""
    cues = {cue.category for cue in read_cues(text) if cue.strong}
    return "chatter" not in cues and ("@" in text or stance_of(text).question or bool(cues & _CALLS))


def _length(text: str) -> float:
    """How many words a line tells."""
    text = _LINK.sub("", _ALIAS.sub("", text))
    han = sum(1 for c in _HAN.findall(text) if c not in _EMPTY)
    return han / 2 + len({t for t in tokens(text) if t.isascii()})
