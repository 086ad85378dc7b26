"""Languages of captions: tags of BCP 47, and their names. Pure.

Source: RFC 5646, section 2.1 (syntax) and 2.1.1 (case).
"""

import re

from django.utils.translation import get_language_info

from cattube.errors import InvalidFields

MAX_LANGUAGE_CHARACTERS = 35
_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"  # language
    r"(?:-[a-z]{4})?"  # script
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?"  # region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*"  # extensions
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"  # private use
)
# Those that Django has no name for, as it has one for each of their scripts.
_MORE_NAMES = {"zh": "中文", "no": "Norsk"}


def normal_language(text: str) -> str:
    """The tag in the usual case, as `pt-BR` or `zh-Hans`. Raises InvalidFields."""
    tag = text.strip().replace("_", "-").lower()
    if len(tag) > MAX_LANGUAGE_CHARACTERS or not _TAG.fullmatch(tag):
        raise InvalidFields(f"language: {text[:40]!r} is no language tag. Use one such as en, de or pt-BR.")
    language, *subtags = tag.split("-")
    # After a subtag of one character, all are in small letters.
    extension = next((place for place, subtag in enumerate(subtags) if len(subtag) == 1), len(subtags))
    return "-".join([language, *map(_in_usual_case, subtags[:extension]), *subtags[extension:]])


def language_name(tag: str) -> str:
    """Name of a language in itself, such as `Deutsch`; the tag where it is not known."""
    for known in _shorter(tag.lower()):
        name = _MORE_NAMES.get(known) or _django_name(known)
        if name:
            rest = tag[len(known) + 1 :]
            return f"{name} ({rest})" if rest else name
    return tag


def _in_usual_case(subtag: str) -> str:
    """Script or region."""
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == 2 else subtag


def _shorter(tag: str) -> list[str]:
    parts = tag.split("-")
    return ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _django_name(tag: str) -> str:
    try:
        info = get_language_info(tag)
    except KeyError:
        return ""
    name = str(info["name_local"])
    # It gives the language when it does not know the rest.
    return name[:1].upper() + name[1:] if info["code"] == tag else ""
