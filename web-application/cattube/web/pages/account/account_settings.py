"""Settings of one's own account: password, e-mail address, sessions and API tokens."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from cattube.accounts.login.check_places import check_place
from cattube.accounts.login.client_place import Place, place_of
from cattube.accounts.models import ApiToken, LoginSession
from cattube.accounts.passwords.password_forms import ChangePasswordForm, EmailForm
from cattube.accounts.quota.quota import quota_of
from cattube.accounts.sessions.login_sessions import end_all_sessions, end_session, sessions_of
from cattube.accounts.tokens.new_tokens import make_token
from cattube.accounts.tokens.token_scopes import Scope
from cattube.errors import SiteError
from cattube.web.pages.account.token_form import TokenForm
from cattube.web.pages.form_only import form_only
from cattube.web.pages.login_needed import login_required
from cattube.web.person import person_of


@require_safe
@never_cache
@login_required
def account_settings(request: HttpRequest) -> HttpResponse:
    return _page(request)


@form_only
@never_cache
@sensitive_post_parameters()
@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    place = _place(request)
    form = ChangePasswordForm(person_of(request), request.POST, place=place)
    with check_place(is_home=place.is_home):
        if not form.is_valid():
            return _page(request, status=400, password_form=form)
        user = form.save(commit=False)  # hashed before the database is locked
    with transaction.atomic():
        user.save()
        update_session_auth_hash(request, user)
    messages.success(
        request,
        "Your password is changed. Other browsers are logged out, and your API tokens have ended.",
    )
    return redirect("settings")


@form_only
@never_cache
@sensitive_post_parameters("password")
@login_required
def change_email(request: HttpRequest) -> HttpResponse:
    place = _place(request)
    form = EmailForm(person_of(request), request.POST, place=place)
    with check_place(is_home=place.is_home):
        is_valid = form.is_valid()
    if not is_valid:
        return _page(request, status=400, email_form=form)
    form.save()
    messages.success(request, "Your e-mail address is saved.")
    return redirect("settings")


@form_only
@login_required
def log_out_session(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002 the word in the URL
    session = LoginSession.objects.filter(user=person_of(request), pk=id).first()
    if session is None:
        raise Http404("There is no such session of yours.")
    end_session(session)
    messages.success(request, f"{session.device} is logged out.")
    return redirect("settings")


@form_only
@login_required
def log_out_everywhere(request: HttpRequest) -> HttpResponse:
    end_all_sessions(person_of(request).pk)
    logout(request)
    messages.success(request, "You are logged out everywhere.")
    return redirect("account_login")


@form_only
@never_cache
@login_required
def create_token(request: HttpRequest) -> HttpResponse:
    """Page with the new token. No redirect: it is shown this one time, and kept nowhere."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, status=400, token_form=form)
    try:
        _, text = make_token(
            person_of(request),
            label=form.cleaned_data["label"],
            scopes=map(Scope, form.cleaned_data["scopes"]),
            expires_at=form.expires_at,
        )
    except SiteError as error:
        form.add_error(None, str(error))
        return _page(request, status=error.status, token_form=form)
    return _page(request, new_token=text)


@form_only
@login_required
def withdraw_token(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002
    token = ApiToken.objects.filter(user=person_of(request), pk=id).first()
    if token is None:
        raise Http404("There is no such token of yours.")
    token.delete()
    messages.success(request, f"The token {token.label or 'without a name'} has ended.")
    return redirect("settings")


def _place(request: HttpRequest) -> Place:
    return place_of(request, person_of(request).get_username())


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    user = person_of(request)
    shown = {
        "password_form": ChangePasswordForm(user),
        "email_form": EmailForm(user) if settings.MAIL_IS_SET_UP else None,
        "token_form": TokenForm(),
        "quota": quota_of(user),
        "sessions": sessions_of(user),
        "session_key": request.session.session_key,
        "tokens": ApiToken.objects.filter(user=user).order_by("-pk"),
        **context,
    }
    return render(request, "account/settings.html", shown, status=status)
