"""The reference for answering pages: Flask with one JSON for all requests, forgetting what it is sent."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response, request

ANSWER = Path(os.environ["ANSWER"]).read_bytes()
BLOCK_BYTES = 64 * 1024
app = Flask(__name__)


@app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
@app.route("/<path:path>", methods=["GET", "POST", "PATCH"])
def answer(path: str) -> Response:
    while request.method == "PATCH" and request.stream.read(BLOCK_BYTES):
        pass
    return Response(ANSWER, mimetype="application/json")
