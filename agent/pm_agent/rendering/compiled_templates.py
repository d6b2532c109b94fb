"""Our own templates, compiled once: kept beside them as Python keeps its modules, a tenth of a second saved each draft."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class CompiledTemplates(FileSystemBytecodeCache):
    """What can't be kept is compiled again: a folder that may not be written to, a full disk."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one compiled template."""
        try:
            super().dump_bytecode(bucket)
        except OSError:
            return


def kept_in(templates: Path, *, escaped: bool) -> CompiledTemplates | None:
    """Where the compiled forms of a folder of templates are kept; None where nothing may be written there.

    Args:
        templates: the folder; its files are ours, as those of the program are.
        escaped: whether they escape what they print. The same file compiles to another program then.
    """
    how = "escaped" if escaped else "plain"
    folder = templates / "__pycache__" / f"jinja-{jinja2.__version__}-{how}"
    if sys.dont_write_bytecode or not os.access(templates, os.W_OK):
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return CompiledTemplates(str(folder))
