"""What alert robots posted, collected in a text file or sent as a robot's JSON: 夜莺, Alertmanager, Zabbix, Grafana, clouds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pm_agent.evidence import Place, RawEvent, Series
from pm_agent.ingest.formats.alert_blocks import Block, split_blocks
from pm_agent.ingest.formats.alert_teller import Teller, has_time, signal_of, tell_text
from pm_agent.ingest.formats.pasted import all_lines
from pm_agent.ingest.formats.payloads import field, first_of, glance, objects, payloads, text
from pm_agent.ingest.signals import read_alert
from pm_agent.ingest.source import Source


class AlertText:
    """Blocks of a title and fields; the times stand among the fields."""

    name: ClassVar[str] = "alert-text"
    describes: ClassVar[str] = (
        "alert robots' texts in a file or as robot JSON: Nightingale, Alertmanager robots, Zabbix, Grafana, cloud monitors"
    )

    def fits(self, source: Source) -> float:
        """Where nearly every line is a title or a field of an alert, so that a chat with alerts in it stays a chat."""
        posts = [_robot_text(value) for value in glance(source)]
        if sum(bool(post and read_alert(post)) for post in posts) * 2 > len(posts):
            return 0.8
        lines = list(enumerate(source.head_text.split("\n")[:400], 1))
        blocks = list(split_blocks([item for item in lines if item[1].strip()]))
        alerts = [b for b in blocks if isinstance(b, Block) and signal_of(b) is not None]
        timed = sum(has_time(b) for b in alerts)
        formed, taken = sum(b.formed for b in alerts), sum(line.strip() != "" for _, line in lines)
        if not alerts or timed * 2 < len(alerts) or formed * 10 < taken * 8:
            return 0.0
        return 0.85 if len(alerts) > 1 else 0.7

    def read(self, source: Source) -> Iterator[RawEvent | Series]:
        """One event an alert; two where a recovery also says when the alert fired."""
        teller = Teller()
        if source.document is not None or source.is_json_lines:
            for payload in payloads(source):
                if said := _robot_text(payload.value):
                    yield from tell_text(teller, said, payload.place())
            return
        tally = source.tally
        tally.counted = True
        for block in split_blocks(all_lines(source)):
            if isinstance(block, int):
                tally.miss(block)
                continue
            tally.parsed, tally.continued = tally.parsed + 1, tally.continued + block.taken - 1
            first, last = block.lines[0][0], block.lines[-1][0]
            yield from teller.tell(block, Place(first, first, last if last > first else None))
        tally.parsed = tally.read - tally.continued - tally.unparsed


def _robot_text(value: dict[str, Any]) -> str:
    """The text of a message that was sent through a DingTalk, WeCom or Feishu robot; what a person sent has a sender."""
    kind = first_of(value, "msgtype", "msg_type")
    if not kind or any(key in value for key in ("senderNick", "sender", "conversationId", "message_id")):
        return ""
    body = field(value, kind) if kind in value else field(value, "content") or field(value, "card")
    pieces = [
        text(body, "header", "title", "content") or text(body, "title"),
        first_of(body, "content", "text"),
        *(
            text(element, "text", "content") or text(element, "content")
            for element in objects(body, "elements")
        ),
    ]
    title, *rest = [piece for piece in pieces if piece] or [""]
    said = "\n".join(rest)
    return said if rest and (read_alert(said) or not title) else "\n".join([title, *rest]).strip()
