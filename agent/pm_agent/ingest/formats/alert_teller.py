"""The text of one alert → its events, told once each however often a robot repeats it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pm_agent.evidence import Place, RawEvent, Signal
from pm_agent.ingest.formats.alert_blocks import Block, split_blocks
from pm_agent.ingest.formats.alert_events import subject_of, whereabouts
from pm_agent.ingest.formats.payloads import first_of
from pm_agent.ingest.signals import SignalText, bare, read_alert, tidy_subject
from pm_agent.reading.timeforms import read_time

_STARTED = re.compile(
    r"(?:首次|当次|本次)?(?:触发|告警|报警|故障|发生|开始|异常|产生|问题)(?:开始|发生)?时间|problem started|start(?:s|ed)?(?: ?at| time)?$"
    r"|(?:alert|event|trigger|fired) ?(?:at|time)|^time$|^时间$|^date$",
    re.I,
)
_ENDED = re.compile(
    r"(?:恢复|结束|解决|关闭)时间|problem (?:has been )?resolved|(?:end(?:s|ed)?|resolved|recovery|recovered)(?: ?at| ?time)?$",
    re.I,
)
_SENT = re.compile(r"(?:发送|通知|推送|当前)时间|sent ?(?:at|time)?$|^date/time$|^when$", re.I)
_ACKED = re.compile(r"^acknowledged$", re.I)
_TIME_FIRST = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T ]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| ?[+-]\d\d:?\d\d)?|\d{1,2}:\d\d(?::\d\d)?"
)
_ON_DAY = re.compile(r"^\d{1,2}:\d\d(?::\d\d)? on \d{4}[-./]\d\d?[-./]\d\d?")
_TAG = re.compile(r"(?P<key>[A-Za-z_]\w{0,40})=\"?(?P<value>[^\s,\]\"}]{1,80})")
_LABELS = {
    "服务": "service", "应用": "service", "服务名": "service", "命名空间": "namespace", "实例": "instance", "主机": "instance", "节点": "instance",
    "故障主机": "instance", "告警主机": "instance", "故障实例": "instance", "告警实例": "instance", "监控对象": "instance", "对象": "instance",
    "告警对象": "instance", "资源": "instance", "主机名": "instance", "ident": "instance", "hostname": "host",
}  # fmt: skip
_PROGRAMS = (
    ("夜莺", re.compile(r"规则标题|级别状态|规则备注")),
    ("Nagios", re.compile(r"^Notification Type: |\b(?:Service|Host) Alert: ", re.M)),
    ("Icinga", re.compile(r"Icinga")),
    ("Zabbix", re.compile(r"Original problem ID|Problem started at|zabbix", re.I)),
    ("Grafana", re.compile(r"^Silence: |^\W*Source: \S*grafana|\[Grafana\]", re.I | re.M)),
    ("阿里云监控", re.compile(r"阿里云|云监控")),
    ("Alertmanager", re.compile(r"alertname|Alertmanager", re.I)),
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_GAPS = re.compile(r"\n{2,}")


class Teller:
    """Remembers which alerts it has told, so that a repeated notification is not a second alert."""

    def __init__(self) -> None:
        self.fired: set[tuple[str, str]] = set()
        self.open: set[str] = set()

    def tell(self, block: Block, place: Place) -> Iterator[RawEvent]:
        """One event an alert; two where a recovery also says when the alert fired."""
        signal = signal_of(block)
        if signal is None:
            yield _event(block, place, None, "alert", None, _time(block, _SENT) or _time(block, _STARTED))
            return
        subject = subject_of(signal.subject, whereabouts(_labels(block)))
        began, ended, sent = _time(block, _STARTED), _time(block, _ENDED), _time(block, _SENT)
        key = (subject, began or "")
        if signal.signal == "resolved":
            if began and ended and key not in self.fired and subject not in self.open:
                self.fired.add(key)
                yield _event(block, place, "firing", subject, signal.severity, began)
            part = (
                Place(place.ordinal, place.line, place.line_end, place.pointer, 1)
                if began and ended
                else place
            )
            yield _event(block, part, "resolved", subject, signal.severity, ended or sent)
            self.open.discard(subject)
        elif signal.signal == "firing" and began and key in self.fired:
            yield _event(block, place, None, subject, signal.severity, sent)
        else:
            self.fired.add(key)
            self.open |= {subject} if signal.signal == "firing" else set()
            moment = _time(block, _ACKED) if signal.signal == "acknowledged" else began
            yield _event(block, place, signal.signal, subject, signal.severity, moment or sent)


def signal_of(block: Block) -> SignalText | None:
    """What the block says it is."""
    if _time(block, _ACKED) and (name := first_of(block.fields, "problem name")):
        return SignalText("acknowledged", tidy_subject(name), first_of(block.fields, "severity") or None)
    found = read_alert(block.text)
    if found is None and block.inherited:
        found = read_alert(f"{block.inherited}\n{block.text}")
    if (
        found is None
        and (_time(block, _STARTED) or _time(block, _ENDED))
        and (name := first_of(block.fields, "告警名称", "告警类型"))
    ):
        ended = _time(block, _ENDED) is not None
        return SignalText("resolved" if ended else "firing", name)
    return found


def _labels(block: Block) -> dict[str, str]:
    """The labels an alert carries: as tags (`[app=order ident=web-1]`) or as fields of their own."""
    found: dict[str, str] = {}
    for label, value in block.fields.items():
        name = _LABELS.get(label, label)
        if len(value) <= 60:
            found.setdefault(name, value)
    for match in _TAG.finditer(block.text[:8000]):
        found[_LABELS.get(match["key"], match["key"])] = match["value"]
    return found


def _time(block: Block, label: re.Pattern[str]) -> str | None:
    """The time written behind a label, without what else stands behind it."""
    for name, value in block.fields.items():
        if not label.search(name):
            continue
        if day := _ON_DAY.match(value):
            return day[0]
        found = value if read_time(value[:60]) else None
        if found is None and (match := _TIME_FIRST.search(value[:80])):
            found = match[0]
        if found:
            return found
    return None


def _event(
    block: Block,
    place: Place,
    signal: Signal | None,
    subject: str | None,
    severity: str | None,
    at: str | None,
) -> RawEvent:
    said = block.text[:4000]
    robot = "告警机器人" if _HAN.search(said) else "alert robot"
    program = next((name for name, pattern in _PROGRAMS if pattern.search(said)), robot)
    time, _, day = (at or "").partition(" on ")
    return RawEvent(
        place=place,
        text=block.text,
        raw_time=time or None,
        raw_date=day or None,
        kind="alert",
        actor=block.person or program,
        actor_kind="person" if block.person else "bot",
        signal=signal,
        subject=subject,
        severity=severity,
    )


def tell_text(teller: Teller, said: str, place: Place) -> Iterator[RawEvent]:
    """The events of one message; a message that is no alert is kept as it stands."""
    lines = [(number, line) for number, line in enumerate(bare(said).split("\n"), 1) if line.strip()]
    blocks = [block for block in split_blocks(lines) if isinstance(block, Block)]
    if len(blocks) == 1 and signal_of(blocks[0]):
        blocks[0].lines = [(number, line.strip()) for number, line in lines]
        yield from teller.tell(blocks[0], place)
    else:
        whole = Block(lines=[(1, _GAPS.sub("\n", bare(said)))])
        yield _event(whole, place, None, None, None, None)


def has_time(block: Block) -> bool:
    """True where one of the fields states when the alert began, ended or was sent."""
    return any(_time(block, label) for label in (_STARTED, _ENDED, _SENT))
