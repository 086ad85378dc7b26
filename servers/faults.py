"""A proxy before an S3 server that does to some calls what networks and bucket services do.

with faulty(server) as faults:
    faults.rule = three_of_four(Refusal(503, "ServiceUnavailable"))
    … use faults.server instead of server; faults.calls tells what arrived …
"""

from __future__ import annotations

import socket
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from html import escape
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from weakref import WeakSet

from servers.s3_server import S3Server

_BLOCK_BYTES = 64 * 1024
_HOP_BY_HOP = {"connection", "keep-alive", "expect", "transfer-encoding"}


@dataclass(frozen=True)
class Call:
    """One request. query: without what only signs it. headers: names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def identity(self) -> tuple[str, str, str]:
        """Equal for attempts at the same thing."""
        return self.method, self.path, str(sorted(self.query.items()))


@dataclass(frozen=True)
class Refusal:
    """The call is answered with an error and does not reach the server."""

    status: int
    code: str
    message: str = "This is a fault on purpose."


@dataclass(frozen=True)
class Reset:
    """The connection is torn after that many bytes of the request's body, else of the answer's."""

    after_bytes: int = 0


@dataclass(frozen=True)
class Stall:
    """Nothing is answered for so long that any client gives up; the call does not reach the server."""


@dataclass(frozen=True)
class Corruption:
    """The call passes with one bit changed on its way: of the request's body, else of the answer's."""


@dataclass(frozen=True)
class LostAnswer:
    """The server does what it is asked, and the client never hears of it."""


Fault = Refusal | Reset | Stall | Corruption | LostAnswer
Rule = Callable[[Call], Fault | None]

# What B2 answers when a cap that the account's owner set is used up.
CAP_REACHED = Refusal(403, "AccessDenied", "Transaction cap exceeded, see the Caps & Alerts page.")


def none(_call: Call) -> None:
    """No call comes to harm."""


def always(fault: Fault) -> Rule:
    """Every call."""
    return lambda _call: fault


def three_of_four(fault: Fault) -> Rule:
    """The first three attempts at each thing; the fourth passes."""
    return first(3, fault)


def first(attempts: int, fault: Fault, *, method: str = "", query: str = "") -> Rule:
    """The first attempts at each thing.

    method, query: only at calls of that method, with such a parameter.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    lock = threading.Lock()

    def rule(call: Call) -> Fault | None:
        if (method and call.method != method) or (query and query not in call.query):
            return None
        with lock:
            seen[call.identity] += 1
            return fault if seen[call.identity] <= attempts else None

    return rule


def as_b2(call: Call) -> Fault | None:
    """Refuse the headers that B2 does not take: ACLs of objects, tags, conditions, and newer checksums."""
    for name in call.headers:
        if name.startswith(("x-amz-checksum-", "x-amz-sdk-checksum", "x-amz-trailer")):
            return Refusal(400, "InvalidArgument", f"Unsupported header '{name}' received for this API call.")
        if name in {"x-amz-acl", "x-amz-tagging"} or name.startswith("x-amz-grant-"):
            return Refusal(400, "InvalidArgument", f"Unsupported value for '{name}'.")
        if name == "if-none-match" and call.method in {"PUT", "POST"}:
            return Refusal(501, "NotImplemented", "A header you provided implies functionality we lack.")
    return None


@dataclass
class Faults:
    """server: the way through the proxy. rule: which calls come to harm. calls: all that arrived."""

    server: S3Server
    rule: Rule = none
    calls: list[Call] = field(default_factory=list)


@contextmanager
def faulty(server: S3Server) -> Iterator[Faults]:
    """A proxy before `server`, on a port of its own."""
    listener = _Listener(("127.0.0.1", 0), _Handler)
    listener.upstream = urlsplit(server.endpoint_url).netloc
    url = f"http://127.0.0.1:{listener.server_port}"
    listener.faults = Faults(replace(server, endpoint_url=url))
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield listener.faults
    finally:
        listener.ending.set()
        listener.shutdown()
        thread.join()
        listener.hang_up()
        listener.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for all of them
    upstream: str
    faults: Faults

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.ending = threading.Event()
        self._connections: WeakSet[socket.socket] = WeakSet()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def hang_up(self) -> None:
        """End the connections that clients keep for later."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *arguments: Any) -> None:
        """A connection that breaks is what this is for; anything else is a fault of its own."""
        if not isinstance(sys.exception(), OSError | ValueError):
            super().handle_error(*arguments)


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        call = self._call()
        self.server.faults.calls.append(call)
        fault = self.server.faults.rule(call)
        if isinstance(fault, Refusal):
            self._refuse(fault)
        elif isinstance(fault, Stall):
            self.server.ending.wait(60)
            self.close_connection = True
        elif isinstance(fault, Reset) and self._length():
            self._drop(self._body(at_most=fault.after_bytes))
            self._tear()
        else:
            self._pass_on(fault)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = handle_any  # noqa: N815 - so it is called

    def _call(self) -> Call:
        parts = urlsplit(self.path)
        query = {
            name: value
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not name.startswith("X-Amz-")
        }
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Call(self.command, unquote(parts.path), query, headers)

    def _refuse(self, refusal: Refusal) -> None:
        self._drop(self._body())
        said = f"<Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
        text = f"<Error>{said}</Error>".encode()
        self.send_response(refusal.status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(text)))
        if origin := self.headers.get("Origin"):
            self.send_header("Access-Control-Allow-Origin", origin)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def _pass_on(self, fault: Fault | None) -> None:
        upstream, left = HTTPConnection(self.server.upstream, timeout=60), self._length()
        try:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    upstream.putheader(name, value)
            upstream.endheaders()
            is_broken = isinstance(fault, Corruption)
            for block in self._body():
                upstream.send(_changed(block) if is_broken else block)
                is_broken = False
                left -= len(block)
            if left:
                # The client has left. The server would wait for the rest, and we for the server.
                self._tear()
                return
            if isinstance(fault, Corruption) and self._length():
                fault = None
            self._give_back(upstream.getresponse(), fault)
        finally:
            upstream.close()

    def _give_back(self, answer: HTTPResponse, fault: Fault | None) -> None:
        if isinstance(fault, LostAnswer):
            answer.read()
            self._tear()
            return
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        is_chunked = answer.chunked
        if is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._give_body(answer, fault, is_chunked=is_chunked)

    def _give_body(self, answer: HTTPResponse, fault: Fault | None, *, is_chunked: bool) -> None:
        left = fault.after_bytes if isinstance(fault, Reset) else None
        while block := answer.read(_BLOCK_BYTES if left is None else min(left, _BLOCK_BYTES)):
            if isinstance(fault, Corruption):
                block, fault = _changed(block), None
            self.wfile.write(b"%x\r\n%s\r\n" % (len(block), block) if is_chunked else block)
            left = None if left is None else left - len(block)
        if left is not None:
            self._tear()
        elif is_chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _length(self) -> int:
        return int(self.headers.get("Content-Length") or 0)

    def _body(self, *, at_most: int | None = None) -> Iterator[bytes]:
        left = self._length() if at_most is None else min(at_most, self._length())
        while left and (block := self.rfile.read(min(left, _BLOCK_BYTES))):
            left -= len(block)
            yield block

    def _drop(self, blocks: Iterator[bytes]) -> None:
        for _ in blocks:
            pass

    def _tear(self) -> None:
        """End the connection the hard way: the other side gets a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for part in (self.rfile, self.wfile, self.connection):
            part.close()

    def log_message(self, *_: object) -> None:
        pass


def _changed(block: bytes) -> bytes:
    return bytes([block[0] ^ 1]) + block[1:]
