"""Pages of the administration about videos, tags, people and API tokens."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from cattube.accounts.models import ApiToken, StorageLimit
from cattube.accounts.open_accounts import open_accounts
from cattube.accounts.passwords.reset_links import hours_to_use, reset_link
from cattube.accounts.quota.quota import quota_of
from cattube.channels.group_accounts import is_of_group
from cattube.processing.lifecycle.deletion import delete_forever
from cattube.videos.models import DETAIL_FIELDS, Asset, Tag, Video
from cattube.web import group_admin  # noqa: F401 it registers its page
from cattube.web.origins import own_origin
from cattube.web.pages.administration.video_jobs import jobs_as_html


class AssetInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Asset
    extra = 0
    can_delete = False
    readonly_fields = ("role", "object_key", "content_type", "size_bytes", "width", "height")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Video)
class VideoAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Details can be changed; the state of processing cannot."""

    list_display = ("title", "owner", "status", "progress", "visibility", "uploaded_at", "trashed_at")
    list_filter = ("status", "visibility", "uploaded_at")
    list_select_related = ("owner",)
    search_fields = ("id", "title", "owner__username", "assembly_id", "folder")
    autocomplete_fields = ("tags",)
    raw_id_fields = ("owner",)
    inlines = (AssetInline,)
    readonly_fields = (
        *("id", "status", "progress", "error_code", "error_message", "attempt", "assembly_id", "folder"),
        *("filename", "size_bytes", "duration_seconds", "width", "height", "uploaded_at", "trashed_at"),
    )

    class Media:
        css = {"all": ["hosts/hosts.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Video | None = None) -> tuple[str, ...]:
        # Names of hosts are for those who may see the page of hosts.
        return (*self.readonly_fields, *(("jobs",) if request.user.is_superuser else ()))

    @admin.display(description="jobs")
    def jobs(self, video: Video) -> SafeString:
        return jobs_as_html(video)

    def save_model(self, request: HttpRequest, obj: Video, form: object, change: bool) -> None:
        obj.save(update_fields=["owner", *DETAIL_FIELDS])

    def delete_model(self, request: HttpRequest, obj: Video) -> None:
        delete_forever(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Video]) -> None:
        for video in queryset:
            delete_forever(video)


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    search_fields = ("name",)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tokens can be withdrawn here, not made: that their owners do in their settings."""

    list_display = ("user", "label", "scopes", "expires_at", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "label")
    readonly_fields = ("user", "scopes", "expires_at", "created_at", "last_used_at")

    def has_add_permission(self, request: object) -> bool:
        return False


class StorageLimitInline(admin.StackedInline):  # type: ignore[type-arg]
    """Limit of one person, in place of the site's."""

    model = StorageLimit
    verbose_name_plural = "storage"


admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """Django's page about people, with their quota; it can also make links to a new password."""

    actions = ("make_reset_links",)
    inlines = (StorageLimitInline,)
    readonly_fields = ("storage",)
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Videos", {"fields": ("storage",)}))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        # A group's name may have spaces, which the name of a person may not. Nobody logs in as a group.
        of_group = ("username", "is_active") if obj is not None and is_of_group(obj) else ()
        return (*self.readonly_fields, *of_group)

    @admin.display(description="take up")
    def storage(self, person: User) -> str:
        return quota_of(person).words

    def has_reset_link_permission(self, request: HttpRequest) -> bool:
        # Whoever has a link to an account can become it, an administrator's too.
        return bool(request.user.is_superuser)

    @admin.action(description="Make links to a new password", permissions=["reset_link"])
    def make_reset_links(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse:
        people = list(queryset.filter(pk__in=open_accounts()))
        for person in people:
            self.log_change(request, person, "Made a link to a new password.")
        links = [(person.get_username(), reset_link(person, origin=own_origin(request))) for person in people]
        context = {
            **admin.site.each_context(request),
            "title": "Links to a new password",
            "links": links,
            "hours": hours_to_use(),
        }
        return render(request, "admin/reset_links.html", context)
