"""Authentication of requests: signed params in the body or the query, or a bearer token."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import request

from cattube_worker.protocol import tokens
from cattube_worker.protocol.params.account import Account, check_auth, check_not_for_uploader
from cattube_worker.protocol.params.params import Params, read_params, read_vouched_params
from cattube_worker.routes.services import now, service


def signed_params(scope: str, *, may_say: Collection[str] = ()) -> Params:
    """The params of a request that only the account's owner may make. Raises AssemblyError.

    scope: what a bearer token has to allow for this, such as "templates:read". may_say: of what an
    assembly is to do, as a replay says it, the names that these params may have.
    """
    params = _params(scope, request.form, must_be_signed=True)
    if bearer_token() is None:
        check_not_for_uploader(params, may_say=may_say)
    return params


def is_vouched_for() -> bool:
    """Tell if the request carries anything that says who sends it, valid or not."""
    return bearer_token() is not None or _sent("params", request.form) is not None


def has_what_signs(fields: Mapping[str, str]) -> bool:
    """Tell if the fields of a form that is still coming have all that says who sends it."""
    needs_signature = service(Account).require_signature and bearer_token() is None
    names = ("params", "signature") if needs_signature else ("params",)
    return all(_sent(name, fields) is not None for name in names)


def creation_params(fields: Mapping[str, str]) -> tuple[Params, bool]:
    """The params of a request to create, and whether they are signed, or vouched for by a token.

    fields: of the form. Whether they must be signed is the account's rule. Raises AssemblyError.
    """
    params = _params("assemblies:write", fields, must_be_signed=None)
    return params, bearer_token() is not None or _sent("signature", fields) is not None


def _params(scope: str, fields: Mapping[str, str], *, must_be_signed: bool | None) -> Params:
    account, token = service(Account), bearer_token()
    if token is not None:
        tokens.check(token, scope, secret=account.secret, now=now())
        params = read_vouched_params(_sent("params", fields), key=account.key)
        tokens.check_owner(params.auth.key, owner=account.key)
        return params
    params = read_params(_sent("params", fields))
    check_auth(params, _sent("signature", fields), account=account, now=now(), must_be_signed=must_be_signed)
    return params


def bearer_token() -> str | None:
    """The token of the Authorization header; None without one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _sent(name: str, fields: Mapping[str, str]) -> str | None:
    """A field of the body; of the query where there is none, as GET has it."""
    value = fields.get(name)
    return request.args.get(name) if value is None else value
