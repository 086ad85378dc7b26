"""Forms for passwords."""

from typing import Any, cast

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cattube.accounts.attempts import TooManyAttempts, begin_login

# What the page shows is for people; the full list of rules comes as errors when one is broken.
RULES = "At least 8 characters, and not a word that everybody uses."


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """New password, twice."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].help_text = RULES
        self.fields["new_password2"].label = "New password again"


class ChangePasswordForm(NewPasswordForm):
    """Current password, and the new one twice. Guesses at the current one count as those at login.

    address: of the client.
    """

    old_password = forms.CharField(
        label="Current password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "new_password1", "new_password2")

    def __init__(self, user: User, *args: Any, address: str = "", **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.address = address

    def clean_old_password(self) -> str:
        password = cast(str, self.cleaned_data["old_password"])
        check_current_password(cast(User, self.user), password, address=self.address)
        return password


def check_current_password(user: User, password: str, *, address: str) -> None:
    """Check that `password` is the one of `user`. Raises ValidationError, after too many attempts too."""
    try:
        attempt = begin_login(user.get_username(), address)
    except TooManyAttempts as error:
        raise ValidationError(str(error)) from error
    if not user.check_password(password):
        raise ValidationError("This is not your current password.")
    attempt.delete()
