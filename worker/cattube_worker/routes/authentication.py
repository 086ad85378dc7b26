"""Authentication of requests: signed params in the body or the query, or a bearer token."""

from __future__ import annotations

from flask import request

from cattube_worker.protocol import tokens
from cattube_worker.protocol.params import Account, Params, check_auth, read_params, read_vouched_params
from cattube_worker.routes.services import now, service


def signed_params(scope: str) -> Params:
    """The params of a request that only the account's owner may make. Raises AssemblyError.

    scope: what a bearer token has to allow for this, such as "templates:read".
    """
    return _params(scope, must_be_signed=True)


def creation_params() -> tuple[Params, bool]:
    """The params of a request to create, and whether they are signed, or vouched for by a token.

    Whether they must be is the account's rule. Raises AssemblyError.
    """
    params = _params("assemblies:write", must_be_signed=None)
    return params, _token() is not None or _sent("signature") is not None


def _params(scope: str, *, must_be_signed: bool | None) -> Params:
    account, token = service(Account), _token()
    if token is not None:
        tokens.check(token, scope, secret=account.secret, now=now())
        params = read_vouched_params(_sent("params"), key=account.key)
        tokens.check_owner(params.auth.key, owner=account.key)
        return params
    params = read_params(_sent("params"))
    check_auth(params, _sent("signature"), account=account, now=now(), must_be_signed=must_be_signed)
    return params


def _token() -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _sent(name: str) -> str | None:
    """A field of the body; of the query where there is none, as GET has it."""
    value = request.form.get(name)
    return request.args.get(name) if value is None else value
