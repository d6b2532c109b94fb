"""`git log`: default, fuller, --stat, -p, and one line a commit where it has a date.

A commit has two dates. The author's is when the change was written, the committer's when it entered the branch (after a
rebase, an amend or a merge on the server they lie days apart); the committer's counts, and both stay in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.change_events import change_event, short
from pm_agent.ingest.formats.pasted import Line, all_lines
from pm_agent.ingest.source import Source
from pm_agent.reading.timeforms import read_time

_GRAPH = r"(?:[*|\\/_ ]{0,12}(?<=[* ]))?"
_COMMIT = re.compile(
    rf"{_GRAPH}commit (?P<sha>[0-9a-f]{{7,64}})(?: [0-9a-f]{{7,64}})*(?P<refs> \(.{{1,300}}\))?\s*$"
)
_HEADER = re.compile(
    r"(?:[|\\/ ]{0,12})(?P<key>Author|AuthorDate|Commit|CommitDate|Date|Merge|Reflog|gpg): ? {0,8}(?P<value>.{0,400})$"
)
_EMAIL = re.compile(r"\s*<[^>]{0,200}>$")
_ONE = re.compile(
    rf"{_GRAPH}(?:(?P<sha>[0-9a-f]{{7,40}})\b(?P<refs> \([^)]{{1,200}}\))?[\s,|:-]{{1,4}})?"
    r"(?:(?P<who>[^\W\d][^|,\n\d]{0,60})[,|] ?)?"
    r"[\[(]?(?P<time>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?: ?(?:[+-]\d\d:?\d\d|Z))?)?|"
    r"[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4}(?: [+-]\d{4})?)[\])]?"
    r"[\s,|:-]{1,4}(?:(?P<late>[0-9a-f]{7,40})\b[\s,|:-]{1,4})?(?P<rest>\S.{0,2000})"
)
_DRAWN = re.compile(r"(?:[*|\\/_](?:[ ]|$))+|[|\\/_]+(?:[ ]|$)|  ")
"""What --graph draws before a line."""
_BOT = re.compile(r"\[bot\]$|^(?:dependabot|renovate|GitHub Actions?)\b", re.I)
_STAT = re.compile(
    r" \S.{0,300} \|\s+(?:\d+|Bin\b)| \d+ files? changed|[MADRCT]\d{0,3}\t\S|\d+\t\d+\t\S|:\d{6} "
)
_KEPT = 40
"""Lines of a diff that an event shows; the rest is counted."""


class GitLog:
    """One event a commit."""

    name: ClassVar[str] = "git-log"
    describes: ClassVar[str] = (
        "git log: default, --format=fuller, --stat, -p, and one line a commit with a date"
    )

    def fits(self, source: Source) -> float:
        """Sure of `commit <hash>` over an author; of dated lines where each has a hash."""
        lines = source.head_lines[:200]
        heads = [at for at, line in enumerate(lines) if _COMMIT.match(line)]
        whole = sum(any(_HEADER.match(line) for line in lines[at + 1 : at + 3]) for at in heads)
        if (
            whole and whole * 2 >= len(heads) and heads[0] <= 3
        ):  # a note that quotes a commit begins with words
            return 0.93
        single = sum(bool(_one(line)) for line in lines)
        return 0.9 if single and single * 10 >= len(lines) * 8 else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """Commits in the file's order, newest first as git writes them."""
        source.tally.counted = True
        lines = all_lines(source)
        blocks = any(_COMMIT.match(line) for _, line in lines)
        yield from _blocks(source, lines) if blocks else _singles(source, lines)


def _one(line: str) -> re.Match[str] | None:
    found = _ONE.match(line)
    return found if found and (found["sha"] or found["late"]) else None


def _singles(source: Source, lines: list[Line]) -> Iterator[RawEvent]:
    for number, line in lines:
        found = _one(line)
        if found is None or read_time(found["time"]) is None:
            source.tally.miss(number)
            continue
        source.tally.parsed += 1
        sha = short(found["sha"] or found["late"])[:7]
        refs = (found["refs"] or "").strip()
        who, said = (found["who"] or "").strip(), found["rest"].strip()
        if not who and found[0].count("|") >= 3 and "|" in said:  # hash|date|author|title
            who, said = (part.strip() for part in said.split("|", 1))
        is_bot = bool(_BOT.search(who))
        yield change_event(
            Place(number, number), f"commit {sha}{' ' + refs if refs else ''}: {said}", found["time"], program="git",
            subject=sha, person="" if is_bot else who, bot=who if is_bot else "",
        )  # fmt: skip


def _blocks(source: Source, lines: list[Line]) -> Iterator[RawEvent]:
    if any(line.lstrip("|\\/ ").startswith("* commit ") for _, line in lines):
        lines = [(number, _DRAWN.sub("", line)) for number, line in lines]
    tally, starts = source.tally, [at for at, (_, line) in enumerate(lines) if _COMMIT.match(line)]
    for number, line in lines[: starts[0]]:
        if line.lstrip().startswith(("$", "#", ">")):
            tally.parsed += 1
        else:
            tally.miss(number)
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        tally.parsed += 1
        tally.continued += end - at - 1
        yield _commit(lines[at:end])


def _commit(lines: list[Line]) -> RawEvent:
    head = _COMMIT.match(lines[0][1])
    assert head is not None
    headers: dict[str, str] = {}
    at = 1
    while at < len(lines) and (found := _HEADER.match(lines[at][1])):
        headers[found["key"]] = found["value"].strip()
        at += 1
    message, files, diff = _body([line for _, line in lines[at:]])
    sha = short(head["sha"])[:7]
    author, committer = (_EMAIL.sub("", headers.get(key, "")) for key in ("Author", "Commit"))
    dated = headers.get("CommitDate") or headers.get("Date") or headers.get("AuthorDate") or ""
    title, _, rest = "\n".join(message).strip().partition("\n")
    said = [f"commit {sha}{head['refs'] or ''}: {title}", *([rest] if rest.strip() else [])]
    notes = _notes(headers, author, committer)
    said += [f"({notes})"] if notes else []
    said += files + _shown(diff)
    first, last = lines[0][0], lines[-1][0]
    return change_event(
        Place(first, first, last if last > first else None), "\n".join(said), dated,
        program="git", subject=sha, person="" if _BOT.search(author) else author, bot=author if _BOT.search(author) else "",
    )  # fmt: skip


def _notes(headers: dict[str, str], author: str, committer: str) -> str:
    notes = []
    if "CommitDate" in headers and headers.get("AuthorDate") not in {None, headers["CommitDate"]}:
        notes.append(f"author date {headers['AuthorDate']}, commit date {headers['CommitDate']}")
    elif "CommitDate" not in headers and "Date" in headers:
        notes.append("author date; the log shows no commit date")
    if committer and committer != author:
        notes.append(f"committed by {committer}")
    return "; ".join(notes)


def _body(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The message without its indent, the lines of --stat, and the diff."""
    message: list[str] = []
    files: list[str] = []
    diff: list[str] = []
    for line in lines:
        if diff or line.startswith("diff --"):
            diff.append(line)
        elif _STAT.match(line) and not line.startswith("    "):
            files.append(line.strip())
        else:
            message.append(line.removeprefix("    ").rstrip())
    return message, files, diff


def _shown(diff: list[str]) -> list[str]:
    if not diff:
        return []
    left = len(diff) - _KEPT
    more = [f"({left} more lines of the diff)"] if left > 0 else []
    return ["```diff", *(line.replace("```", "'''") for line in diff[:_KEPT]), "```", *more]
