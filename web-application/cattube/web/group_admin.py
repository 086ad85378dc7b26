"""Page of the administration about channels of groups."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from cattube.accounts.new_group_accounts import make_group_account, name_complaint
from cattube.channels.models import GroupAccount


class GroupAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = GroupAccount
        fields = ("group",)
        help_texts = {"group": "Its members publish in its channel and change what is there."}

    def clean_group(self) -> Group:
        group: Group = self.cleaned_data["group"]
        if words := name_complaint(group):
            raise forms.ValidationError(words)
        return group


@admin.register(GroupAccount)
class GroupAccountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A group gets its channel here. Who its members are, the pages of people say."""

    form = GroupAccountForm
    list_display = ("group", "account")
    list_select_related = ("group", "account")

    def save_model(self, request: HttpRequest, obj: GroupAccount, form: Any, change: bool) -> None:
        made = make_group_account(obj.group)
        obj.pk = made.pk

    def has_change_permission(self, request: HttpRequest, obj: GroupAccount | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: GroupAccount | None = None) -> bool:
        # Its videos would be nobody's. Who wants them gone deletes the account, among the people.
        return False
