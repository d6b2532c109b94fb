"""What stands in quotation marks: somebody else's words, which the speaker reports and need not see himself."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"[^"\n]{14,}"|“[^”\n]{8,}”|「[^」\n]{8,}」')
_MARKS = ' "“”「」'


def is_quoted(sentence: str, text: str) -> bool:
    """True where most of a sentence of the text is quoted."""
    bare = sentence.strip(_MARKS)
    for match in _QUOTED.finditer(text):
        quote = match[0].strip(_MARKS)
        if bare in quote or (quote in sentence and len(quote) > len(sentence) / 2):
            return True
        if bare.endswith(quote.split(". ")[0]):  # the sentence ends before the quotation does
            return True
    return False
