"""Tags, cleaned of what people type around them."""

from collections.abc import Iterable

from cattube.videos.text import is_blank, stored

MAX_TAGS = 20
MAX_TAG_CHARACTERS = 40


def split_tags(text: str) -> list[str]:
    """Tags in `text`, separated by commas, as `clean_tags` gives them."""
    return clean_tags(text.split(","))


def clean_tags(words: Iterable[str]) -> list[str]:
    """Tags in lower case and Normal Form C with single spaces, without repetition, in the same order.

    Raises ValueError with a sentence for people.
    """
    cleaned = (stored(" ".join(word.lower().split()).lstrip("#")) for word in words)
    tags = list(dict.fromkeys(tag for tag in cleaned if not is_blank(tag)))
    if len(tags) > MAX_TAGS:
        raise ValueError(f"Use {MAX_TAGS} tags at most.")
    for tag in tags:
        if len(tag) > MAX_TAG_CHARACTERS:
            raise ValueError(f"A tag has {MAX_TAG_CHARACTERS} characters at most: {tag[:20]}…")
        if "," in tag or not tag.isprintable():
            raise ValueError("A tag has no commas and no control characters.")
    return tags
