"""POST /token: a bearer token for a client that knows key and secret."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, jsonify, request

from cattube_worker.errors import AssemblyError
from cattube_worker.protocol import tokens
from cattube_worker.protocol.params.account import Account
from cattube_worker.routes.services import now, service

blueprint = Blueprint("tokens", __name__)


class WrongCredentials(AssemblyError):
    code, status = "TOKEN_INVALID_CREDENTIALS", 401


@blueprint.post("/token")
def issue_token() -> Response:
    """RFC 6749's client credentials: HTTP Basic, or the two as fields."""
    _check_credentials(*_credentials())
    if request.form.get("grant_type", "client_credentials") != "client_credentials":
        raise WrongCredentials("The only grant_type here is client_credentials.")
    tokens.check_audience(request.form.get("aud", "mcp"))
    scopes = tokens.read_scopes(request.form.get("scope", ""))
    token = tokens.issue(scopes, secret=service(Account).secret, now=now())
    response = jsonify(
        access_token=token,
        token_type="Bearer",  # noqa: S106  (it is the kind of token)
        expires_in=tokens.LIFETIME_SECONDS,
        scope=" ".join(scopes),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _credentials() -> tuple[str, str]:
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        return basic.username or "", basic.password or ""
    return request.form.get("client_id", ""), request.form.get("client_secret", "")


def _check_credentials(key: str, secret: str) -> None:
    account = service(Account)
    is_key = hmac.compare_digest(key.encode(), account.key.encode())
    is_secret = hmac.compare_digest(secret.encode(), account.secret.encode())
    if not (is_key and is_secret):
        raise WrongCredentials("There is no account with this auth key and secret.")
