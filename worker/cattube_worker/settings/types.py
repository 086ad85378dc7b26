"""Types of settings: each turns the text of one into its value, or says what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import PlainValidator, SecretStr

from cattube_worker.queues.address import missing_package, read_address


def _text(raw: str) -> str:
    return raw.strip()


def _number(raw: str) -> int:
    try:
        number = int(raw)
    except ValueError:
        raise ValueError("expected a whole number") from None
    if number < 0:
        raise ValueError("expected a number that is not negative")
    return number


def _positive(raw: str) -> int:
    number = _number(raw)
    if number == 0:
        raise ValueError("expected a number above zero")
    return number


def _yes_no(raw: str) -> bool:
    answer = raw.strip().lower()
    if answer in {"true", "1", "yes", "on"}:
        return True
    if answer in {"false", "0", "no", "off"}:
        return False
    raise ValueError("expected true or false")


def _names(raw: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in raw.split(",") if name.strip())


def _host_ports(raw: str) -> tuple[str, ...]:
    names = _names(raw)
    if not all(_is_host_port(name) for name in names):
        raise ValueError("expected hosts like minio.lan:9000, or minio.lan:* for all ports, by comma")
    return names


def _is_host_port(name: str) -> bool:
    host, colon, port = name.rpartition(":")
    if not colon or name.endswith("]"):
        host, port = name, "443"
    try:
        is_host = urlsplit(f"//{host}").netloc == host and urlsplit(f"//{host}").port is None
        return is_host and bool(host) and "@" not in host and (port == "*" or 1 <= int(port) <= 65535)
    except ValueError:
        return False


def _base_url(raw: str) -> str:
    url = raw.strip().rstrip("/")
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("expected an address that starts with http:// or https://")
    if url.count("/") > 2:
        raise ValueError("expected an address without a path; Uppy drops the path")
    return url


def _endpoint_url(raw: str) -> str:
    """The URL with its scheme, which the pages of bucket services leave out."""
    address = raw.strip().rstrip("/")
    if not address:
        return ""
    url = address if "://" in address else f"https://{address}"
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_plain = False
    if not is_plain or parts.path or parts.query or parts.username:
        raise ValueError("expected an address like s3.us-west-004.backblazeb2.com, without the bucket")
    return url


def _host(raw: str) -> str:
    name = raw.strip().lower()
    if name and urlsplit(f"//{name}").netloc != name:
        raise ValueError("expected a host like cdn.example.com")
    return name


def _host_name(raw: str) -> str:
    """A name that can stand in a queue's name and, with a colon behind it, in a lease."""
    name = raw.strip()
    if not re.fullmatch(r"[\w.-]{1,100}", name):
        raise ValueError("expected a name like worker-1, of letters, digits, dots and dashes")
    return name


def machine_name(raw: str) -> str:
    """The name that a machine has, as one that HOST_NAME takes: nobody chose it for that."""
    return re.sub(r"[^\w.-]+", "-", raw).strip("-")[:100] or "host"


def _database_url(raw: str) -> str:
    return _server_url(
        raw,
        schemes=("postgresql", "sqlite"),
        is_whole=lambda parts: len(parts.path) > 1,
        example="postgresql://user:password@host/name",
    )


def _broker_url(raw: str) -> str:
    return _server_url(
        raw,
        schemes=("amqp", "amqps"),
        is_whole=lambda parts: bool(parts.hostname),
        example="amqp://user:password@host//",
    )


def _server_url(
    raw: str, *, schemes: Collection[str], is_whole: Callable[[SplitResult], bool], example: str
) -> str:
    url = raw.strip()
    try:
        parts = urlsplit(url)
        # `port` raises ValueError for what is no port.
        is_address = parts.scheme in schemes and parts.port != 0 and is_whole(parts)
    except ValueError:
        is_address = False
    if url and not is_address:
        raise ValueError(f"expected an address like {example}")
    return url


def _queue(raw: str) -> str:
    """The address of a queue whose broker can be spoken to from here, or ""."""
    url = raw.strip()
    if not url:
        return ""
    package = missing_package(read_address(url, default_name="any"))
    if package:
        raise ValueError(f"needs the package {package}; run pip install -r requirements/queues.txt")
    return url


def _queue_or_http(raw: str) -> str:
    """The address of a queue; one of HTTP is the site's own affair."""
    return raw.strip() if raw.strip().startswith(("http://", "https://")) else _queue(raw)


def _port(raw: str) -> int:
    number = _number(raw)
    if not 1 <= number <= 65535:
        raise ValueError("expected a port between 1 and 65535")
    return number


def _one_of(*words: str) -> Callable[[str], str]:
    *others, last = words

    def read(raw: str) -> str:
        if raw not in words:
            raise ValueError(f"expected {', '.join(others)} or {last}")
        return raw

    return read


def _log_level(raw: str) -> str:
    return _one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")(raw.strip().upper())


def _secret(read: Callable[[str], str]) -> PlainValidator:
    return PlainValidator(lambda raw: SecretStr(read(raw)))


Text = Annotated[str, PlainValidator(_text)]
Number = Annotated[int, PlainValidator(_number)]
Positive = Annotated[int, PlainValidator(_positive)]
Port = Annotated[int, PlainValidator(_port)]
YesNo = Annotated[bool, PlainValidator(_yes_no)]
HostPorts = Annotated[tuple[str, ...], PlainValidator(_host_ports)]
Names = Annotated[tuple[str, ...], PlainValidator(_names)]
BaseUrl = Annotated[str, PlainValidator(_base_url)]
EndpointUrl = Annotated[str, PlainValidator(_endpoint_url)]
Host = Annotated[str, PlainValidator(_host)]
HostName = Annotated[str, PlainValidator(_host_name)]
SignatureForm = Annotated[str, PlainValidator(_one_of("sha384", "sha256", "sha1", "sha1-bare"))]
ScratchPlace = Annotated[str, PlainValidator(_one_of("folder", "bucket"))]
FileSender = Annotated[str, PlainValidator(_one_of("self", "x-accel-redirect", "x-sendfile"))]
LogLevel = Annotated[str, PlainValidator(_log_level)]
Secret = Annotated[SecretStr, _secret(_text)]
DatabaseUrl = Annotated[SecretStr, _secret(_database_url)]
BrokerUrl = Annotated[SecretStr, _secret(_broker_url)]
QueueUrl = Annotated[SecretStr, _secret(_queue)]
QueueOrHttpUrl = Annotated[SecretStr, _secret(_queue_or_http)]
