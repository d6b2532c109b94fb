"""Lines of evidence → a scene: what each line says, what the incident is about, what stands outside it."""

from __future__ import annotations

from collections.abc import Sequence

from pm_agent.reading.candidates import Scene
from pm_agent.reading.completions import completions
from pm_agent.reading.lines import Line
from pm_agent.reading.remembered import remembered
from pm_agent.reading.says import Saying, says
from pm_agent.reading.topic import Topic, unrelated_alerts
from pm_agent.reading.window import main_window


def read_scene(
    lines: Sequence[Line],
    timezone: str,
    services: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> Scene:
    """The scene of these lines; `drop` are ids that the author took out."""
    return _read(tuple(lines), timezone, tuple(services), tuple(drop))


@remembered
def _read(lines: tuple[Line, ...], timezone: str, services: tuple[str, ...], drop: tuple[str, ...]) -> Scene:
    """Read once a draft: whoever picks rows and whoever times them see the same scene."""
    said: dict[str, tuple[Saying, ...]] = {line.id: says(line) for line in lines}
    for id_, saying in completions(lines, said).items():
        said[id_] = (saying, *said[id_])
    topic = Topic(lines, said, services, main_window(lines, said))
    outside = unrelated_alerts(lines, said, topic) | set(drop) | {line.id for line in lines if line.commands}
    return Scene(lines, said, topic, outside, timezone)
