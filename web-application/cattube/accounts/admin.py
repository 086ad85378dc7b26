from django.contrib import admin

from cattube.accounts.models import ApiToken


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tokens can be withdrawn here, not made: only the command line shows a new one."""

    list_display = ("user", "label", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "label")
    readonly_fields = ("user", "created_at", "last_used_at")

    def has_add_permission(self, request: object) -> bool:
        return False
