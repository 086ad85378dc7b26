"""Settings of cues: where in the picture a text stands. Pure.

Source: W3C, "WebVTT: The Web Video Text Tracks Format", section 4.4, WebVTT cue settings list.
"""

import re

_PERCENT = r"(?:100(?:\.0{1,3})?|\d{1,2}(?:\.\d{1,3})?)%"
# Regions are not kept, so no setting names one.
_VALUES = {
    "vertical": re.compile(r"rl|lr"),
    "line": re.compile(rf"(?:-?\d{{1,3}}|{_PERCENT})(?:,(?:start|center|end))?", re.ASCII),
    "position": re.compile(rf"{_PERCENT}(?:,(?:line-left|center|line-right))?", re.ASCII),
    "size": re.compile(_PERCENT, re.ASCII),
    "align": re.compile(r"start|center|end|left|right"),
}


def clean_settings(text: str) -> str:
    """The settings that players know, each of them once; what else stands there is dropped."""
    kept: dict[str, str] = {}
    for word in text.split():
        name, _, value = word.partition(":")
        if name in _VALUES and _VALUES[name].fullmatch(value):
            kept[name] = value
    return " ".join(f"{name}:{value}" for name, value in kept.items())
