"""Text of cues in WebVTT's notation, reduced to what players show. Pure.

What is left are the tags <i>, <b>, <u> and <v Name>, each of them closed, and text in which `&`, `<` and `>`
are escaped. So no such text ends its cue, names a style or holds an element.
Source: W3C, "WebVTT: The Web Video Text Tracks Format", section 6.4, WebVTT cue text parsing rules.
"""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from unicodedata import combining

from cattube.videos.text import stored

MAX_VOICE_CHARACTERS = 100
_SIMPLE = frozenset({"i", "b", "u"})
_VOICE = "v"
# A tag, a character reference, or one of the signs that begin them and do not.
_REFERENCE = r"(?:[A-Za-z0-9]{1,32}|#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,6});"
_TAG_SIGNS = "[A-Za-z0-9/!?.]"
_TOKEN = re.compile(rf"<(?={_TAG_SIGNS})[^<>]*>|&{_REFERENCE}|[&<>]|[^&<>]+")
_TAG = re.compile(r"<(/?)([A-Za-z]+)(?:\.[^\s<>]*)?(?:\s+([^<>]*))?>")
# What styles a line in SubRip files that were made of SSA: {\an8}.
_OVERRIDES = re.compile(r"\{\\[^{}]*\}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_WITHOUT_SIGNS = str.maketrans("", "", "&<>")
# References that may be undone, as nothing that follows makes markup of the sign.
_PLAIN_SIGN = re.compile(rf"&gt;|&amp;(?!{_REFERENCE})|&lt;(?!{_TAG_SIGNS})")


def clean_text(text: str) -> str:
    """The text without all that is not named above, in Normal Form C, and without empty lines.

    Unknown tags go, their content stays. "" when nothing is left.
    """
    # Normalized first: an accent after a tag would join its `>`.
    cleaned = "".join(_cleaned(_OVERRIDES.sub("", stored(text))))
    lines = (line.strip() for line in cleaned.split("\n"))
    joined = "\n".join(line for line in lines if line)
    return joined if plain_text(joined) else ""


def plain_text(text: str) -> str:
    """Words of a clean text in one line, with the name of who speaks before them: `Anna: Come in.`"""
    return " ".join("".join(_plain(token) for token in _TOKEN.findall(text)).split())


def editable_text(text: str) -> str:
    """A clean text as people write it: `Tom & Jerry`. `clean_text` makes the same of it again."""
    return _PLAIN_SIGN.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    following = found.string[found.end() : found.end() + 1]
    # An accent would join the sign, and make another character of both.
    return found[0] if following and combining(following) else unescape(found[0])


def _cleaned(text: str) -> Iterator[str]:
    open_tags: list[str] = []
    for token in _TOKEN.findall(text):
        if token.startswith("<") and len(token) > 1:
            yield from _tag(token, open_tags)
        else:
            yield _escaped(_characters(token))
    yield from (f"</{name}>" for name in reversed(open_tags))


def _tag(token: str, open_tags: list[str]) -> Iterator[str]:
    """What is left of a tag. open_tags: changed by it."""
    match = _TAG.fullmatch(token)
    is_end, name, rest = (match[1], match[2].lower(), match[3] or "") if match else ("", "", "")
    if is_end and name in open_tags:
        while open_tags[-1] != name:
            yield f"</{open_tags.pop()}>"
        yield f"</{open_tags.pop()}>"
    elif not is_end and name in _SIMPLE and name not in open_tags:
        open_tags.append(name)
        yield f"<{name}>"
    elif not is_end and name == _VOICE and (speaker := _speaker(rest)):
        if _VOICE in open_tags:
            yield from _tag("</v>", open_tags)
        open_tags.append(_VOICE)
        yield f"<v {speaker}>"


def _speaker(text: str) -> str:
    words = "".join(_characters(token) for token in _TOKEN.findall(text)).split()
    name = " ".join(words).translate(_WITHOUT_SIGNS)[:MAX_VOICE_CHARACTERS]
    return name.rstrip(" -")  # `-->` would end the cue


def _characters(token: str) -> str:
    """Characters that a token of text stands for. A name that HTML does not know stands for itself."""
    is_reference = token.startswith("&#") or (token.startswith("&") and token[1:] in html5)
    return _CONTROLS.sub("", unescape(token) if is_reference else token)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _plain(token: str) -> str:
    if not token.startswith("<"):
        return unescape(token) if token.startswith("&") else token
    return f"{token[3:-1]}: " if token.startswith("<v ") else ""
