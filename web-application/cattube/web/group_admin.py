"""Page of the administration about channels of groups."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from cattube.accounts.new_group_accounts import make_group_account, name_complaint
from cattube.channels.models import GroupAccount


class GroupAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = GroupAccount
        fields = ("group",)
        help_texts = {
            "group": "Its members publish in its channel and change what is there. "
            "The channel keeps the name that the group has now."
        }

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

    # With the account go the channel and the videos: without the group they would be nobody's.

    def get_deleted_objects(self, objs: Iterable[GroupAccount], request: HttpRequest) -> Any:
        return super().get_deleted_objects([row.account for row in objs], request)

    def delete_model(self, request: HttpRequest, obj: GroupAccount) -> None:
        obj.account.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[GroupAccount]) -> None:
        for row in queryset:
            self.delete_model(request, row)
