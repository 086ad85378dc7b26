"""Pages for whoever has lost their password: asking for a link, and the page that it leads to."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cattube.accounts.client_address import client_address
from cattube.accounts.login.attempts import TooManyAttempts, begin_reset
from cattube.accounts.login.check_places import check_place
from cattube.accounts.open_accounts import is_open
from cattube.accounts.passwords.password_forms import NewPasswordForm
from cattube.accounts.passwords.reset_mail import send_reset_links
from cattube.web.origins import own_origin


class WhoForm(forms.Form):
    who = forms.CharField(
        label="Name or e-mail address",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Page that sends a link by mail. It answers the same whether there is such an account or not."""
    form, status, is_sent = WhoForm(request.POST or None), 200, False
    if settings.MAIL_IS_SET_UP and form.is_valid():
        who = form.cleaned_data["who"]
        try:
            begin_reset(who, client_address(request))
        except TooManyAttempts as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            send_reset_links(who, origin=settings.SITE_URL or own_origin(request))
            is_sent = True
    context = {"form": form, "is_sent": is_sent, "mail_is_set_up": settings.MAIL_IS_SET_UP}
    return render(request, "account/reset.html", context, status=status)


class NewPassword(PasswordResetConfirmView):
    """Page that a link leads to. The link leaves the address bar before the form is shown."""

    form_class = NewPasswordForm
    template_name = "account/new_password.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if user is not None and is_open(user) else None

    def form_valid(self, form: SetPasswordForm[User]) -> HttpResponse:
        """Set the password, once: of two browsers with one link, the second is too late."""
        token = self.request.session.get(INTERNAL_RESET_SESSION_TOKEN, "")
        # Strangers have no link that is good. So whoever has one need not wait for them.
        with check_place(is_home=True), transaction.atomic():
            user = User.objects.select_for_update().get(pk=cast(User, self.user).pk)
            if not self.token_generator.check_token(user, token):
                self.validlink = False
                return self.render_to_response(self.get_context_data())
            form.user = user
            response = super().form_valid(form)
        if self.request.user.pk == user.pk:
            logout(self.request)
        messages.success(self.request, "Your password is changed. Log in with the new one.")
        return response

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        return super().render_to_response(context, status=200 if self.validlink else 404, **more)
