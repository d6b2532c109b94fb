"""A list of persons names the senders of the chat beside it, and is no event itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent import draft
from pm_agent.errors import NothingToRead
from pm_agent.ingest import read
from pm_agent.ingest.formats.people_list import PeopleList
from pm_agent.ingest.source import of_bytes
from pm_agent.settings import Settings

ZHANG, CHEN = ("ou_zhang", "张伟"), ("ou_chen", "陈静")


def feishu(*members: tuple[str, str]) -> dict[str, Any]:
    items = [{"member_id_type": "open_id", "member_id": key, "name": name} for key, name in members]
    return {"code": 0, "msg": "success", "data": {"items": items, "has_more": False}}


def names(value: Any) -> dict[str, str]:
    source = of_bytes("members.json", (value if isinstance(value, str) else json.dumps(value)).encode())
    adapter = PeopleList()
    return dict(adapter.people(source)) if adapter.fits(source) else {}


@pytest.mark.parametrize(
    "value",
    [
        feishu(ZHANG, CHEN),
        [feishu(ZHANG), feishu(CHEN)],
        "\n".join(json.dumps(feishu(one)) for one in (ZHANG, CHEN)),
        {"data": {"users": [{"open_id": key, "name": name} for key, name in (ZHANG, CHEN)]}},
        {"errcode": 0, "result": {"list": [{"userid": key, "name": name} for key, name in (ZHANG, CHEN)]}},
        {"errcode": 0, "userlist": [{"userid": key, "name": name, "department": [1]} for key, name in (ZHANG, CHEN)]},
        [{"userid": key, "name": name} for key, name in (ZHANG, CHEN)],
    ],
    ids=["feishu", "pages", "lines", "feishu users", "dingtalk", "wecom", "bare"],
)  # fmt: skip
def test_ids_belong_to_names(value: Any) -> None:
    assert names(value) == dict((ZHANG, CHEN))


def test_slack_users_without_bots() -> None:
    users = [
        {"id": "U024BE7LH", "name": "piet", "profile": {"real_name": "Piet Vos"}},
        {"id": "U024BE7LX", "name": "deploybot", "is_bot": True, "profile": {"real_name": "Deploy Bot"}},
    ]
    assert names({"ok": True, "members": users}) == {"U024BE7LH": "Piet Vos", "piet": "Piet Vos"}


@pytest.mark.parametrize(
    "value",
    [
        {"data": {"items": [{"message_id": "om_1", "user_id": "ou_1", "name": "x", "create_time": "1773230400000"}]}},
        [{"id": "p1", "name": "checkout"}],
        {"items": []},
        [1, 2],
        {"userid": "", "name": "x"},
    ],
)  # fmt: skip
def test_what_is_no_list_of_persons(value: Any) -> None:
    assert names(value) == {}


def message(number: int, sender: str, text: str) -> dict[str, Any]:
    return {
        "message_id": f"om_{number}", "msg_type": "text", "create_time": f"17732306{number:02}000", "chat_id": "oc_1",
        "sender": {"id": sender, "id_type": "open_id", "sender_type": "user"}, "body": {"content": json.dumps({"text": text})},
    }  # fmt: skip


def test_the_senders_of_the_chat_beside_it_get_their_names(tmp_path: Path) -> None:
    """Ids that the messages never explain; the one who said nothing stays out of the report."""
    chat = [message(1, "ou_zhang", "购物车大量报错，在看"), message(2, "ou_chen", "已回滚，恢复了")]
    for name, value in {
        "messages": {"data": {"items": chat}}, "members": feishu(ZHANG, CHEN, ("ou_zhou", "周苒"))
    }.items():  # fmt: skip
        (tmp_path / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    evidence = read([tmp_path], Settings(timezone="UTC"))
    assert {f.format: (f.events, f.read, f.unparsed) for f in evidence.files}["people-list"] == (0, 3, 0)
    assert not evidence.skipped
    told = draft([tmp_path], Settings(timezone="UTC", names="full")).model_dump_json()
    assert "张伟" in told
    assert "陈静" in told
    assert "ou_" not in told
    assert "周苒" not in told


def test_alone_it_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "members.json").write_text(json.dumps(feishu(ZHANG)), encoding="utf-8")
    with pytest.raises(NothingToRead, match="no event in it"):
        read([tmp_path], Settings())


@given(st.lists(st.recursive(st.none() | st.text(max_size=5), lambda v: st.dictionaries(
    st.sampled_from(["data", "items", "userid", "name", "profile", "id", "members"]), v, max_size=3) | st.lists(v, max_size=3), max_leaves=8)))  # fmt: skip
def test_any_json_is_read_or_left(value: list[Any]) -> None:
    source = of_bytes("x.json", json.dumps(value).encode())
    adapter = PeopleList()
    assert 0 <= adapter.fits(source) <= 1
    assert list(adapter.read(source)) == []
    assert source.tally.structural <= source.tally.read
    assert all(key and name for key, name in adapter.people(source).items())
