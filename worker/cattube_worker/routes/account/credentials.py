"""Template credentials: store, list, show, change, remove."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cattube_worker.assemblies.credentials import stored_credentials
from cattube_worker.assemblies.credentials.documents import credentials_record, read_credentials
from cattube_worker.assemblies.credentials.encryption import CredentialEncryption
from cattube_worker.database import Database
from cattube_worker.protocol.params.list_params import CredentialListParams, read_list_params
from cattube_worker.routes.requests.authentication import signed_params
from cattube_worker.routes.services import now, service

blueprint = Blueprint("credentials", __name__)
ALL, ONE = "/template_credentials", "/template_credentials/<path:name_or_id>"


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(ALL)
def list_credentials() -> Response:
    """One page of them; clients that want all ask until a page is empty."""
    params = signed_params("template_credentials:read")
    page = read_list_params(CredentialListParams, params.document, code="TEMPLATE_CREDENTIALS_NOT_FOUND")
    with service(Database).read() as session:
        credentials = stored_credentials.find_page(session, service(CredentialEncryption), page)
    return jsonify(
        ok="TEMPLATE_CREDENTIALS_FOUND",
        message="Your Template Credentials were successfully found.",
        credentials=[credentials_record(row) for row in credentials],
    )


@blueprint.get(f"{ALL}/types")
def list_types() -> Response:
    signed_params("template_credentials:read")
    return jsonify(
        ok="TEMPLATE_CREDENTIALS_TYPES_FOUND",
        message="The Template Credentials types were successfully found.",
        credential_types=stored_credentials.TYPES,
    )


@blueprint.post(ALL)
def create_credentials() -> Response:
    params = signed_params("template_credentials:write")
    draft = read_credentials(params.document, code="TEMPLATE_CREDENTIALS_NOT_CREATED")
    with service(Database).write() as session:
        credentials = stored_credentials.add(session, service(CredentialEncryption), draft, now=now())
    return _answer("TEMPLATE_CREDENTIALS_CREATED", "created", credentials)


@blueprint.get(ONE)
def show_credentials(name_or_id: str) -> Response:
    signed_params("template_credentials:read")
    with service(Database).read() as session:
        credentials = stored_credentials.find(session, service(CredentialEncryption), name_or_id)
    if credentials is None:
        raise stored_credentials.missing(name_or_id, "TEMPLATE_CREDENTIALS_NOT_READ")
    return _answer("TEMPLATE_CREDENTIALS_READ", "read", credentials)


@blueprint.put(ONE)
def change_credentials(name_or_id: str) -> Response:
    params = signed_params("template_credentials:write")
    draft = read_credentials(params.document, code="TEMPLATE_CREDENTIALS_NOT_UPDATED")
    encryption = service(CredentialEncryption)
    with service(Database).write() as session:
        credentials = stored_credentials.change(session, encryption, name_or_id, draft, now=now())
    return _answer("TEMPLATE_CREDENTIALS_UPDATED", "updated", credentials)


@blueprint.delete(ONE)
def remove_credentials(name_or_id: str) -> Response:
    signed_params("template_credentials:write")
    with service(Database).write() as session:
        stored_credentials.remove(session, name_or_id)
    return jsonify(
        ok="TEMPLATE_CREDENTIALS_DELETED", message="Your Template Credentials were successfully deleted."
    )


def _answer(ok: str, done: str, credentials: stored_credentials.Credentials) -> Response:
    return jsonify(
        ok=ok,
        message=f"Your Template Credentials were successfully {done}.",
        credential=credentials_record(credentials),
    )
