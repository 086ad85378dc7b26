"""Mails with a link to a new password."""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.template.loader import render_to_string

from cattube.accounts.open_accounts import open_accounts
from cattube.accounts.passwords.reset_links import hours_to_use, reset_link

log = logging.getLogger(__name__)
MOST_ACCOUNTS = 5
# Beside the request: how long it takes must not tell whether there is such an account.
sender = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


def send_reset_links(name_or_email: str, *, origin: str) -> None:
    """Send a link to each open account of this name or e-mail address that has an address."""
    sender.submit(_deliver, [_mail_for(user, origin) for user in _accounts_of(name_or_email)])


def _accounts_of(name_or_email: str) -> list[User]:
    wanted = name_or_email.strip()
    if not wanted or "\x00" in wanted:
        return []
    found = open_accounts().filter(Q(username=wanted) | Q(email__iexact=wanted))
    return [user for user in found.exclude(email="")[:MOST_ACCOUNTS] if user.has_usable_password()]


def _mail_for(user: User, origin: str) -> EmailMessage:
    words = {
        "site_name": settings.SITE_NAME,
        "name": user.get_username(),
        "link": reset_link(user, origin=origin),
        "hours": hours_to_use(),
    }
    subject = " ".join(f"A new password for {settings.SITE_NAME}".split())
    return EmailMessage(subject, render_to_string("account/reset_mail.txt", words), to=[user.email])


def _deliver(mails: list[EmailMessage]) -> None:
    if not mails:
        return
    try:
        get_connection().send_messages(mails)
    except (OSError, ValueError) as error:  # the network, TLS, the server; an address that is none
        log.warning("A mail with a link to a new password could not be sent: %s", error)
