"""Pages of the administration about comments and the reports on them."""

from django.contrib import admin
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cattube.community.models import Comment, CommentReport


class Unmade:
    """What people write on the site is not written here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Comment)
class CommentAdmin(Unmade, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("text", "user", "video", "created_at")
    list_select_related = ("user", "video")
    search_fields = ("text", "user__username", "video__id")
    readonly_fields = ("video", "user", "parent", "seconds", "created_at", "edited_at")


@admin.register(CommentReport)
class CommentReportAdmin(Unmade, admin.ModelAdmin):  # type: ignore[type-arg]
    """Reports, those first that nobody has seen to."""

    actions = ("delete_comments", "settle")
    list_display = ("text", "author", "reports", "reason", "user", "created_at", "settled_at")
    list_filter = (("settled_at", admin.EmptyFieldListFilter),)
    list_select_related = ("comment__user", "user")
    ordering = (F("settled_at").asc(nulls_first=True), "-created_at")
    readonly_fields = ("comment", "user", "reason", "created_at", "settled_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CommentReport]:
        reports: QuerySet[CommentReport] = super().get_queryset(request)
        return reports.annotate(report_count=Count("comment__reports"))

    @admin.display(description="comment")
    def text(self, report: CommentReport) -> str:
        return str(report.comment)

    @admin.display(description="by")
    def author(self, report: CommentReport) -> str:
        return report.comment.user.get_username()

    @admin.display(description="reports")
    def reports(self, report: CommentReport) -> int:
        return int(report.report_count)  # type: ignore[attr-defined]

    @admin.action(description="Delete the comments", permissions=["delete"])
    def delete_comments(self, request: HttpRequest, queryset: QuerySet[CommentReport]) -> None:
        Comment.objects.filter(pk__in=list(queryset.values_list("comment_id", flat=True))).delete()

    @admin.action(description="Settle: the comments may stay", permissions=["change"])
    def settle(self, request: HttpRequest, queryset: QuerySet[CommentReport]) -> None:
        CommentReport.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))).update(
            settled_at=timezone.now()
        )
