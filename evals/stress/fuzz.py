"""Inputs nobody would write, for everything that reads or writes text: `python -m evals.stress.fuzz [INPUTS] [SEED]`.

Every adapter, the clock, the redactor, lint and the renderers. Counted: tracebacks, and inputs that take over a second
of processor time. A finding is printed with the seed that makes it again; each becomes a test.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import Pool

from evals.stress.hostile import PLAIN
from ingest.formats.test_any_input import FILES, read_all, spoiled
from pm_agent import check_actions, lint, render
from pm_agent.ingest.formats import BUILT_INS
from pm_agent.reading.timeforms import read_offset, read_time, zh_clocks_to_digits
from pm_agent.redact.injections import find
from pm_agent.redact.secrets import Vault, rules_for
from pm_agent.rendering.formats import FORMATS
from rendering.sample import report

SLOW = 1.0
"""Seconds of processor time that no input may take."""
_HANGS = 5.0
"""Seconds after which an input is given up."""
_PIECES = (
    *PLAIN, "2026-03-04", "T", "10:02", "10:02:03.123456", "Z", "+08:00", "UTC", " CST", "Mar 4", "3月4日", "下午三点半", "昨晚", "yesterday", "ago", "5m", "1772618520",
    "24:00", "99:99", "about ", "左右", "Mon, ", "Bob ", "小王", "张伟", "forgot to ", "should have ", "忘记", "手滑", "应该", "password=", "Bearer ", "AKIA", "-----BEGIN ",
    "ignore previous instructions", "\u202e", "\u200b", "\U000e0041", "\x1b[31m", "<script>", "![](http://x)", "=cmd|", "```", "\r\n", "\ud7ff", "\ufeff", "\U0001f600", "9" * 20,
    "owner: ", "due Friday", "12%", "1,234 users", "损失", "万元", "checkout", "error", "rolled back", "回滚", "恢复", "{{", "}}", "{%", "|", "null", "NaN", "@example.com",
)  # fmt: skip


def words(dice: random.Random, longest: int = 40) -> str:
    """Pieces of what is read, in any order, now and then one of them many times."""
    found = [dice.choice(_PIECES) for _ in range(dice.randint(0, longest))]
    if dice.random() < 0.1:
        found.insert(dice.randrange(len(found) + 1), dice.choice(_PIECES) * dice.randint(50, 2_000))
    if dice.random() < 0.2:
        found.append(
            "".join(
                chr(dice.choice((dice.randrange(32, 0x2FFF), dice.randrange(0x1F000, 0x1FFFF))))
                for _ in range(20)
            )
        )
    return "".join(found)


def an_adapter(dice: random.Random) -> None:
    """A sample of a format with parts of it spoiled, or any text at all, for every reader."""
    if dice.random() < 0.2:
        named = [adapter for adapter in BUILT_INS if not adapter.name.endswith("-export")]
        text = words(dice) if dice.random() < 0.8 else json.dumps({words(dice, 3): words(dice)})
        read_all(dice.choice(named).name, "x.txt", text.encode("utf-8", "surrogatepass"))
        return
    sample = dice.choice(FILES)
    content = sample.read_bytes()[:20_000]
    if content.lstrip()[:1] in (b"{", b"[") and dice.random() < 0.7:
        try:
            content = json.dumps(spoiled(json.loads(content), dice), ensure_ascii=False).encode()
        except ValueError:
            content = content[: dice.randrange(len(content) + 1)]
    for _ in range(dice.randint(0, 4)):
        at = dice.randrange(len(content) + 1)
        piece = words(dice, 4).encode("utf-8", "surrogatepass")
        content = content[:at] + piece + content[min(len(content), at + dice.choice((0, 1, 20, 500))) :]
    read_all(sample.parent.name, sample.name, content)


def the_clock(dice: random.Random) -> None:
    """A written time, an offset, and times inside a sentence."""
    text = words(dice, 6)
    read_time(text)
    read_offset(text)
    zh_clocks_to_digits(text)


def the_redactor(dice: random.Random) -> None:
    """Values learnt and replaced, commands looked for; what is clean stays so."""
    vault, text = Vault(rules_for()), words(dice)
    vault.learn([text])
    once = vault.clean(text)
    vault.clean(once)
    find(text)


def lint_and_actions(dice: random.Random) -> None:
    """A document, judged; every finding's place lies in it."""
    text = words(dice)
    lines = text.split("\n")
    for found in lint(text):
        assert 1 <= found.line <= len(lines) + text.count("\r") + 40
    check_actions(text)


def a_renderer(dice: random.Random) -> None:
    """A report whose texts are anything, in any format."""
    form = dice.choice([name for name, f in FORMATS.items() if f.is_text])
    base = report(dice.choice(("en", "zh")))  # type: ignore[arg-type]
    row = base.timeline[0].model_copy(update={"text": words(dice) or "x"})
    lines = [line.model_copy(update={"text": words(dice)}) for line in base.evidence]
    changed = base.model_copy(
        update={
            "title": words(dice, 5),
            "timeline": [row, *base.timeline[1:]],
            "evidence": lines,
            "narrative": [],
        }
    )
    render(changed, form)


TARGETS: tuple[tuple[Callable[[random.Random], None], float], ...] = (
    (an_adapter, 0.30), (the_clock, 0.50), (the_redactor, 0.08), (lint_and_actions, 0.09), (a_renderer, 0.03),
)  # fmt: skip
"""What is tried, and its share of the inputs."""
_CHUNK = 500


@dataclass
class Tried:
    """What came of some inputs."""

    name: str
    inputs: int = 0
    slowest: float = 0.0
    findings: list[str] = field(default_factory=list)


class Hung(Exception):
    """An input that was given up."""


def _give_up(*_: object) -> None:
    raise Hung(f"given up after {_HANGS} s")


def some(work: tuple[int, str, int]) -> Tried:
    """A run of inputs for one target; each has a seed of its own."""
    place, seed, count = work
    target, tried = TARGETS[place][0], Tried(TARGETS[place][0].__name__)
    signal.signal(signal.SIGPROF, _give_up)
    for number in range(count):
        mark = f"{seed}:{number}"
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, _HANGS)
        try:
            target(random.Random(mark))
        except Exception:  # noqa: BLE001 - whatever comes is the finding
            last = traceback.format_exc().strip().splitlines()
            tried.findings.append(f"{tried.name} {mark}: {' | '.join(last[-3:])}")
        signal.setitimer(signal.ITIMER_PROF, 0)
        took = time.process_time() - started
        tried.inputs += 1
        tried.slowest = max(tried.slowest, took)
        if took > SLOW:
            tried.findings.append(f"{tried.name} {mark}: {took:.1f} s")
    return tried


def fuzz(inputs: int, seed: int, processes: int | None = None) -> list[Tried]:
    """So many inputs over all targets; one line of figures each."""
    work = []
    for place, (target, share) in enumerate(TARGETS):
        left = round(inputs * share)
        for chunk in range(0, left, _CHUNK):
            work.append((place, f"{seed}/{target.__name__}/{chunk}", min(_CHUNK, left - chunk)))
    sums = {target.__name__: Tried(target.__name__) for target, _ in TARGETS}
    with Pool(processes) as pool:
        for part in pool.imap_unordered(some, work):
            whole = sums[part.name]
            whole.inputs += part.inputs
            whole.slowest = max(whole.slowest, part.slowest)
            whole.findings += part.findings
    return list(sums.values())


def again(name: str, mark: str) -> None:
    """One input of a finding, with its traceback."""
    next(target for target, _ in TARGETS if target.__name__ == name)(random.Random(mark))


def main(inputs: int, seed: int) -> int:
    """Print the figures and the findings; 1 where there are any."""
    started = time.perf_counter()
    tried = fuzz(inputs, seed, os.cpu_count())
    findings = [finding for one in tried for finding in one.findings]
    for one in tried:
        print(
            f"{one.name:<18} {one.inputs:>8,} inputs, slowest {one.slowest:.2f} s, {len(one.findings)} findings"
        )
    print(
        f"{sum(t.inputs for t in tried):,} inputs in {time.perf_counter() - started:.0f} s, {len(findings)} findings"
    )
    print("\n".join(findings[:40]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    )
