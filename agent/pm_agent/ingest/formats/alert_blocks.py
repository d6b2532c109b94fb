"""Alert texts one below the other → one block an alert: a title, then `label: value` lines, whatever rules them off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pm_agent.ingest.signals import bare, read_head

_RULER = re.compile(r"^\s*[-=*_~#—─＝]{3,}(?:\s*end\s*[-=*_~#—─＝]{3,})?\s*$", re.I)
_FIELD = re.compile(
    r"^[^\w\n\[【{]{0,8}(?P<label>[A-Za-z\u4e00-\u9fff][^:：=\n]{0,40}?)\s*(?:[:：]|\s=\s|=(?=\S))[*\s]*(?P<value>.*)$"
)
_PROSE = re.compile(
    r"^(?:\S.{0,60} )?(?P<label>problem (?:started|(?:has been )?resolved)|acknowledged)(?: problem)? (?:at|in)\s+(?P<value>\S.*?)[.\s]*$",
    re.I,
)
_DID = re.compile(r"^(?P<who>\S.{0,60}) acknowledged problem at ")
"""Zabbix writes its times as sentences."""
_KEY = re.compile(
    r"规则(?:标题|名称)|级别状态|[告报]警(?:名称|标题|主题|规则|类型|状态|项)|alert ?name|problem (?:name|started)|rule ?name|notification type$|acknowledged$",
    re.I,
)
_SUBJECT = re.compile(r"^(?:Subject|主题|标题)\s*[:：]\s*", re.I)
_LONGEST_LABEL_LINE = 2000


@dataclass
class Block:
    """One alert as text."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    """Line number and text without markup; rulers are left out of the text, though counted in `taken`."""
    fields: dict[str, str] = field(default_factory=dict)
    """The first value of each label, labels in lower case."""
    title: str = ""
    inherited: str = ""
    """The title of the block above, where one title stands over several alerts."""
    person: str = ""
    """Who did it, where the program says so."""
    taken: int = 0
    formed: int = 0
    """How many lines are a title, a field, a tag or a ruler, and no free words."""

    @property
    def text(self) -> str:
        """The alert without markup."""
        return "\n".join(text for _, text in self.lines)


def split_blocks(lines: Sequence[tuple[int, str]]) -> Iterator[Block | int]:
    """The blocks in order; a line that belongs to none is given by its number."""
    block: Block | None = None
    last = 0
    for number, written in lines:
        line = bare(written).strip()
        after_gap, last = number > last + 1, number
        if _RULER.match(line[:_LONGEST_LABEL_LINE]):
            block = block or Block()
            block.taken, block.formed = block.taken + 1, block.formed + 1
            last = 0
            continue
        title, pair = _title(line), _pair(line)
        if _opens(block, title, pair, after_gap):
            inherited = block.title or block.inherited if block and not title else ""
            carried = block.taken if block and not block.lines else 0
            if block and block.lines:
                yield block
            block = Block(title=title, inherited=inherited, taken=carried, formed=carried)
        if (
            block is None
            or not (block.lines or title or pair)
            or (after_gap and _is_foreign(block, title, pair, line))
        ):
            yield number
            continue
        _add(block, number, line, title, pair)
    if block and block.lines:
        yield block


def _title(line: str) -> str:
    """The title of an alert, also where a mail's subject holds it."""
    said = _SUBJECT.sub("", line)
    return said if read_head(said) is not None else ""


def _pair(line: str) -> tuple[str, str] | None:
    """Label and value of a line that has both."""
    short = line[:_LONGEST_LABEL_LINE]
    if match := _PROSE.match(line[:200]):
        return match["label"].lower(), match["value"]
    if match := _FIELD.match(short):
        return match["label"].strip("*_ `").lower(), match["value"].strip("*_ `")
    return None


def _opens(block: Block | None, title: str, pair: tuple[str, str] | None, after_gap: bool) -> bool:
    """A title opens a block, unless it only goes on with the title above; so does a name that was already given."""
    if block is None:
        return bool(title or (pair and _KEY.match(pair[0])))
    if title:
        return not block.title or bool(block.fields)
    if pair is None or not _KEY.match(pair[0]):
        return False
    return pair[0] in block.fields or not block.lines or (after_gap and bool(block.fields))


def _is_foreign(block: Block, title: str, pair: tuple[str, str] | None, line: str) -> bool:
    """Free words below a gap, once the block has its fields, are somebody's remark."""
    return bool(block.fields) and not title and pair is None and not line.startswith(("-", "[", "·", "•"))


def _add(block: Block, number: int, line: str, title: str, pair: tuple[str, str] | None) -> None:
    block.lines.append((number, title or line))
    block.taken += 1
    block.title = block.title or title
    if pair and (not title or _PROSE.match(line[:200])):
        block.fields.setdefault(*pair)
    if did := _DID.match(line[:200]):
        block.person = did["who"]
    block.formed += bool(title or pair or line.startswith(("- ", "[", "http")))
