"""An engine without a robot in it: answers what it was told to, over real HTTP."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class EngineDouble:
    """Assemblies by id. asked: "GET <id>" and "DELETE <id>" in the order they came. identified: the signature
    or Authorization of each. searched: the params of each request for the list, in which are the Assemblies
    that have one of the keywords in their params or fields, newest first; None for an engine without a list.
    files: texts by their paths, for whoever brings a permission. moved: where paths lead that have no text.

    created, created_ids: params of the Assemblies that were made, and their ids; `creation_answer` is the
    answer, with the id. replayed: the Assemblies that were to be done again, with the params; `replay_answer`
    is the answer. health: what it tells of itself; None for an engine that does not. jobs: of each Assembly,
    as the engine lists them.
    announced: what came to /videos, each with its Authorization; `announcement_answer` is the answer.
    """

    def __init__(self) -> None:
        self.assemblies: dict[str, dict[str, Any]] = {}
        self.files: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.asked: list[str] = []
        self.searched: list[dict[str, Any]] | None = []
        self.identified: list[str] = []
        self.announced: list[tuple[str | None, dict[str, Any]]] = []
        self.announcement_answer: tuple[int, dict[str, Any]] = (202, {})
        self.created: list[dict[str, Any]] = []
        self.created_ids: list[str] = []
        self.creation_answer: tuple[int, dict[str, Any]] = (200, {})
        self.replayed: list[tuple[str, dict[str, Any]]] = []
        self.replay_answer: tuple[int, dict[str, Any]] = (200, {"assembly_id": "e" * 32})
        self.health: dict[str, Any] | None = None
        self.jobs: dict[str, list[dict[str, Any]]] = {}
        self.http_status = 200
        self.body: bytes | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def knows(self, status: dict[str, Any]) -> None:
        self.assemblies[status["assembly_id"]] = status

    def list(self, params: dict[str, Any]) -> tuple[int, bytes]:
        if self.searched is None:
            return 403, json.dumps({"error": "AUTH_SCOPE_MISSING", "http_code": 403}).encode()
        self.searched.append(params)
        texts = {name: json.dumps(status) for name, status in reversed(self.assemblies.items())}
        found = [name for name, text in texts.items() if any(word in text for word in params["keywords"])]
        items = [{"id": name, "created": "2026-11-23T18:00:00Z"} for name in found[: params["pagesize"]]]
        return 200, json.dumps({"items": items, "count": len(found)}).encode()

    def take(self, path: str, body: bytes, *, authorization: str | None) -> tuple[int, dict[str, Any]]:
        """Answer to a POST: of an Assembly, of a replay, or of an announcement."""
        if path.endswith("/replay"):
            params = json.loads(parse_qs(body.decode())["params"][0])
            self.replayed.append((path.split("/")[2], params))
            return self.replay_answer
        if path.startswith("/assemblies/"):
            self.created.append(json.loads(parse_qs(body.decode())["params"][0]))
            self.created_ids.append(path.rpartition("/")[2])
            code, answer = self.creation_answer
            return code, answer if "error" in answer else {"assembly_id": self.created_ids[-1], **answer}
        self.announced.append((authorization, json.loads(body)))
        return self.announcement_answer

    def answer(self, method: str, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
        url = urlsplit(path)
        if url.path == "/assemblies":
            return self.list(json.loads(fields["params"]))
        if url.path == "/healthz" and self.health is not None:
            return 200, json.dumps(self.health).encode()
        if url.path.startswith("/assembly_jobs/"):
            jobs = self.jobs.get(url.path.rpartition("/")[2])
            return (404, b"{}") if jobs is None else (200, json.dumps({"jobs": jobs}).encode())
        if url.path in self.files:
            return (
                (200, self.files[url.path].encode(errors="surrogateescape"))
                if "sig=" in url.query
                else (403, b"{}")
            )
        assembly_id = url.path.rpartition("/")[2]
        self.asked.append(f"{method} {assembly_id}")
        if self.body is not None:
            return self.http_status, self.body
        status = self.assemblies.get(assembly_id)
        if status is None:
            return 404, json.dumps({"error": "ASSEMBLY_NOT_FOUND", "http_code": 404}).encode()
        if method == "DELETE" and not ({"error"} & status.keys() or status["ok"] == "ASSEMBLY_COMPLETED"):
            status["ok"] = "ASSEMBLY_CANCELED"
        return self.http_status, json.dumps(status).encode()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(double: EngineDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(parse_qs(urlsplit(self.path).query))

        def do_DELETE(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._answer(parse_qs(body))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code, answer = double.take(self.path, body, authorization=self.headers["Authorization"])
            _send(self, code, json.dumps(answer).encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

        def _answer(self, fields: dict[str, list[str]]) -> None:
            sent = {name: values[0] for name, values in fields.items()}
            double.identified.append(sent.get("signature") or self.headers["Authorization"] or "")
            if location := double.moved.get(self.path):
                _send(self, 302, b"", Location=location)
            else:
                _send(self, *double.answer(self.command, self.path, sent))

    return Handler


def _send(handler: BaseHTTPRequestHandler, code: int, body: bytes, **headers: str) -> None:
    handler.send_response(code)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
