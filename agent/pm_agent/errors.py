"""The tree of errors, by who must act.

PmAgentError                 exit 4: a fault of this program
├── InputError               exit 2: the user gives something else
│   ├── NothingToRead        no file could be read, or none holds an event
│   └── UnreadableSource     one file (and line); other files go on
├── BackendError             exit 3: the model server; the draft goes on with the rules
│   ├── BackendRefused       answered, but never with anything usable
│   └── BudgetSpent          --max-tokens or --max-calls reached
└── TrackerError             exit 3: the issue tracker of `export --send`
    ├── TrackerRefused       said no; nothing was created
    └── TrackerSilent        no usable answer; nobody knows what was created
"""

from __future__ import annotations


class PmAgentError(Exception):
    """Root of everything this package raises on purpose."""

    exit_code = 4

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        """What to do next, one sentence, or empty."""


class InputError(PmAgentError):
    """The user can mend this by giving another path, flag or file."""

    exit_code = 2


class NothingToRead(InputError):
    """No given path yielded a single event."""


class UnreadableSource(InputError):
    """One source can't be read; the draft goes on without it and counts the skip."""

    def __init__(self, reason: str, *, path: str = "", line: int | None = None, hint: str = "") -> None:
        where = f"{path!r}" if path else "source"
        if line is not None:
            where += f" line {line}"
        super().__init__(f"{where}: {reason}", hint=hint)
        self.reason = reason
        self.path = path
        self.line = line


class BackendError(PmAgentError):
    """The model server did not give an answer that can be used."""

    exit_code = 3


class BackendRefused(BackendError):
    """The server answered, yet with nothing that fits the question (after repair)."""


class BudgetSpent(BackendError):
    """A limit the user set on calls or tokens is reached; the rules do the rest."""


class TrackerError(PmAgentError):
    """The issue tracker did not do what it was asked for."""

    exit_code = 3


class TrackerRefused(TrackerError):
    """The tracker said no; it created nothing."""

    def __init__(self, message: str, *, status: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


class TrackerSilent(TrackerError):
    """No answer, or a fault on its side: what it did is unknown until it is looked up."""
