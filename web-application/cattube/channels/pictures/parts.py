"""Reading the parts of a picture file. Pure."""


class BrokenPicture(Exception):
    """The file ends early, or says of itself what cannot be."""


def take(content: bytes, start: int, length: int) -> bytes:
    """So many bytes from `start`. Raises BrokenPicture when there are fewer."""
    part = content[start : start + length]
    if len(part) < length:
        raise BrokenPicture
    return part
