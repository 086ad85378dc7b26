"""Form for a new API token."""

from datetime import datetime, timedelta
from typing import cast

from django import forms
from django.utils import timezone

from cattube.accounts.models import MAX_LABEL_CHARACTERS
from cattube.accounts.tokens.token_scopes import MEANINGS, Scope

LIVES = {"30": "30 days", "90": "90 days", "365": "A year", "": "Until it is withdrawn"}


class TokenForm(forms.Form):
    label = forms.CharField(label="What it is for", max_length=MAX_LABEL_CHARACTERS)
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=list(MEANINGS.items()),
        initial=[Scope.READ],
        error_messages={"required": "Choose at least one thing that it may do."},
    )
    days = forms.ChoiceField(label="How long", choices=list(LIVES.items()), required=False, initial="90")

    @property
    def expires_at(self) -> datetime | None:
        """Moment at which the token ends; None for never."""
        days = cast(str, self.cleaned_data["days"])
        return timezone.now() + timedelta(days=int(days)) if days else None
