"""What makes two messages one template, and what keeps them apart."""

from __future__ import annotations

import random

import pytest

from pm_agent.ingest.logs.mining import Miner


def groups(messages: list[str]) -> list[int]:
    miner = Miner()
    numbers = [miner.add(message) for message in messages]
    return [miner.root(number) for number in numbers]


@pytest.mark.parametrize(
    "messages",
    [
        ["block 12 stored, free 366.3 MB", "block 7 stored, free 16.0 B"],
        ["mask=ffffffff set", "mask=8000 set"],
        ["synchronized to 10.1.2.3, stratum 2", "synchronized to LOCAL(0), stratum 10"],
        [f"lock taken, name={word}, uid=1000" for word in ("mail", "web", "jobs", "auth", "cart", "stock")],
        [f"com.shop.{a}.{b}: it is not time yet, wait 5 s" for a, b in zip("abcdef", "ghijkl", strict=True)],
    ],
    ids=["units", "hexadecimal letters", "a word where an address was", "values of a key", "dotted names"],
)
def test_one_template(messages: list[str]) -> None:
    assert len(set(groups(messages))) == 1


@pytest.mark.parametrize(
    "messages",
    [
        ["startup", "shutdown", "4711"],  # a message that is all value says nothing about the others
        ["cupsd startup succeeded", "cupsd shutdown succeeded"],
        [
            f"{name} startup succeeded"
            for name in ("cupsd", "syslogd", "klogd", "portmap", "rpc.statd", "sdpd")
        ],
        ["connection refused", "connection closed", "connection reset"],
    ],
    ids=["single words", "a verb", "names at the head", "what went wrong"],
)
def test_templates_apart(messages: list[str]) -> None:
    assert len(set(groups(messages))) == len(messages)


def test_templates_stay_few_whatever_comes() -> None:
    """Free text must not fill the memory: a million different messages are some thousand templates."""
    dice = random.Random(1)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(3000)]
    miner = Miner()
    for _ in range(20_000):
        miner.add(" ".join(dice.choices(words, k=8)))
    assert len(miner.templates) < 10_000
