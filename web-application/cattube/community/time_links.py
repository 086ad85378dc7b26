"""Times in a text, as people write them: 1:23 or 1:02:03. Pure."""

import re
from collections.abc import Iterator

_TIME = re.compile(r"(?<![\w:.])(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?![\w:]|\.\d)", re.ASCII)


def split_times(text: str) -> Iterator[tuple[str, int | None]]:
    """Pieces of the text, in order: each with its seconds, or None where it names no time."""
    end = 0
    for match in _TIME.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], None
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        yield match[0], hours * 3600 + minutes * 60 + seconds
        end = match.end()
    if end < len(text):
        yield text[end:], None
