"""A mail (.eml) with the thread it quotes, or a thread copied out of a mail program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import ClassVar

from pm_agent.errors import UnreadableSource
from pm_agent.evidence import Place, RawEvent, Series, Skipped
from pm_agent.ingest.encoding import detect_encoding
from pm_agent.ingest.formats.html_text import html_text
from pm_agent.ingest.formats.mail_thread import Mail, mails_in, person
from pm_agent.ingest.signals import classify
from pm_agent.ingest.source import MAX_DOCUMENT, Source

_HEADER = re.compile(r"^(?P<key>[A-Za-z][A-Za-z0-9-]{1,40}):\s?(?P<value>.*)$")
_COPIED = re.compile(r"^[*\s]{0,4}(?P<key>发件人|发送时间|收件人|主题|From|Sent|To|Subject)\s?[:：]", re.I)
_MACHINE = re.compile(
    r"no-?reply|donotreply|alert|monitor|notif|jenkins|robot|\bbot\b|system|pagerduty|opsgenie|grafana|zabbix|nagios|icinga|datadog|sentry|newrelic|告警|监控|系统|机器人",
    re.I,
)
_CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "unicode-1-1-utf-7": "utf-7"}


class EmailMessage:
    """The mail is one event; every older mail it quotes is one of its own, at the time the quotation states."""

    name: ClassVar[str] = "email"
    describes: ClassVar[str] = (
        "e-mail (.eml) with its quoted thread, or a thread copied out of a mail program"
    )

    def fits(self, source: Source) -> float:
        """Sure of RFC 822 headers; fairly sure of the heading that mail programs print."""
        keys = _header_keys(source)
        if "from" in keys and keys & {"date", "received", "message-id", "mime-version"}:
            return 0.95
        copied = {m["key"].lower() for line in source.head_lines[:12] if (m := _COPIED.match(line[:200]))}
        sender, sent = copied & {"发件人", "from"}, copied & {"发送时间", "sent"}
        return 0.85 if sender and sent and copied & {"主题", "subject", "收件人", "to"} else 0.0

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """The mail, then those it quotes."""
        data = _all_bytes(source)
        tally = source.tally
        tally.counted = True
        tally.read = sum(bool(line.strip()) for line in data.split(b"\n"))
        keys = _header_keys(source)
        message = message_from_bytes(data) if "from" in keys else None
        if message is not None:
            text, offset = _body(message, source), _body_line(message, data)
        else:
            text, offset = source.text(), 0
        events = 0
        for part, mail in enumerate(mails_in(text.split("\n"))):
            if part == 0 and message is not None:
                _from_headers(mail, message)
            if event := _event(mail, part, offset):
                events += 1
                yield event
        tally.parsed = min(events, tally.read)
        tally.continued = tally.read - tally.parsed

    def people(self, source: Source) -> Mapping[str, str]:
        """The names that stand before the addresses of a mail, by the part before the @."""
        message = message_from_bytes(source.head)
        written = [header(message, key) for key in ("From", "To", "Cc")]
        return {
            address.split("@")[0]: name
            for name, address in getaddresses([value for value in written if value])
            if name and "@" in address and not _MACHINE.search(f"{name} {address}")
        }


def header(message: Message, key: str) -> str:
    """A header with its encoded words and stray bytes decoded, or empty."""
    try:
        value = str(message.get(key) or "")
        raw = value.encode("utf-8", "surrogateescape")
        if not value.isascii():
            value = raw.decode(detect_encoding(raw), "replace")
        return re.sub(r"\s+", " ", str(make_header(decode_header(value)))).strip()
    except (MessageError, LookupError, ValueError, UnreadableSource):
        return re.sub(r"\s+", " ", str(message.get(key) or "")).strip()


def _header_keys(source: Source) -> set[str]:
    keys: set[str] = set()
    for line in source.head_text.split("\n")[:200]:
        match = _HEADER.match(line[:300])
        if match:
            keys.add(match["key"].lower())
        elif not (line[:1] in {" ", "\t"} and line.strip() and keys) and not line.startswith("From "):
            break
    return keys


def _all_bytes(source: Source) -> bytes:
    data = b""
    for piece in source.chunks():
        data += piece
        if len(data) > MAX_DOCUMENT:
            raise UnreadableSource("too large for a mail", path=source.path)
    return data


def _body(message: Message, source: Source) -> str:
    """The text of a mail: the plain part, else the HTML one; attachments are named as left out."""
    plain: list[str] = []
    pages: list[str] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), part.get_filename()
        if name or kind not in {"text/plain", "text/html"}:
            source.tally.skipped.append(Skipped(source.path, f"attachment {str(name or kind)!r} is not read"))
            continue
        text = _decoded(part)
        (plain if kind == "text/plain" else pages).append(text if kind == "text/plain" else html_text(text))
    return "\n".join(plain if any(text.strip() for text in plain) else pages).replace("\r\n", "\n")


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return str(part.get_payload())
    charset = (part.get_content_charset() or "").lower()
    try:
        return data.decode(_CHARSETS.get(charset, charset) or detect_encoding(data))
    except (LookupError, ValueError, UnreadableSource):
        pass
    try:
        return data.decode(detect_encoding(data), "replace")
    except UnreadableSource:
        return ""


def _body_line(message: Message, data: bytes) -> int | None:
    """How many lines stand above the text, or None where the text is encoded or in parts."""
    encoding = str(message.get("Content-Transfer-Encoding") or "7bit").lower().strip()
    if (
        message.is_multipart()
        or message.get_content_type() != "text/plain"
        or encoding not in {"7bit", "8bit"}
    ):
        return None
    normal = data.replace(b"\r\n", b"\n")
    end = normal.find(b"\n\n")
    return normal.count(b"\n", 0, end) + 2 if end >= 0 else None


def _from_headers(mail: Mail, message: Message) -> None:
    mail.sender = person(header(message, "From"))
    mail.date = re.sub(r"\s*\([^()]*\)\s*$", "", header(message, "Date")) or None
    mail.subject = header(message, "Subject") or None


def _event(mail: Mail, part: int, offset: int | None) -> RawEvent | None:
    text = "\n".join([*([mail.subject] if mail.subject else []), *mail.text]).strip()
    if not text:
        return None
    line = 1 if offset is None or (part == 0 and offset) else mail.line + offset + 1
    last = mail.last + offset + 1 if offset is not None else None
    is_bot = bool(mail.sender and _MACHINE.search(mail.sender))
    kind, signal = classify(text, "bot" if is_bot else "person")
    return RawEvent(
        place=Place(line, line, last if last and last > line else None, part=part),
        text=text,
        raw_time=mail.date,
        kind=kind,
        actor=mail.sender,
        actor_kind="bot" if is_bot else "person",
        signal=signal.signal if signal else None,
        subject=signal.subject if signal else None,
        severity=signal.severity if signal else None,
    )
