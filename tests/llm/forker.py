"""Runs the command line in children of one warm process: `python -m llm.forker`, a JSON line in, a JSON line out."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path


def serve() -> None:
    """Fork for each line `{argv, cwd, env}`; answer with its exit status when it has ended."""
    import openai  # noqa: F401 - warm, so that each child starts at once

    import pm_agent.api
    import pm_agent.cli.app
    import pm_agent.graph  # noqa: F401

    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            run(asked)
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(json.dumps({"status": os.waitstatus_to_exitcode(status)}) + "\n")
        sys.stdout.flush()


def run(asked: dict[str, object]) -> None:
    """The child: its pid is in `pid`, its output in `out` and `err`."""
    from pm_agent.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite run in the background ignores it
    folder = Path(str(asked["cwd"]))
    os.chdir(folder)
    os.environ.update({str(k): str(v) for k, v in dict(asked["env"]).items()})  # type: ignore[call-overload]
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    (folder / "pid").write_text(str(os.getpid()))
    code = 4
    try:
        main([str(a) for a in asked["argv"]])  # type: ignore[attr-defined]
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
