"""Assemblies: create, look at, cancel."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from cattube_worker.assemblies import create
from cattube_worker.assemblies.addresses import assembly_url, redirect_url
from cattube_worker.assemblies.listing.assembly_list import assembly_item, find_assemblies
from cattube_worker.assemblies.status.document import short_answer
from cattube_worker.errors import BadRequest, TryLater
from cattube_worker.execution import cancel, replay
from cattube_worker.protocol.auth import check_referer
from cattube_worker.protocol.await_params import read_milestone
from cattube_worker.protocol.list_params import AssemblyListParams, read_list_params
from cattube_worker.protocol.params import read_expected_uploads
from cattube_worker.routes import current_engine
from cattube_worker.routes.authentication import creation_params, signed_params
from cattube_worker.routes.form import base_url, received_files, text_fields
from cattube_worker.routes.wait_for_status import awaited_status

blueprint = Blueprint("assemblies", __name__)
WAIT_SECONDS = 2
ONE = "/assemblies/<hex32:assembly_id>"


@blueprint.post("/assemblies")
def create_assembly() -> AnyResponse:
    return _create(create.new_assembly_id())


@blueprint.get("/assemblies")
def list_assemblies() -> Response:
    """Assemblies, newest first unless asked otherwise; `count` is of all that fit, not of the page."""
    params = signed_params("assemblies:read")
    wanted = read_list_params(AssemblyListParams, params.document, code="ASSEMBLY_LIST_ERROR")
    with current_engine().database.read() as session:
        count, found = find_assemblies(session, wanted)
    return _fresh(jsonify(count=count, items=[assembly_item(each) for each in found]))


@blueprint.route(ONE, methods=["POST", "PUT"])
def create_named_assembly(assembly_id: str) -> AnyResponse:
    """Create under an id of the client's own, as the Node SDK does. PUT means the same to Transloadit."""
    return _create(assembly_id)


@blueprint.get(ONE)
def show_assembly(assembly_id: str) -> Response:
    """The status; HTTP 200 also when the assembly failed: that is in the document."""
    try:
        return _fresh(jsonify(current_engine().status(assembly_id)))
    except TryLater as error:
        return _ask_again(assembly_id, error)


@blueprint.post(f"{ONE}/replay")
def replay_assembly(assembly_id: str) -> Response:
    """Do an ended assembly again, as a new one with the same files."""
    params, engine = signed_params("assemblies:write"), current_engine()
    asked = replay.ReplayRequest(
        parent_id=assembly_id,
        document=params.document,
        base_url=base_url(engine),
        client=request.headers.get("Transloadit-Client"),
    )
    child = replay.replay(engine, asked)
    engine.publish(child.id)
    url = assembly_url(child)
    return _fresh(
        jsonify(
            ok="ASSEMBLY_REPLAYING",
            message="The Assembly is being replayed.",
            success=True,
            assembly_id=child.id,
            assembly_url=url,
            assembly_ssl_url=url,
            notify_url=child.notify_url,
        )
    )


@blueprint.delete(ONE)
def cancel_assembly(assembly_id: str) -> Response:
    """Cancel; the answer says ASSEMBLY_CANCELED even to one that had already ended, as Transloadit's does."""
    engine = current_engine()
    cancel.cancel(engine, assembly_id)
    document = engine.status(assembly_id)
    document.pop("error", None)
    return _fresh(jsonify({**document, "ok": "ASSEMBLY_CANCELED", "message": "The Assembly was canceled."}))


def _create(assembly_id: str) -> AnyResponse:
    engine, now = current_engine(), current_engine().clock()
    params, is_signed = creation_params()
    check_referer(params.auth, request.headers.get("Referer"))
    if request.content_length and request.content_length > engine.settings.max_upload_bytes:
        raise BadRequest("The form is larger than the largest file allowed.", code="MAX_SIZE_EXCEEDED")
    with received_files(engine, assembly_id) as files:
        asked = create.CreateRequest(
            params=params,
            assembly_id=assembly_id,
            base_url=base_url(engine),
            expected_uploads=read_expected_uploads(request.form, params.document),
            form_fields=text_fields(),
            files=files,
            client=request.headers.get("Transloadit-Client"),
            is_signed=is_signed,
        )
        with engine.database.write() as session:
            assembly = create.create(
                session, asked, templates=engine.templates, bounds=engine.bounds, now=now
            )
    engine.publish(assembly_id)
    document = awaited_status(engine, assembly_id, read_milestone(params.document))
    response = jsonify(short_answer(document) if params.document.get("quiet") is True else document)
    if (url := redirect_url(assembly)) is not None:
        response.status_code, response.headers["Location"] = 302, url
    return _fresh(response)


def _ask_again(assembly_id: str, error: TryLater) -> Response:
    """An answer that every client takes as "wait": Uppy gives the upload up at any 5xx to a poll (W22).

    pytransloadit takes its next address from here, and the time to wait from `info`.
    """
    url = f"{base_url(current_engine())}/assemblies/{assembly_id}"
    response = jsonify(
        error="ASSEMBLY_STATUS_FETCHING_RATE_LIMIT_REACHED",
        message=str(error),
        http_code=429,
        info={"retryIn": WAIT_SECONDS},
        assembly_id=assembly_id,
        assembly_url=url,
        assembly_ssl_url=url,
    )
    response.status_code = 429
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    return _fresh(response)


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
