"""Forms for passwords, and for what may be changed only with the current one."""

from typing import Any, cast

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cattube.accounts.login.attempts import TooManyAttempts, begin_login
from cattube.accounts.login.client_place import Place

NOWHERE = Place("", is_home=False)
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

    place: that the form comes from; a form that is only shown needs none.
    """

    old_password = forms.CharField(
        label="Current password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "new_password1", "new_password2")

    def __init__(self, user: User, *args: Any, place: Place = NOWHERE, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.place = place

    def clean_old_password(self) -> str:
        password = cast(str, self.cleaned_data["old_password"])
        check_current_password(cast(User, self.user), password, place=self.place)
        return password


class EmailForm(forms.Form):
    """Address for links to a new password, and the current password: whoever has that mail has the account.

    place: that the form comes from; a form that is only shown needs none.
    """

    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        help_text="For a link when you lose your password. Nobody else sees it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label="Current password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, data: QueryDict | None = None, *, place: Place = NOWHERE) -> None:
        super().__init__(data, initial={"email": user.email})
        self.user, self.place = user, place

    def clean_password(self) -> str:
        password = cast(str, self.cleaned_data["password"])
        check_current_password(self.user, password, place=self.place)
        return password

    def save(self) -> None:
        self.user.email = self.cleaned_data["email"]
        self.user.save(update_fields=["email"])


def check_current_password(user: User, password: str, *, place: Place) -> None:
    """Check that `password` is the one of `user`. Raises ValidationError, after too many attempts too."""
    try:
        attempt = begin_login(user.get_username(), place)
    except TooManyAttempts as error:
        raise ValidationError(str(error)) from error
    if not user.check_password(password):
        raise ValidationError("This is not your current password.")
    attempt.delete()
