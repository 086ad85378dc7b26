"""Templates that clients store, kept in the database beside those that come as files."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import StoredTemplate
from cattube_worker.assemblies.templates.template import Template, TemplateNotFound
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.list_params import TemplateListParams

SORTS = {
    "id": StoredTemplate.id,
    "name": StoredTemplate.name,
    "created": StoredTemplate.created_at,
    "modified": StoredTemplate.modified_at,
    "last_used": StoredTemplate.last_used_at,
}


class TemplateInvalid(BadRequest):
    code = "TEMPLATE_VALIDATION_ERROR"


@dataclass(frozen=True, kw_only=True)
class TemplateChange:
    """What somebody wants a template to be. None leaves a part as it is."""

    name: str | None = None
    content: Mapping[str, Any] | None = None
    require_signature: bool | None = None
    status_expiry: str | None = None
    result_expiry: str | None = None


def find(session: Session, builtin: Mapping[str, Template], wanted: object) -> Template:
    """The template a request names, by id or by name. Raises TemplateNotFound."""
    if isinstance(wanted, str):
        if wanted in builtin:
            return builtin[wanted]
        row = _row(session, wanted)
        if row is not None:
            return _template(row)
    raise TemplateNotFound(f"There is no template {str(wanted)[:100]!r}.")


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
    session: Session, builtin: Mapping[str, Template], wanted: str, change: TemplateChange, *, now: float
) -> Template:
    """The template as it is from now on. Raises TemplateNotFound, TemplateInvalid."""
    row = _own(session, builtin, wanted)
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


def remove(session: Session, builtin: Mapping[str, Template], wanted: str) -> None:
    """Forget the template. Raises TemplateNotFound, TemplateInvalid."""
    session.delete(_own(session, builtin, wanted))


def mark_used(session: Session, template: Template, *, now: float) -> None:
    row = session.get(StoredTemplate, template.id)
    if row is not None:
        row.last_used_at = now


def find_templates(
    session: Session, builtin: Iterable[Template], wanted: TemplateListParams
) -> tuple[int, list[Template]]:
    """How many templates fit, and those of the page that was asked for; `builtin` come before all others."""
    shown = [each for each in builtin if wanted.has_builtin and _fits(each, wanted)]
    condition = and_(*_conditions(wanted))
    stored = session.scalar(select(func.count()).select_from(StoredTemplate).where(condition)) or 0
    page = shown[wanted.offset : wanted.offset + wanted.pagesize]
    column = SORTS[wanted.sort]
    # Names, for what was made in the same moment: ids are random.
    order = (column.desc() if wanted.order == "desc" else column.asc(), StoredTemplate.name)
    query = select(StoredTemplate).where(condition).order_by(*order)
    query = query.offset(max(0, wanted.offset - len(shown))).limit(wanted.pagesize - len(page))
    return len(shown) + stored, page + [_template(row) for row in session.scalars(query)]


def _conditions(wanted: TemplateListParams) -> Iterator[ColumnElement[bool]]:
    yield true() if wanted.has_stored else false()
    if wanted.fromdate is not None:
        yield StoredTemplate.created_at >= wanted.fromdate
    if wanted.todate is not None:
        # To the second, as the date is written.
        yield StoredTemplate.created_at < wanted.todate + 1
    if wanted.keywords:
        texts = (StoredTemplate.id, StoredTemplate.name, StoredTemplate.content)
        yield or_(*(text.icontains(each, autoescape=True) for text in texts for each in wanted.keywords))


def _fits(template: Template, wanted: TemplateListParams) -> bool:
    """Whether a template that comes as a file is asked for: its date is that of the installation."""
    text = f"{template.name} {template.text}".lower()
    return not wanted.keywords or any(each.lower() in text for each in wanted.keywords)


def _row(session: Session, wanted: str) -> StoredTemplate | None:
    by_id = session.get(StoredTemplate, wanted)
    return by_id or session.scalar(select(StoredTemplate).filter_by(name=wanted))


def _own(session: Session, builtin: Mapping[str, Template], wanted: str) -> StoredTemplate:
    if wanted in builtin:
        raise TemplateInvalid(f'The template "{wanted}" comes with the engine: change its file.')
    row = _row(session, wanted)
    if row is None:
        raise TemplateNotFound(f"There is no template {str(wanted)[:100]!r}.")
    return row


def _check_free(session: Session, builtin: Mapping[str, Template], name: str, *, owner: str | None) -> None:
    """Check that the name means no other template, neither as a name nor as an id."""
    taken = _row(session, name)
    if name in builtin or (taken is not None and taken.id != owner):
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
