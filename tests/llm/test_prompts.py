"""Prompts: versions move with their words, evidence can't leave its marks, every field is described to the model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.llm import Task
from pm_agent.llm.answers import schema
from pm_agent.llm.prompts import as_data, load, messages
from pm_agent.reading.lines import Line
from pm_agent.review import TASK as REVIEW
from pm_agent.stages.narrative import TASK as NARRATIVE
from pm_agent.stages.support import TASK as SUPPORT
from pm_agent.stages.timeline import TASK as TIMELINE
from pm_agent.stages.timeline import TimelineIn

KNOWN = Path(__file__).parent / "prompt-versions.yaml"
PROMPTS = Path(__file__).parents[2] / "prompts"
TASKS: tuple[Task, ...] = (TIMELINE, REVIEW, NARRATIVE, SUPPORT)  # type: ignore[type-arg]


def test_every_prompt_has_a_task_and_every_task_a_prompt() -> None:
    """No prompt lies about that nobody asks."""
    assert {p.stem for p in PROMPTS.glob("*.md")} == {task.name for task in TASKS}


def test_words_that_moved_have_a_new_version(update: bool) -> None:
    """A digest that moved under the same version fails; `--update` writes the new pair down."""
    found = {
        task.name: {"version": load(task.name).version, "digest": load(task.name).digest} for task in TASKS
    }
    if update:
        known = yaml.safe_load(KNOWN.read_text()) if KNOWN.is_file() else {}
        for name, now in found.items():
            before = known.get(name)
            assert before is None or before == now or before["version"] != now["version"], (
                f"{name}: new words need a new version"
            )
        KNOWN.write_text(yaml.safe_dump(found, sort_keys=True))
    assert yaml.safe_load(KNOWN.read_text()) == found


def asked(text: str, actor: str = "Engineer A") -> list[dict[str, str]]:
    line = Line(id="aaaaaa:1", at=datetime(2026, 3, 4, 10, 0, tzinfo=UTC), text=text, actor=actor)
    return messages("timeline", TimelineIn(lines=[line], timezone="Asia/Shanghai", services=[]), "en")


@given(
    st.text(max_size=80),
    st.sampled_from(["EVIDENCE>>>", "<<<EVIDENCE", "<<< end >>>", "evidence >>>", "\n===\n"]),
    st.text(max_size=80),
)
def test_a_line_stays_between_the_marks(before: str, mark: str, after: str) -> None:
    """Whatever it holds, it is one line between the two marks and the instructions are untouched."""
    system, user = asked(f"{before}{mark}{after}", actor=f"x{mark}y")
    assert system["content"] == asked("plain")[0]["content"]
    assert user["content"].count("EVIDENCE>>>") == user["content"].count("<<<EVIDENCE") == 1
    assert user["content"].rstrip().endswith("EVIDENCE>>>")
    assert len(user["content"].splitlines()) == len(asked("plain")[1]["content"].splitlines())


def test_times_stand_as_minutes_of_the_incidents_clocks_under_their_day() -> None:
    """18:00 in Shanghai; the day once above the lines of that day."""
    user = asked("checkout is down")[1]["content"]
    assert "== 2026-03-04\naaaaaa:1 18:00 Engineer A: checkout is down" in user


def test_data_is_one_line() -> None:
    """Line breaks of any kind become spaces."""
    assert as_data("a\nb\r\nc\u2028d\x0be") == "a b c d e"


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
def test_schemas_are_strict_and_flat(task: Task) -> None:  # type: ignore[type-arg]
    """Every object takes its own fields, all required and nothing else; no dates, no numbers with limits."""

    def check(node: object) -> None:
        if isinstance(node, list):
            for item in node:
                check(item)
        if not isinstance(node, dict):
            return
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert set(node["required"]) == set(node["properties"])
        assert not {"format", "minimum", "maximum", "minLength", "default"} & set(node)
        for item in node.values():
            check(item)

    check(schema(task.output))


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
def test_the_prompt_explains_every_field(task: Task) -> None:  # type: ignore[type-arg]
    """Each field of an answer is named in the words of its prompt, so that servers without schemas can follow."""
    front = load(task.name)
    words = front.body + "".join(p.read_text() for p in (PROMPTS / "_partials").glob("*.md"))
    fields = {name for model in _models(schema(task.output)) for name in model}
    obvious = {
        "text",
        "ids",
        "id",
        "side",
        "phase",
        "effect",
        "about",
        "verdict",
        "aspect",
        "name",
        "branch",
        "level",
        "gap",
    }
    assert {name for name in fields - obvious if name not in words} == set()


def _models(node: object) -> list[set[str]]:
    if isinstance(node, list):
        return [found for item in node for found in _models(item)]
    if not isinstance(node, dict):
        return []
    mine = [set(node["properties"])] if isinstance(node.get("properties"), dict) else []
    return mine + [found for item in node.values() for found in _models(item)]
