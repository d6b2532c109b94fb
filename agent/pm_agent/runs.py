"""The run folder: the one place where everything lies that must survive. Private (0600), redacted text only.

    evidence.json    what the stages read
    settings.json    how they were told to read it; never a key
    journal.jsonl    each model answer, written before it was used
    interview.json   what people answered
    people.json      alias → person
    run.json         sources and their state when read

Resume is running again through the journal: no finished call is repeated, and there is no second store to disagree.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from pm_agent.errors import InputError
from pm_agent.evidence import Evidence
from pm_agent.settings import Settings

_EVIDENCE = TypeAdapter(Evidence)


def home(environment: Mapping[str, str]) -> Path:
    """Where run folders lie unless told otherwise: the user's state folder."""
    state = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "pm-agent" / "runs"


class RunFolder:
    """One run; also the journal that a backend is handed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged: list[str] = []
        """What could not be read, in words; the rest is kept."""
        self._records: dict[str, Mapping[str, Any]] = {}

    @classmethod
    def create(
        cls, root: Path, evidence: Evidence, settings: Settings, sources: Iterable[str], started: datetime
    ) -> RunFolder:
        """A new folder below `root`, private to the user; its evidence comes last, so that a folder that has it is whole.

        Raises:
            InputError: it can't be written.
        """
        name = f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        run = cls(root / name)
        with _writing(run.path):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            run.path.mkdir(mode=0o700)
        run._write("people.json", orjson.dumps(dict(evidence.aliases), option=orjson.OPT_INDENT_2))
        run._write("settings.json", settings.model_dump_json(exclude={"api_key"}, indent=1).encode())
        about = {"sources": _states(sources), "started": started.isoformat()}
        run._write("run.json", orjson.dumps(about, option=orjson.OPT_INDENT_2))
        run._write("interview.json", b"{}")
        run._write("journal.jsonl", b"")
        run._write("evidence.json", _EVIDENCE.dump_json(replace(evidence, aliases={})))
        return run

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """A folder that an earlier run left.

        Raises:
            InputError: it is none, or its evidence is damaged.
        """
        if not (path / "evidence.json").is_file():
            raise InputError(
                f"{str(path)!r} is no run folder", hint="pm-agent draft prints the folder of a run"
            )
        run = cls(path)
        run._read_journal()
        return run

    def evidence(self) -> Evidence:
        """The kept evidence.

        Raises:
            InputError: damaged.
        """
        try:
            evidence = _EVIDENCE.validate_json((self.path / "evidence.json").read_bytes())
            people = orjson.loads((self.path / "people.json").read_bytes())
        except (OSError, ValidationError, orjson.JSONDecodeError) as error:
            raise InputError(
                f"the evidence in {str(self.path)!r} is damaged: {type(error).__name__}",
                hint="draft again from the sources",
            ) from error
        return replace(evidence, aliases=people)

    def settings(self) -> Settings:
        """The kept settings; the key comes from the environment of today.

        Raises:
            InputError: damaged.
        """
        try:
            return Settings.model_validate_json((self.path / "settings.json").read_bytes())
        except (OSError, ValidationError) as error:
            raise InputError(
                f"the settings in {str(self.path)!r} are damaged", hint="draft again from the sources"
            ) from error

    def changed_sources(self) -> list[str]:
        """Sources that are no longer what was read."""
        try:
            kept: dict[str, Any] = orjson.loads((self.path / "run.json").read_bytes())["sources"]
        except (OSError, KeyError, orjson.JSONDecodeError):
            return []
        return [name for name, state in _states(kept).items() if state != kept[name]]

    def find(self, key: str) -> Mapping[str, Any] | None:
        """The kept record of a request."""
        return self._records.get(key)

    def keep(self, key: str, record: Mapping[str, Any]) -> None:
        """Write an answer down; on return it is on disk.

        Raises:
            InputError: it can't be written; the answers before it are kept.
        """
        body = orjson.dumps({"key": key, **record})
        line = hashlib.sha256(body).hexdigest()[:16].encode() + b" " + body + b"\n"
        with _writing(self.path), open(self.path / "journal.jsonl", "ab", opener=_private) as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        self._records[key] = dict(record)

    def answers(self) -> dict[str, Any]:
        """What people answered in the interview, by question id."""
        try:
            found: dict[str, Any] = orjson.loads((self.path / "interview.json").read_bytes())
        except (OSError, orjson.JSONDecodeError):
            self.damaged.append("the interview's answers can't be read; the questions are asked again")
            return {}
        return found

    def answer(self, question: str, what: Mapping[str, Any]) -> None:
        """Keep one answer of the interview."""
        self._write_answers({**self.answers(), question: dict(what)})

    def take_back(self) -> None:
        """Forget the last answer of the interview."""
        self._write_answers(dict(list(self.answers().items())[:-1]))

    def _write_answers(self, answers: Mapping[str, Any]) -> None:
        self._write("interview.json", orjson.dumps(answers, option=orjson.OPT_INDENT_2))

    def finish(self, about: Mapping[str, Any]) -> None:
        """Note how the run went: seconds, calls, tokens."""
        self._write("finished.json", orjson.dumps(dict(about), option=orjson.OPT_INDENT_2))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run for this process.

        Raises:
            InputError: another process is at it.
        """
        with open(self.path / ".lock", "w", opener=_private) as stream:
            try:
                flock(stream, LOCK_EX | LOCK_NB)
            except OSError as error:
                raise InputError(
                    f"another process is working on {str(self.path)!r}", hint="wait for it to end"
                ) from error
            yield

    def _write(self, name: str, data: bytes) -> None:
        with _writing(self.path):
            write_private(self.path / name, data)

    def _read_journal(self) -> None:
        try:
            lines = (self.path / "journal.jsonl").read_bytes().split(b"\n")
        except OSError:
            self.damaged.append("the journal is missing; finished calls are asked again")
            return
        for number, line in enumerate(lines, 1):
            if not line:
                continue
            digest, _, body = line.partition(b" ")
            if hashlib.sha256(body).hexdigest()[:16].encode() != digest:
                self.damaged.append(f"journal line {number} is damaged and left out")
                continue
            record = orjson.loads(body)
            self._records[record["key"]] = record
        if lines[-1]:  # torn off in the middle of a line: what comes next begins on its own
            with open(self.path / "journal.jsonl", "ab", opener=_private) as stream:
                stream.write(b"\n")


def write_private(path: Path, data: bytes) -> None:
    """Write a file whole that only the user can read."""
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb", opener=_private) as stream:
        os.fchmod(stream.fileno(), 0o600)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """What the disk refuses is the user's to mend: it is full, read-only or somebody else's.

    Raises:
        InputError: the run folder can't be written.
    """
    try:
        yield
    except OSError as error:
        raise InputError(
            f"can't write the run folder {str(path)!r}: {error.strerror or error}",
            hint="make room, or choose another place with --run-dir; `pm-agent resume` goes on with what was kept",
        ) from error


def _private(path: str, flags: int) -> int:
    """Opens a file that only the user can read; a umask would change the whole process."""
    return os.open(path, flags, 0o600)


def _states(sources: Iterable[str]) -> dict[str, str]:
    """A fingerprint of each source by size and time of change; folders by their files."""
    found = {}
    for source in sources:
        path = Path(source)
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        digest = hashlib.sha256()
        for file in files:
            try:
                stat = file.stat()
            except OSError:
                continue
            digest.update(f"{file}:{stat.st_size}:{stat.st_mtime_ns}".encode())
        found[str(source)] = digest.hexdigest()[:16]
    return found
