"""What stands before a bucket service on the way to browsers: a CDN, on one machine.

It asks the service under the service's own name, so links that were signed for that name stay good. The
public bucket is open through it, which our test server's buckets cannot be.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from servers.s3_server import S3Server

BLOCK_BYTES = 64 * 1024
PASSED = ("Range", "If-Range", "If-None-Match", "Origin", "Access-Control-Request-Method")


@contextmanager
def cdn(server: S3Server, *, public_bucket: str) -> Iterator[str]:
    """The origin of a CDN before `server`."""
    listener = _Listener(("127.0.0.1", 0), _Handler)
    listener.bucket_service, listener.public_bucket = server, public_bucket
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_port}"
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


class _Listener(ThreadingHTTPServer):
    bucket_service: S3Server
    public_bucket: str
    daemon_threads = True
    block_on_close = False


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        upstream = HTTPConnection(urlsplit(self.server.bucket_service.endpoint_url).netloc, timeout=60)
        headers = {name: self.headers[name] for name in PASSED if name in self.headers}
        with suppress(OSError):  # the browser has heard enough
            upstream.request(self.command, self._signed_path(), headers=headers)
            self._give(upstream)
        upstream.close()

    do_OPTIONS = do_GET  # noqa: N815 - so it is called

    def _signed_path(self) -> str:
        prefix = f"/{self.server.public_bucket}/"
        if self.command != "GET" or not self.path.startswith(prefix):
            return self.path
        names = {"Bucket": self.server.public_bucket, "Key": unquote(self.path.removeprefix(prefix))}
        client = self.server.bucket_service.client
        url = urlsplit(client.generate_presigned_url("get_object", Params=names))
        return f"{url.path}?{url.query}"

    def _give(self, upstream: HTTPConnection) -> None:
        answer = upstream.getresponse()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while block := answer.read(BLOCK_BYTES):
            self.wfile.write(block)

    def log_message(self, *_: object) -> None:
        pass
