"""A mail's text → what is new in it, and the older mails it quotes, each with the time its quotation states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pm_agent.reading.timeforms import read_time

_ON_WROTE = re.compile(
    r"^(?:On|Am|Le|El)\s+(?P<said>.{6,200}?)\s*(?:wrote|schrieb|a écrit|escribió)\s*:\s*$", re.I | re.S
)
_ZH_WROTE = re.compile(r"^(?:在\s*|于\s*)?(?P<said>.{6,200}?)\s*(?:写道|写到)\s*[:：]\s*$", re.S)
_ADDRESS = re.compile(r"[<(（\[]?\s*(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}\s*[>)）\]]?")
_RULE = re.compile(
    r"^\W*(?:Original Message|原始邮件|Forwarded message|转发邮件|Begin forwarded message|邮件原件)\W*$", re.I
)
_FIELD = re.compile(
    r"^[*\s]{0,4}(?P<key>From|Sent|Date|To|Cc|Subject|发件人|发送时间|日期|时间|收件人|抄送|主题)\s{0,3}\*{0,2}\s?[:：]\s?\*{0,2}\s{0,3}(?P<value>.*)$",
    re.I,
)
_QUOTE = re.compile(r"^(?:\s?>)+ ?")
_KEYS = {
    "from": "from", "发件人": "from", "sent": "date", "date": "date", "发送时间": "date", "日期": "date", "时间": "date",
    "subject": "subject", "主题": "subject",
}  # fmt: skip
_LONGEST = 300


@dataclass
class Mail:
    """One mail of a thread."""

    line: int
    """0-based line of the text at which it begins."""
    sender: str | None = None
    date: str | None = None
    subject: str | None = None
    text: list[str] = field(default_factory=list)
    last: int = 0


def mails_in(lines: list[str]) -> Iterator[Mail]:
    """The mail itself, then those it quotes, newest first as they stand."""
    mail, at = Mail(0), 0
    while at < len(lines):
        opened, taken = _opens(lines, at)
        if opened is not None:
            yield mail
            mail = opened
        elif not _RULE.match(lines[at][:_LONGEST]):
            mail.text.append(_QUOTE.sub("", lines[at]))
        mail.last = at + taken - 1
        at += taken
    yield mail


def _opens(lines: list[str], at: int) -> tuple[Mail | None, int]:
    """The older mail that begins at this line with how many lines its heading takes; (None, 1) where none does."""
    bare = [_QUOTE.sub("", line[:_LONGEST]).strip() for line in lines[at : at + 8]]
    for count in (1, 2, 3):  # clients break the sentence at eighty characters
        said = " ".join(bare[:count])
        match = _ON_WROTE.match(said) or _ZH_WROTE.match(said)
        if match and (mail := _of_sentence(match["said"], at)):
            return mail, count
    fields: dict[str, str] = {}
    taken = 0
    for taken, line in enumerate(bare):  # noqa: B007 - the first line that is no field ends the heading
        found = _FIELD.match(line)
        if found is None:
            break
        fields[_KEYS.get(found["key"].lower(), found["key"].lower())] = found["value"].strip()
    if "from" in fields and "date" in fields and taken >= 2:
        return Mail(at, person(fields["from"]), fields["date"] or None, fields.get("subject")), taken
    return None, 1


def _of_sentence(said: str, at: int) -> Mail | None:
    """`Tue, Feb 3, 2026 at 9:14 AM Mira Holt <mira@…>` as time and person: the longest start that is a time."""
    said = re.sub(r"\s+", " ", _ADDRESS.sub("", said)).strip(" ,，")
    cuts = [match.start() for match in re.finditer(r"[\s,，]", said)] + [len(said)]
    for cut in reversed(cuts[:24]):
        start = said[:cut].strip(" ,，")
        reading = read_time(start)
        if reading is not None and reading.hour is not None:
            return Mail(at, person(said[cut:]), start)
    return None


def person(written: str) -> str | None:
    """`"Mira Holt" <mira@example.com>` → Mira Holt; the address where there is no name."""
    address = _ADDRESS.search(written)
    name = _ADDRESS.sub("", written).strip(" \"'<>;,，[]")
    return name or (address[0].strip(" <>()[]") if address else None)
