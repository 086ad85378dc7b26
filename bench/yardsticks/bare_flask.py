"""The reference for answering pages: Flask that gives every request the same JSON, and does nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response

ANSWER = Path(os.environ["ANSWER"]).read_bytes()
app = Flask(__name__)


@app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
@app.route("/<path:path>", methods=["GET", "POST"])
def answer(path: str) -> Response:
    return Response(ANSWER, mimetype="application/json")
