"""What is particular to a language: word lists and patterns as YAML, and which language a text is in."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal

from pm_agent.language.compiled import any_of
from pm_agent.resources import inside, load_yaml

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
HAN = r"[^\W\x00-\u02ff]"
"""For long patterns: a Chinese character, or a letter beyond Latin. A range of 20,000 characters is compiled one by one, in 2 ms."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


@cache
def words(language: Language, file: str = "words") -> dict[str, Any]:
    """The content of `language/<language>/<file>.yaml`."""
    content: dict[str, Any] = load_yaml(inside("language", language, f"{file}.yaml"))
    return content


@cache
def patterns(language: Language, file: str, section: str) -> re.Pattern[str]:
    """One alternation of all patterns of a section, case-insensitive."""
    found = words(language, file)[section] or [r"(?!)"]
    return any_of(found)


def of_text(text: str) -> Language | None:
    """The language of a text, or None where it holds too little of either."""
    han, latin = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    if han + latin < 3:
        return None
    return "zh" if han * 2 > latin else "en"


def has_han(text: str) -> bool:
    """True where the text holds a Chinese character."""
    return _HAN.search(text) is not None
