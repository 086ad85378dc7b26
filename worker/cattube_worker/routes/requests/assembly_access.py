"""Access to one assembly: by its id alone as long as its uploader needs that, and by signature for good."""

from __future__ import annotations

import hmac

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.creation.video_requests import is_video_request
from cattube_worker.assemblies.model import CANCELED, Assembly
from cattube_worker.database import Database
from cattube_worker.errors import AssemblyError
from cattube_worker.routes.requests.authentication import bearer_token, is_vouched_for, signed_params
from cattube_worker.routes.services import now, service
from cattube_worker.settings import Settings


class SignatureNeeded(AssemblyError):
    """The id alone is no permission any more."""

    code, status = "SERVER_403", 403


def check_may_read(assembly: Assembly) -> None:
    """Check that this request may have the assembly's status.

    Raises SignatureNeeded, or an AssemblyError about a signature that is no good.
    """
    if _is_public(assembly):
        return
    _check_signed(
        assembly,
        "assemblies:read",
        reason="This Assembly ended some time ago: its id alone does not show it any more.",
    )


def check_may_cancel(assembly_id: str) -> None:
    """Check that this request may cancel the assembly. Raises AssemblyNotFound, or as `check_may_read`."""
    with service(Database).read() as session:
        assembly = repository.get(session, assembly_id)
    if assembly.state == CANCELED:
        # The page and the site both cancel an upload that is given up, and the second changes nothing.
        check_may_read(assembly)
    elif assembly.is_final:
        _check_signed(
            assembly,
            "assemblies:write",
            reason="This Assembly has ended: its id alone does not change it any more.",
        )


def _is_public(assembly: Assembly) -> bool:
    """True while whoever knows the id may read the status: its uploader's page still asks for it."""
    if not assembly.is_final or assembly.ended_at is None:
        return True
    return now() < assembly.ended_at + service(Settings).status_public_hours * 3600


def _check_signed(assembly: Assembly, scope: str, *, reason: str) -> None:
    """Check that the account sent this request. reason: what to say when nobody has signed it."""
    if _has_announced(assembly):
        return
    if not is_vouched_for():
        raise SignatureNeeded(f"{reason} Sign the request, or send a bearer token.")
    signed_params(scope)


def _has_announced(assembly: Assembly) -> bool:
    """True when the request carries the token by which the assembly was asked for at POST /videos."""
    token, expected = bearer_token() or "", service(Settings).videos_token.get_secret_value()
    is_known = bool(expected) and hmac.compare_digest(token.encode(), expected.encode())
    return is_known and is_video_request(assembly.params)
