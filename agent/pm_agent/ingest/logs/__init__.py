"""Log lines → a few events.

A line never becomes an object of its own: pieces of a file are turned into columns (minute, shape of the line) and
counted; shapes become templates; templates whose counts tell something become picks; only the picked lines are read
again and become events.
"""

from __future__ import annotations

from pm_agent.ingest.logs.line import Line, LogForm, Other
from pm_agent.ingest.logs.reading import read_log
from pm_agent.ingest.logs.text_form import TextForm, sample_of, share

__all__ = ["Line", "LogForm", "Other", "TextForm", "read_log", "sample_of", "share"]
