"""Sentences about fields that do not fit, made of pydantic's errors. Pure."""

from collections.abc import Mapping
from typing import Any

# Where pydantic's own words are for programmers. Keys are its types of errors; {…} is from their context.
SENTENCES = {
    "missing": "This field is needed.",
    "string_type": "Give a text.",
    "string_unicode": "Give a text: it has half a character in it.",
    "string_too_short": "Write something.",
    "string_too_long": "Use at most {max_length} characters.",
    "string_pattern_mismatch": "This does not have the form that is expected.",
    "literal_error": "Choose {expected}.",
    "int_type": "Give a whole number.",
    "int_parsing": "Give a whole number.",
    "int_from_float": "Give a whole number.",
    "greater_than_equal": "Give a number of at least {ge}.",
    "less_than_equal": "Give a number of at most {le}.",
    "bool_type": "Say true or false.",
    "bool_parsing": "Say true or false.",
    "list_type": "Give a list.",
    "too_short": "Give at least {min_length}.",
    "too_long": "Give at most {max_length}.",
    "datetime_type": "Give a time, such as 2030-12-31T12:00:00Z.",
    "datetime_parsing": "Give a time, such as 2030-12-31T12:00:00Z.",
    "datetime_from_date_parsing": "Give a time, such as 2030-12-31T12:00:00Z.",
    "timezone_aware": "Give the time with its time zone, such as 2030-12-31T12:00:00Z.",
    "model_attributes_type": "Send a JSON object.",
    "model_type": "Send a JSON object.",
    "dict_type": "Send a JSON object.",
}
OWN_WORDS = "value_error"


def sentence_of(error: Mapping[str, Any]) -> str:
    """`field: sentence` for one of pydantic's errors, as ninja locates it."""
    return f"{_field(error['loc'])}: {_words(error)}"


def _field(location: tuple[str | int, ...]) -> str:
    """The field as callers know it, without where ninja found it and what our code calls the whole."""
    source, *names = location
    if source == "body":
        names = names[1:]
    return ".".join(str(name) for name in names) or str(source)


def _words(error: Mapping[str, Any]) -> str:
    if error["type"] == OWN_WORDS:
        return str(error["ctx"]["error"])
    return SENTENCES.get(error["type"], f"{error['msg']}.").format_map(error.get("ctx", {}))
