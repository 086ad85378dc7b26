"""What a new password ends, by whichever way it was set: page, link, administration or command line."""

from django.contrib.auth.base_user import AbstractBaseUser

from cattube.accounts.login.attempts import forget_failures
from cattube.accounts.models import ApiToken
from cattube.accounts.passwords.first_password import remove_first_password
from cattube.accounts.sessions.login_sessions import end_all_sessions


class EndOfAccess:
    """Entry of AUTH_PASSWORD_VALIDATORS that refuses nothing.

    Django tells these when a password has been set, and not when it merely hashes one anew.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Accept every password."""

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """End tokens and sessions of `user`, and forget what belonged to the old password."""
        if user is None or user.pk is None:
            return
        ApiToken.objects.filter(user_id=user.pk).delete()
        end_all_sessions(user.pk)
        forget_failures(user.get_username())
        remove_first_password(user.get_username())

    def get_help_text(self) -> str:
        return "A new password logs out all other browsers and ends all API tokens."
