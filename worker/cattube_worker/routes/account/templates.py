"""Templates: store, list, look at, change, remove."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cattube_worker.assemblies.templates import stored_templates
from cattube_worker.assemblies.templates.documents import read_template, template_record
from cattube_worker.protocol.list_params import TemplateListParams, read_list_params
from cattube_worker.routes import current_engine
from cattube_worker.routes.authentication import signed_params

blueprint = Blueprint("templates", __name__)
ONE = "/templates/<path:wanted>"


@blueprint.after_request
def keep_fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/templates")
def list_templates() -> Response:
    """Stored templates; those that come with the engine only when `include_builtin` says so."""
    params, engine = signed_params("templates:read"), current_engine()
    wanted = read_list_params(TemplateListParams, params.document, code="TEMPLATE_LIST_ERROR")
    with engine.database.read() as session:
        count, found = stored_templates.find_templates(session, engine.templates.values(), wanted)
    return jsonify(count=count, items=[template_record(each) for each in found])


@blueprint.post("/templates")
def create_template() -> Response:
    params, engine = signed_params("templates:write"), current_engine()
    wanted = read_template(params.document)
    with engine.database.write() as session:
        template = stored_templates.add(session, engine.templates, wanted, now=engine.clock())
    return jsonify(
        ok="TEMPLATE_CREATED",
        message="The template has been created successfully.",
        **template_record(template),
    )


@blueprint.get(ONE)
def show_template(wanted: str) -> Response:
    signed_params("templates:read")
    engine = current_engine()
    with engine.database.read() as session:
        template = stored_templates.find(session, engine.templates, wanted)
    return jsonify(
        ok="TEMPLATE_FOUND",
        message="The template content has been retrieved successfully.",
        **template_record(template),
    )


@blueprint.put(ONE)
def change_template(wanted: str) -> Response:
    params, engine = signed_params("templates:write"), current_engine()
    change = read_template(params.document)
    with engine.database.write() as session:
        template = stored_templates.change(session, engine.templates, wanted, change, now=engine.clock())
    return jsonify(
        ok="TEMPLATE_UPDATED",
        message="The template has been updated successfully.",
        **template_record(template),
    )


@blueprint.delete(ONE)
def remove_template(wanted: str) -> Response:
    signed_params("templates:write")
    engine = current_engine()
    with engine.database.write() as session:
        stored_templates.remove(session, engine.templates, wanted)
    return jsonify(ok="TEMPLATE_DELETED", message="The template has been deleted successfully.")
