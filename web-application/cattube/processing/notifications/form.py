"""The form of a notification. Pure.

A status is a long text in which every fifth character is escaped. Python takes longer to read it as a form
than for all that follows, so the form that engines write is read by a quicker way.
"""

import re
from binascii import a2b_qp
from collections.abc import Mapping

from django.http import QueryDict

# As `urlencode` writes it.
_ENGINES_FORM = re.compile(rb"transloadit=([\w.~+%-]*)&signature=([\w.~+%-]*)")


def form_fields(body: bytes) -> Mapping[str, str]:
    """Fields of the form. Raises SuspiciousOperation when there are too many."""
    form = _ENGINES_FORM.fullmatch(body)
    if form is None:
        return QueryDict(body).dict()
    return {"transloadit": _unescaped(form[1]), "signature": _unescaped(form[2])}


def _unescaped(value: bytes) -> str:
    """The text. Quoted-printable is the same with another sign, and is decoded in C."""
    return a2b_qp(value.replace(b"+", b" ").replace(b"%", b"=")).decode(errors="replace")
