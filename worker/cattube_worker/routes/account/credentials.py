"""Template credentials: store, list, look at, change, remove."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cattube_worker.assemblies.credentials import stored_credentials
from cattube_worker.assemblies.credentials.documents import credentials_record, read_credentials
from cattube_worker.protocol.list_params import CredentialListParams, read_list_params
from cattube_worker.routes import current_engine
from cattube_worker.routes.authentication import signed_params

blueprint = Blueprint("credentials", __name__)
ALL, ONE = "/template_credentials", "/template_credentials/<path:wanted>"


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(ALL)
def list_credentials() -> Response:
    """One page of them; clients that want all ask until a page is empty."""
    params, engine = signed_params("template_credentials:read"), current_engine()
    wanted = read_list_params(CredentialListParams, params.document, code="TEMPLATE_CREDENTIALS_NOT_FOUND")
    with engine.database.read() as session:
        found = stored_credentials.find_page(session, engine.encryption, wanted)
    return jsonify(
        ok="TEMPLATE_CREDENTIALS_FOUND",
        message="Your Template Credentials were successfully found.",
        credentials=[credentials_record(each) for each in found],
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
    params, engine = signed_params("template_credentials:write"), current_engine()
    draft = read_credentials(params.document, code="TEMPLATE_CREDENTIALS_NOT_CREATED")
    with engine.database.write() as session:
        made = stored_credentials.add(session, engine.encryption, draft, now=engine.clock())
    return _answer("TEMPLATE_CREDENTIALS_CREATED", "created", made)


@blueprint.get(ONE)
def show_credentials(wanted: str) -> Response:
    signed_params("template_credentials:read")
    engine = current_engine()
    with engine.database.read() as session:
        found = stored_credentials.find(session, engine.encryption, wanted)
    if found is None:
        raise stored_credentials.missing(wanted, "TEMPLATE_CREDENTIALS_NOT_READ")
    return _answer("TEMPLATE_CREDENTIALS_READ", "read", found)


@blueprint.put(ONE)
def change_credentials(wanted: str) -> Response:
    params, engine = signed_params("template_credentials:write"), current_engine()
    draft = read_credentials(params.document, code="TEMPLATE_CREDENTIALS_NOT_UPDATED")
    with engine.database.write() as session:
        changed = stored_credentials.change(session, engine.encryption, wanted, draft, now=engine.clock())
    return _answer("TEMPLATE_CREDENTIALS_UPDATED", "updated", changed)


@blueprint.delete(ONE)
def remove_credentials(wanted: str) -> Response:
    signed_params("template_credentials:write")
    with current_engine().database.write() as session:
        stored_credentials.remove(session, wanted)
    return jsonify(
        ok="TEMPLATE_CREDENTIALS_DELETED", message="Your Template Credentials were successfully deleted."
    )


def _answer(ok: str, done: str, credentials: stored_credentials.Credentials) -> Response:
    return jsonify(
        ok=ok,
        message=f"Your Template Credentials were successfully {done}.",
        credential=credentials_record(credentials),
    )
