"""The command line: prints, exits, catches. Nothing else does.

Exit codes: 0 drafted · 1 `--strict`, `lint` or `actions` found errors · 2 wrong input or usage · 3 drafted, but the
model failed and a stage fell back to rules, or a tracker refused · 4 a fault of this program · 130 interrupted.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys

EXIT_OK, EXIT_FOUND, EXIT_INPUT, EXIT_BACKEND, EXIT_BUG, EXIT_INTERRUPTED = 0, 1, 2, 3, 4, 130


def main(argv: list[str] | None = None) -> None:
    """Run one command; every error ends here as one message and one exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    debug = "--debug" in arguments
    # Looking for validation plug-ins opens every package's files.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A draft makes objects and ends: collecting less often, and not once more at the end, saves a tenth each.
    gc.set_threshold(50_000, 20, 20)
    atexit.register(gc.freeze)
    try:
        from pm_agent.cli.app import app

        app([a for a in arguments if a != "--debug"], standalone_mode=True)
    except KeyboardInterrupt:
        _say("interrupted")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_OK)
    except Exception as error:
        if debug:
            raise
        sys.exit(_report(error))


def _report(error: Exception) -> int:
    from pm_agent.errors import PmAgentError

    if isinstance(error, PmAgentError):
        _say(f"error: {error}")
        if error.hint:
            _say(f"  → {error.hint}")
        return error.exit_code
    _say(f"internal error: {type(error).__name__}: {error}")
    _say("  → run again with --debug and report the traceback")
    return EXIT_BUG


def _say(text: str) -> None:
    """One line to standard error; what a path or a line of evidence brought into a message is replaced like evidence."""
    from pm_agent.language.hidden import visible
    from pm_agent.redact.secrets import Vault

    sys.stderr.write(Vault().clean(visible(text)) + "\n")
