"""Templates in the database, beside those that come as files."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select, true
from sqlalchemy.orm import Session

from cattube_worker.assemblies.listing.conditions import contains_keyword, created_within
from cattube_worker.assemblies.model import StoredTemplate
from cattube_worker.assemblies.named_rows import find_row
from cattube_worker.assemblies.templates.template import RESERVED_PREFIX, Template, TemplateNotFound
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.params.list_params import TemplateListParams

SORT_COLUMNS = {
    "id": StoredTemplate.id,
    "name": StoredTemplate.name,
    "created": StoredTemplate.created_at,
    "modified": StoredTemplate.modified_at,
    "last_used": StoredTemplate.last_used_at,
}
SEARCHED = (StoredTemplate.id, StoredTemplate.name, StoredTemplate.content)


class TemplateInvalid(BadRequest):
    code = "TEMPLATE_VALIDATION_ERROR"


@dataclass(frozen=True, kw_only=True)
class TemplateChange:
    """New values of a template's fields. None leaves a field as it is."""

    name: str | None = None
    content: Mapping[str, Any] | None = None
    require_signature: bool | None = None
    status_expiry: str | None = None
    result_expiry: str | None = None


def find(session: Session, builtin: Mapping[str, Template], id_or_name: object) -> Template:
    """The template that a request names. Raises TemplateNotFound."""
    if isinstance(id_or_name, str):
        if id_or_name in builtin:
            return builtin[id_or_name]
        row = find_row(session, StoredTemplate, id_or_name)
        if row is not None:
            return _template(row)
    raise _not_found(id_or_name)


def add(session: Session, builtin: Mapping[str, Template], change: TemplateChange, *, now: float) -> Template:
    """The new template. Raises TemplateInvalid."""
    if change.name is None or change.content is None:
        missing = "name" if change.name is None else "template"
        raise TemplateInvalid(f"A template needs a {missing}.")
    _check_free(session, builtin, change.name, owner=None)
    row = StoredTemplate(
        id=uuid.uuid4().hex,
        name=change.name,
        content=json.dumps(change.content, ensure_ascii=False),
        require_signature=bool(change.require_signature),
        status_expiry=change.status_expiry,
        result_expiry=change.result_expiry,
        created_at=now,
        modified_at=now,
    )
    session.add(row)
    return _template(row)


def change(
    session: Session, builtin: Mapping[str, Template], id_or_name: str, change: TemplateChange, *, now: float
) -> Template:
    """The template after the change. Raises TemplateNotFound, TemplateInvalid."""
    row = _stored_row(session, builtin, id_or_name)
    if change.name is not None:
        _check_free(session, builtin, change.name, owner=row.id)
        row.name = change.name
    if change.content is not None:
        row.content = json.dumps(change.content, ensure_ascii=False)
    for name in ("require_signature", "status_expiry", "result_expiry"):
        if (value := getattr(change, name)) is not None:
            setattr(row, name, value)
    row.modified_at = now
    return _template(row)


def remove(session: Session, builtin: Mapping[str, Template], id_or_name: str) -> None:
    """Delete the template. Raises TemplateNotFound, TemplateInvalid."""
    session.delete(_stored_row(session, builtin, id_or_name))


def mark_used(session: Session, template: Template, *, now: float) -> None:
    """Record that an assembly used the template; one that comes as a file has no row for it."""
    row = session.get(StoredTemplate, template.id)
    if row is not None:
        row.last_used_at = now


def find_templates(
    session: Session, builtin: Iterable[Template], params: TemplateListParams
) -> tuple[int, list[Template]]:
    """(count of all that match, templates of the page); `builtin` come before all others."""
    shown = [template for template in builtin if params.has_builtin and _has_keyword(template, params)]
    condition = and_(*_conditions(params))
    stored = session.scalar(select(func.count()).select_from(StoredTemplate).where(condition)) or 0
    page = shown[params.offset : params.offset + params.pagesize]
    column = SORT_COLUMNS[params.sort]
    # By name within the same moment: ids are random.
    order = (column.desc() if params.order == "desc" else column.asc(), StoredTemplate.name)
    query = select(StoredTemplate).where(condition).order_by(*order)
    query = query.offset(max(0, params.offset - len(shown))).limit(params.pagesize - len(page))
    return len(shown) + stored, page + [_template(row) for row in session.scalars(query)]


def _conditions(params: TemplateListParams) -> Iterator[ColumnElement[bool]]:
    yield true() if params.has_stored else false()
    yield from created_within(StoredTemplate.created_at, params)
    if params.keywords:
        yield contains_keyword(SEARCHED, params.keywords)


def _has_keyword(template: Template, params: TemplateListParams) -> bool:
    """True when a template that comes as a file matches the keywords; dates count for stored ones only."""
    text = f"{template.name} {template.text}".lower()
    return not params.keywords or any(keyword.lower() in text for keyword in params.keywords)


def _stored_row(session: Session, builtin: Mapping[str, Template], id_or_name: str) -> StoredTemplate:
    if id_or_name in builtin:
        raise TemplateInvalid(f'The template "{id_or_name}" comes with the engine: change its file.')
    row = find_row(session, StoredTemplate, id_or_name)
    if row is None:
        raise _not_found(id_or_name)
    return row


def _not_found(id_or_name: object) -> TemplateNotFound:
    return TemplateNotFound(f"There is no template {str(id_or_name)[:100]!r}.")


def _check_free(session: Session, builtin: Mapping[str, Template], name: str, *, owner: str | None) -> None:
    """Check that the name is no other template's name or id. owner: id of the template that may have it."""
    if name.startswith(RESERVED_PREFIX):
        raise TemplateInvalid(f'Names with "{RESERVED_PREFIX}" at the beginning are reserved.')
    other = find_row(session, StoredTemplate, name)
    if name in builtin or (other is not None and other.id != owner):
        raise TemplateInvalid(f'There is a template called "{name}" already.')


def _template(row: StoredTemplate) -> Template:
    return Template(
        id=row.id,
        name=row.name,
        content=json.loads(row.content),
        require_signature=row.require_signature,
        status_expiry=row.status_expiry,
        result_expiry=row.result_expiry,
        created_at=row.created_at,
        modified_at=row.modified_at,
        last_used_at=row.last_used_at,
    )
