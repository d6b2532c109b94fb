"""One conversation in every layout that clients and people give it: who, when and what come out the same."""

from __future__ import annotations

import io
from datetime import date

import pytest

from pm_agent.ingest import read
from pm_agent.settings import Settings

TALKS = {
    "zh": [("张伟", "20:03", "购物车报 502"), ("陈静", "20:05", "连接池满了"), ("张伟", "20:07", "回滚吧"), ("陈静", "20:20", "回滚好了")],
    "en": [("Mira Holt", "09:14", "seeing 502s"), ("DeShawn Pike", "09:16", "pool is full"), ("Mira Holt", "09:20", "rolling back"), ("DeShawn Pike", "09:36", "done")],
    "handles": [("mira", "09:14", "seeing 502s"), ("deshawn", "09:16", "pool is full"), ("mira", "09:20", "rolling back"), ("deshawn", "09:36", "done")],
}  # fmt: skip
LAYOUTS = [
    "{name} {time}\n{text}\n",
    "{name}  {time}\n{text}\n",
    "{name}\n{time}\n{text}\n",
    "{name} [{time}]\n{text}\n\n",
    "**{name}** {time}\n{text}\n\n",
    "{name} — Today at {time}\n{text}\n",
    "{name} 2026-03-11 {time}:12\n{text}\n",
    "2026-03-11 {time}:12 {name}\n{text}\n\n",
    "[{time}] {name}\n{text}\n",
    "{time} {name}：{text}\n",
    "[{time}] {name}: {text}\n",
    "【{time}】{name}：{text}\n",
    "{name} {time}: {text}\n",
    "{name}({time}): {text}\n",
    "{name} [{time}]: {text}\n",
    "{time} - {name}: {text}\n",
    "{time} | {name} | {text}\n",
    "**{time} {name}**: {text}\n",
    "{time} @{name}: {text}\n",
    "2026-03-11 {time}:12 {name}: {text}\n",
    "2026-03-11T{time}:12 {name}: {text}\n",
    "11/03/2026, {time} - {name}: {text}\n",
    "{time}\t{name}\t{text}\n",
    "[{time}] <{name}> {text}\n",
]


CASES = [(layout, name) for layout in LAYOUTS for name in TALKS if "<" not in layout or name != "en"]
"""A nick in angle brackets has no blanks."""


@pytest.mark.parametrize(("layout", "talk_name"), CASES)
def test_layout(layout: str, talk_name: str) -> None:
    """Nobody's words are lost, none are put into another's mouth."""
    talk = TALKS[talk_name]
    text = "".join(layout.format(name=name, time=time, text=words) for name, time, words in talk)
    settings = Settings(date=date(2026, 3, 11), timezone="UTC")
    evidence = read(["-"], settings, stdin=io.BytesIO(text.encode()))
    found = [(e.raw.actor, f"{e.at:%H:%M}" if e.at else None, e.raw.text) for e in evidence.events]
    assert found == talk
    assert evidence.files[0].unparsed == 0
