"""The engine's one account, and the check that it sent the params of a request."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from cattube_worker.errors import AssemblyError, BadRequest
from cattube_worker.protocol.params.auth import invalid_auth, unsigned
from cattube_worker.protocol.params.params import Params
from cattube_worker.protocol.signature import verify

# What an assembly is to do, as params say it.
TO_DO = ("template_id", "steps", "fields", "notify_url")


class SignedForUploader(AssemblyError):
    """The signature is right, but it was made for another request."""

    code, status = "SERVER_403", 403


@dataclass(frozen=True, kw_only=True)
class Account:
    """Key and secret of this engine's one account, and its rules for signatures."""

    key: str
    secret: str = field(repr=False)
    require_signature: bool = True
    allow_sha1: bool = False
    max_signature_seconds: float = 7 * 24 * 3600


def check_not_for_uploader(params: Params, *, may_say: Collection[str]) -> None:
    """Check that the params were not signed for somebody who uploads. Raises SignedForUploader.

    A site gives those to browsers: they may make one assembly. Nothing in a signature says for which request
    it was made, so with them every uploader could list the assemblies of all others (M47).
    may_say: of TO_DO, what the params of this request have a use for.
    """
    bounds = (params.auth.max_size_bytes, params.auth.max_files)
    # A template has a name, and in the Python SDK its steps beside that.
    is_template = params.document.get("name") is not None
    unfit = [name for name in TO_DO if params.document.get(name) is not None and name not in may_say]
    if (unfit and not is_template) or any(bound is not None for bound in bounds):
        raise SignedForUploader(
            "These params were signed for an upload, and allow nothing else. Sign others for this request: "
            f"without auth.max_size, auth.max_number_of_files, {', '.join(TO_DO)}."
        )


def check_auth(
    params: Params, signature: str | None, *, account: Account, now: float, must_be_signed: bool | None = None
) -> None:
    """Check that the account sent `params`, and that they have not expired. Raises BadRequest.

    must_be_signed: in place of the account's own rule.
    A missing `expires` is reported before a missing signature, as Transloadit does.
    """
    auth = params.auth
    if auth.key != account.key:
        raise BadRequest("There is no account with this auth key.", code="GET_ACCOUNT_UNKNOWN_AUTH_KEY")
    is_required = account.require_signature if must_be_signed is None else must_be_signed
    if signature is None and not is_required:
        return
    expires = auth.expires
    if expires is None or signature is None:
        raise unsigned(auth)
    verify(params.text, signature, secret=account.secret, allow_sha1=account.allow_sha1)
    if expires < now:
        raise BadRequest("params.auth.expires is in the past. Sign the request anew.", code="AUTH_EXPIRED")
    if expires > now + account.max_signature_seconds:
        raise invalid_auth("expires", "lies too far ahead")
