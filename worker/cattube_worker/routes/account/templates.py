"""Templates: store, list, show, change, remove."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cattube_worker.assemblies.templates import stored_templates
from cattube_worker.assemblies.templates.documents import read_template, template_record
from cattube_worker.assemblies.templates.template import ShippedTemplates
from cattube_worker.database import Database
from cattube_worker.protocol.params.list_params import TemplateListParams, read_list_params
from cattube_worker.routes.requests.authentication import signed_params
from cattube_worker.routes.services import now, service

blueprint = Blueprint("templates", __name__)
ONE = "/templates/<path:name_or_id>"


@blueprint.after_request
def keep_fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/templates")
def list_templates() -> Response:
    """Stored templates; those that come with the engine only when `include_builtin` says so."""
    params = signed_params("templates:read")
    page = read_list_params(TemplateListParams, params.document, code="TEMPLATE_LIST_ERROR")
    shipped = service(ShippedTemplates).each_once()
    with service(Database).read() as session:
        count, templates = stored_templates.find_templates(session, shipped, page)
    return jsonify(count=count, items=[template_record(template) for template in templates])


@blueprint.post("/templates")
def create_template() -> Response:
    draft = read_template(signed_params("templates:write").document)
    with service(Database).write() as session:
        template = stored_templates.add(session, service(ShippedTemplates), draft, now=now())
    return jsonify(
        ok="TEMPLATE_CREATED",
        message="The template has been created successfully.",
        **template_record(template),
    )


@blueprint.get(ONE)
def show_template(name_or_id: str) -> Response:
    signed_params("templates:read")
    with service(Database).read() as session:
        template = stored_templates.find(session, service(ShippedTemplates), name_or_id)
    return jsonify(
        ok="TEMPLATE_FOUND",
        message="The template content has been retrieved successfully.",
        **template_record(template),
    )


@blueprint.put(ONE)
def change_template(name_or_id: str) -> Response:
    draft = read_template(signed_params("templates:write").document)
    shipped = service(ShippedTemplates)
    with service(Database).write() as session:
        template = stored_templates.change(session, shipped, name_or_id, draft, now=now())
    return jsonify(
        ok="TEMPLATE_UPDATED",
        message="The template has been updated successfully.",
        **template_record(template),
    )


@blueprint.delete(ONE)
def remove_template(name_or_id: str) -> Response:
    signed_params("templates:write")
    with service(Database).write() as session:
        stored_templates.remove(session, service(ShippedTemplates), name_or_id)
    return jsonify(ok="TEMPLATE_DELETED", message="The template has been deleted successfully.")
