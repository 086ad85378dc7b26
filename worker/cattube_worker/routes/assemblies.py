"""Assemblies: create, list, show, replay, cancel."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TypedDict

from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from cattube_worker.assemblies.addresses import assembly_url, redirect_url
from cattube_worker.assemblies.creation import create
from cattube_worker.assemblies.creation.bounds import Bounds
from cattube_worker.assemblies.listing.assembly_list import assembly_item, find_assemblies
from cattube_worker.assemblies.senders.attempts import end_earlier
from cattube_worker.assemblies.status.document import short_answer
from cattube_worker.assemblies.templates.template import ShippedTemplates
from cattube_worker.database import Database
from cattube_worker.errors import BadRequest, TryLater
from cattube_worker.execution.cancel import cancel
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.replays.replay import ReplayRequest, Replays
from cattube_worker.execution.resources import Resources
from cattube_worker.execution.result_files import ResultFiles
from cattube_worker.execution.signals import Signals
from cattube_worker.execution.statuses.statuses import Statuses
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.protocol.params.account import TO_DO
from cattube_worker.protocol.params.auth import check_referer
from cattube_worker.protocol.params.await_params import read_milestone
from cattube_worker.protocol.params.list_params import AssemblyListParams, read_list_params
from cattube_worker.protocol.params.params import read_expected_uploads
from cattube_worker.routes.requests.assembly_access import check_may_cancel, check_may_read
from cattube_worker.routes.requests.authentication import creation_params, has_what_signs, signed_params
from cattube_worker.routes.requests.base_url import base_url
from cattube_worker.routes.requests.client_address import own_network
from cattube_worker.routes.requests.form import Form, Permission, received_form
from cattube_worker.routes.services import now, service
from cattube_worker.routes.wait_for_status import wait_for_status
from cattube_worker.settings import Settings
from cattube_worker.size_in_words import excess_in_words

blueprint = Blueprint("assemblies", __name__)
RETRY_SECONDS = 2
# How Uppy begins its header Transloadit-Client. It runs in the page that uploads.
UPPY = "uppy-"
ONE = "/assemblies/<hex32:assembly_id>"


class _EngineFacts(TypedDict):
    templates: ShippedTemplates
    own_credentials: Collection[str]
    bounds: Bounds


@blueprint.post("/assemblies")
def create_assembly() -> AnyResponse:
    return _create(create.new_assembly_id())


@blueprint.get("/assemblies")
def list_assemblies() -> Response:
    """Assemblies, newest first unless asked otherwise; `count` is of all that fit, not of the page."""
    params = signed_params("assemblies:read", may_say=("template_id",))
    page = read_list_params(AssemblyListParams, params.document, code="ASSEMBLY_LIST_ERROR")
    with service(Database).read() as session:
        count, assemblies = find_assemblies(session, page)
    return _fresh(jsonify(count=count, items=[assembly_item(assembly) for assembly in assemblies]))


@blueprint.route(ONE, methods=["POST", "PUT"])
def create_named_assembly(assembly_id: str) -> AnyResponse:
    """Create under an id of the client's own, as the Node SDK does. PUT means the same to Transloadit."""
    return _create(assembly_id)


@blueprint.get(ONE)
def show_assembly(assembly_id: str) -> Response:
    """The status; HTTP 200 also when the assembly failed: that is in the document."""
    statuses = service(Statuses)
    try:
        snapshot = statuses.snapshot(assembly_id)
        check_may_read(snapshot.assembly)
        return _fresh(jsonify(statuses.view.document(snapshot)))
    except TryLater as error:
        return _ask_again(assembly_id, error)


@blueprint.post(f"{ONE}/replay")
def replay_assembly(assembly_id: str) -> Response:
    """Do an assembly again that has all its files, as a new one with the same files."""
    params = signed_params("assemblies:write", may_say=TO_DO)
    replay_request = ReplayRequest(
        parent_id=assembly_id,
        document=params.document,
        base_url=base_url(),
        client=request.headers.get("Transloadit-Client"),
    )
    child = service(Replays).replay(replay_request)
    service(Signals).publish(child.id)
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
    check_may_cancel(assembly_id)
    _cancel(assembly_id, by_page=request.headers.get("Transloadit-Client", "").startswith(UPPY))
    document = service(Statuses).document(assembly_id)
    document.pop("error", None)
    return _fresh(jsonify({**document, "ok": "ASSEMBLY_CANCELED", "message": "The Assembly was canceled."}))


def _create(assembly_id: str) -> AnyResponse:
    created_at, settings = now(), service(Settings)
    if request.content_length and request.content_length > settings.max_upload_bytes:
        excess = excess_in_words(request.content_length, settings.max_upload_bytes)
        raise BadRequest(f"The form has {excess}.", code="MAX_SIZE_EXCEEDED")
    received = received_form(
        service(Uploads),
        assembly_id,
        partial(_permission, assembly_id, created_at),
        max_bytes=settings.max_upload_bytes,
        stall_seconds=settings.upload_stall_seconds,
    )
    with received as form:
        creation = _create_request(assembly_id, form)
        with service(Database).write() as session:
            assembly = create.create(session, creation, **_engine_facts(), now=created_at)
            earlier = end_earlier(session, assembly, now=created_at)
    for earlier_id in earlier:
        _cancel(earlier_id, by_page=False)
    snapshot, document = service(Statuses).snapshot(assembly_id), creation.params.document
    if not snapshot.is_idle:
        service(Signals).publish(assembly_id)
    elif assembly.notify_url is not None:
        service(Signals).wake_outbox()  # The receiver may want to be told.
    status = wait_for_status(service(Statuses), snapshot, read_milestone(document))
    response = jsonify(short_answer(status) if document.get("quiet") is True else status)
    if (url := redirect_url(assembly)) is not None:
        response.status_code, response.headers["Location"] = 302, url
    return _fresh(response)


def _cancel(assembly_id: str, *, by_page: bool) -> None:
    cancel(
        assembly_id,
        by_page=by_page,
        jobs=service(Jobs),
        uploads=service(Uploads),
        results=service(ResultFiles),
    )


def _permission(assembly_id: str, created_at: float, fields: Mapping[str, str]) -> Permission | None:
    """What a form may bring whose fields so far are these; None while some are missing.

    Raises as creating does, so that nobody sends files in vain, or without a right to.
    """
    if not has_what_signs(fields):
        return None
    creation = _create_request(assembly_id, Form(fields))
    with service(Database).read() as session:
        allowed = create.check(session, creation, **_engine_facts(), now=created_at)
    return Permission(bounds=allowed, sender=creation.sender)


def _engine_facts() -> _EngineFacts:
    """What a creation is judged by, whatever it asks for."""
    return {
        "templates": service(ShippedTemplates),
        "own_credentials": service(Resources).stores.by_credentials.keys(),
        "bounds": service(Bounds),
    }


def _create_request(assembly_id: str, form: Form) -> create.CreateRequest:
    """The request in a form, its sender authorized. Raises AssemblyError."""
    params, is_signed = creation_params(form.fields)
    check_referer(params.auth, request.headers.get("Referer"))
    return create.CreateRequest(
        params=params,
        assembly_id=assembly_id,
        base_url=base_url(),
        expected_uploads=read_expected_uploads(form.fields, params.document),
        form_fields=form.own_fields,
        files=form.files,
        client=request.headers.get("Transloadit-Client"),
        is_signed=is_signed,
        network=own_network(),
    )


def _ask_again(assembly_id: str, error: TryLater) -> Response:
    """An answer that every client takes as "wait": Uppy gives the upload up at any 5xx to a poll (W22).

    pytransloadit takes its next address from here, and the time to wait from `info`.
    """
    url = f"{base_url()}/assemblies/{assembly_id}"
    response = jsonify(
        error="ASSEMBLY_STATUS_FETCHING_RATE_LIMIT_REACHED",
        message=str(error),
        http_code=429,
        info={"retryIn": RETRY_SECONDS},
        assembly_id=assembly_id,
        assembly_url=url,
        assembly_ssl_url=url,
    )
    response.status_code = 429
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return _fresh(response)


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
