"""Reader of the environment: texts of settings as values. Only `settings.py` uses it."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cattube.config.setting_table import SETTINGS
from cattube.queues.address import (
    EXPECTED,
    BadQueueAddress,
    is_queue_address,
    missing_package,
    read_address,
    without_password,
)

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def origin_in(address: str) -> str:
    """Scheme, host and port of an http address without a path; "" when it is none."""
    parts = urlsplit(address)
    is_origin = parts.scheme in ("http", "https") and parts.hostname
    if not is_origin or parts.path.strip("/") or parts.query:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


class Environment:
    """Typed values of the settings in `SETTINGS`; every error names the variable.

    sources: texts by name; the first source with a value wins, and empty text counts as not set.
    Raises ImproperlyConfigured.
    """

    def __init__(self, *sources: Mapping[str, str | None]) -> None:
        self._sources = sources
        self._defaults = {setting.name: setting.default for setting in SETTINGS}

    def text(self, name: str) -> str:
        default = self._defaults[name]
        texts = ((source.get(name) or "").strip() for source in self._sources)
        return next((text for text in texts if text), default)

    def flag(self, name: str) -> bool:
        word = self.text(name).lower()
        if word not in YES | NO:
            raise ImproperlyConfigured(f"{name}={word}: expected true or false")
        return word in YES

    def whole_number(self, name: str, *, at_least: int = 1, at_most: int | None = None) -> int:
        text = self.text(name)
        if not text.isdecimal():
            raise ImproperlyConfigured(f"{name}={text}: expected a whole number")
        number = int(text)
        if number < at_least or (at_most is not None and number > at_most):
            limit = f"at least {at_least}" if at_most is None else f"{at_least} to {at_most}"
            raise ImproperlyConfigured(f"{name}={text}: expected {limit}")
        return number

    def words(self, name: str) -> list[str]:
        return [word for part in self.text(name).split(",") if (word := part.strip())]

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        word = self.text(name)
        if word not in choices:
            raise ImproperlyConfigured(f"{name}={word}: expected {' or '.join(choices)}")
        return word

    def origin(self, name: str) -> str:
        """Scheme, host and port without a slash at the end; "" when not set."""
        text = self.text(name)
        origin = origin_in(text)
        if text and not origin:
            shown = f"{name}={without_password(text)}"
            raise ImproperlyConfigured(f"{shown}: expected an address like https://tube.example.org")
        return origin

    def http_or_queue_address(self, name: str) -> str:
        """Address with a path, or of a queue; "" when not set."""
        text = self.text(name)
        if self._is_queue(name, text):
            return text
        parts = urlsplit(text)
        if text and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ImproperlyConfigured(
                f"{name}={without_password(text)}: expected an address that starts with http:// or https://, "
                f"or {EXPECTED}"
            )
        return text

    def origin_or_queue(self, name: str) -> str:
        """Scheme, host and port without a slash at the end, or the address of a queue; "" when not set."""
        text = self.text(name)
        return text if self._is_queue(name, text) else self.origin(name)

    def _is_queue(self, name: str, text: str) -> bool:
        """True when the text is the address of a queue, with what its broker needs on this machine."""
        if not is_queue_address(text):
            return False
        shown = f"{name}={without_password(text)}"
        try:
            package = missing_package(read_address(text, default_name="any"))
        except BadQueueAddress as error:
            raise ImproperlyConfigured(f"{shown}: {error}") from error
        if package:
            raise ImproperlyConfigured(
                f"{shown}: needs the package {package}; run pip install -r requirements/queues.txt"
            )
        return True
