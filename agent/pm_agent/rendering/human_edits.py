"""A new draft of a Markdown report that people have edited: their lines stay, marked as theirs.

A written report carries a mark of each line it was written with. What differs from these marks is a person's work;
it is carried over to the new draft by a three-way comparison: written, edited, new.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

_LABEL = re.compile(r"\[\\\[E\d+\\\]\]|^- \*\*E\d+\*\*")
"""Numbers of evidence: they change from draft to draft, the anchors behind them don't."""
_CITE = re.compile(r"\[\\\[(E\d+)\\\]\]\(#([A-Za-z0-9_-]+)\)")
_ANCHOR = re.compile(r'<a id="([A-Za-z0-9_-]+)"></a>$')
_ROW = re.compile(r"^\|.*\|\s*$")
_RULE = re.compile(r"^\|[\s:|-]+\|\s*$|^(?:-{3,}|\*{3,}|_{3,})\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something, and whether a blank one stands before it."""

    text: str
    apart: bool
    fenced: bool = False

    @property
    def mark(self) -> str:
        """What tells it from others: its words, whatever the numbers of its evidence."""
        words = " ".join(_LABEL.sub("[E]", self.text).split())
        return hashlib.sha256(words.encode()).hexdigest()[:8]


def lines_of(text: str) -> list[Line]:
    """The lines of a text without the blank ones."""
    found: list[Line] = []
    apart, fenced = False, False
    for raw in text.splitlines():
        if not raw.strip():
            apart = True
            continue
        fence = raw.lstrip().startswith(("```", "~~~"))
        found.append(Line(raw, apart, fenced or fence))
        fenced, apart = fenced != fence, False
    return found


def line_marks(text: str) -> list[str]:
    """The marks of a text's lines, in order."""
    return [line.mark for line in lines_of(text)]


@dataclass
class Merged:
    """The new draft with what people wrote."""

    text: str
    """As it is written, provenance and all, once it is stamped."""
    kept: int
    """Lines of theirs in it."""
    removed: int
    """Lines that they took out and that stay out."""
    body: str = ""
    """The text without its provenance."""
    passed_over: list[str] = field(default_factory=list)
    """What the new draft says where a person's words stand."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """What a person did: lines [begin, end) of the written draft became these."""

    begin: int
    end: int
    lines: tuple[Line, ...]


def merge(written: Sequence[str], edited: str, new: str, mark: str) -> Merged:
    """The new draft with a person's changes.

    Args:
        written: marks of the lines as they were written.
        edited: the report as a person left it, without its provenance.
        new: the new draft.
        mark: what is put behind a person's line, so that a reader can tell.
    """
    theirs, fresh = lines_of(edited), lines_of(new)
    edits = list(_edits(written, theirs))
    places = _places(written, [line.mark for line in fresh])
    result, merged, at = [], Merged("", 0, 0), 0
    for edit in edits:
        inserted = edit.begin == edit.end
        begin = max((places.low if inserted else places.high)[edit.begin], at)
        end = begin if inserted else max(places.low[edit.end], begin)
        result += fresh[at:begin]
        passed = [line for line in fresh[begin:end] if line.mark not in set(written[edit.begin : edit.end])]
        merged.passed_over += [line.text for line in passed]
        result += _marked(edit.lines, mark)
        merged.kept += len(edit.lines)
        merged.removed += 0 if edit.lines else edit.end - edit.begin
        at = end
    result += fresh[at:]
    merged.text = merged.body = _with_cited(_printed(result), edited, new)
    return merged


def _edits(written: Sequence[str], theirs: Sequence[Line]) -> Iterator[_Edit]:
    matcher = SequenceMatcher(None, list(written), [line.mark for line in theirs], autojunk=False)
    for tag, begin, end, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield _Edit(begin, end, tuple(theirs[first:last]))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the gaps between lines of the written draft lie in the new one; new lines lie between low and high."""

    low: tuple[int, ...]
    high: tuple[int, ...]


def _places(written: Sequence[str], fresh: Sequence[str]) -> _Places:
    low, high = [0] * (len(written) + 1), [0] * (len(written) + 1)
    matcher = SequenceMatcher(None, list(written), list(fresh), autojunk=False)
    for _, begin, end, first, last in matcher.get_opcodes():
        for gap in range(begin + 1, end + 1):
            low[gap] = high[gap] = min(first + gap - begin, last)
        high[end] = last
    return _Places(tuple(low), tuple(high))


def _marked(lines: Sequence[Line], mark: str) -> list[Line]:
    found = []
    for n, line in enumerate(lines):
        after = lines[n + 1] if n + 1 < len(lines) else None
        text = _with_mark(line.text, mark) if _markable(line, after, mark) else line.text
        found.append(Line(text, line.apart, line.fenced))
    return found


def _markable(line: Line, after: Line | None, mark: str) -> bool:
    """The last line of a paragraph, a list item or a row of a table, unless it is marked already."""
    text = line.text.lstrip()
    if line.fenced or mark in text or _RULE.match(text) or text.startswith(("#", "<!--", "<a ")):
        return False
    runs_on = after is not None and not after.apart and _is_prose(text) and _is_prose(after.text.lstrip())
    return not runs_on


def _is_prose(text: str) -> bool:
    return not re.match(r"[-*+>#|]|\d+[.)]\s|<", text)


def _with_mark(text: str, mark: str) -> str:
    if _ROW.match(text):
        return f"{text.rstrip().removesuffix('|').rstrip()} {mark} |"
    return f"{text.rstrip()} {mark}"


def _printed(lines: Sequence[Line]) -> str:
    return "".join(("\n" if line.apart and n else "") + line.text + "\n" for n, line in enumerate(lines))


def _with_cited(text: str, edited: str, new: str) -> str:
    """The text with the numbers that evidence has in the new draft; evidence that only a person cites is kept."""
    labels = {anchor: label for label, anchor in _evidence(new)}
    kept = {anchor: block for anchor, block in _blocks(edited)}
    missing = [a for _, a in _CITE.findall(text) if a not in labels and a in kept]
    number = max((int(label[1:]) for label in labels.values()), default=0)
    extra = []
    for anchor in dict.fromkeys(missing):
        number += 1
        labels[anchor] = f"E{number}"
        extra.append(re.sub(r"- \*\*E\d+\*\*", f"- **E{number}**", kept[anchor], count=1))
    text = _CITE.sub(lambda m: f"[\\[{labels.get(m[2], m[1])}\\]](#{m[2]})", text)
    return _appended(text, extra)


def _evidence(text: str) -> Iterator[tuple[str, str]]:
    """(label, anchor) of each line of the evidence appendix."""
    waiting = None
    for line in text.splitlines():
        if found := _ANCHOR.match(line):
            waiting = found[1]
        elif waiting and (label := re.match(r"- \*\*(E\d+)\*\*", line)):
            yield label[1], waiting
            waiting = None


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(anchor, lines) of each line of the evidence appendix."""
    lines = text.splitlines()
    for n, line in enumerate(lines):
        if found := _ANCHOR.match(line):
            block = [line]
            for after in lines[n + 1 :]:
                if not after.strip():
                    break
                block.append(after)
            yield found[1], "\n".join(block)


def _appended(text: str, extra: Sequence[str]) -> str:
    """Evidence put behind the last evidence of the text."""
    if not extra:
        return text
    blocks = list(_blocks(text))
    if not blocks:
        return text.rstrip() + "\n\n" + "\n\n".join(extra) + "\n"
    last = blocks[-1][1]
    at = text.rindex(last) + len(last)
    return text[:at] + "\n\n" + "\n\n".join(extra) + text[at:]
