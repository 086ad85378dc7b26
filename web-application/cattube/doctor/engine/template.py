"""Checks of the engine's key and template: the key is tried by asking for the template."""

from __future__ import annotations

from cattube.doctor.finding import Finding, failed, ok, warning
from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.client import EngineClient, EngineUnreachable
from cattube.processing.transloadit.shipped_template import steps_that_tell_the_id
from cattube.processing.transloadit.templates import Template, TemplateRefused, Templates

KEY, TEMPLATE = "Engine key", "Template"
PUSH_TEMPLATE = "Run: python manage.py push_template"


def ask_for_template(
    engine: EngineClient, account: Account, template_id: str
) -> tuple[Finding, Template | None]:
    """Finding about the key, and the template; None when the engine has none, or did not take the key."""
    try:
        template = Templates(engine, account).find(template_id)
    except TemplateRefused as error:
        return failed(KEY, f"The engine refuses the key: {error}.", _fix_of_key(error.code)), None
    except EngineUnreachable as error:
        return failed(KEY, f"The engine could not be asked: {error}.", "Try again later."), None
    return ok(KEY, "The engine takes the key and its secret."), template


def check_template(template: Template | None, template_id: str) -> Finding:
    """Finding about the template of the settings, as the engine has it; None: it has none."""
    if template is None:
        sentence = f"The engine has no template {template_id}."
        return failed(TEMPLATE, sentence, f"{PUSH_TEMPLATE}, and set TRANSLOADIT_TEMPLATE_ID.")
    if steps := steps_that_tell_the_id(template.content):
        sentence = (
            f"The template {template.name} is of an older version: addresses of files tell viewers the "
            f"id of their Assembly (by {', '.join(steps)})."
        )
        fix = f"{PUSH_TEMPLATE} --update, or have ${{fields.folder}} for ${{assembly.id}} in its paths."
        return warning(TEMPLATE, sentence, fix)
    return ok(TEMPLATE, f"The engine has the template {template.name}.")


def _fix_of_key(code: str) -> str:
    if "EXPIRE" in code:
        return "Set the clock of this machine; better, have it kept right by NTP."
    return "Correct TRANSLOADIT_KEY and TRANSLOADIT_SECRET: both rooms have to have the same."
