"""Forms for a comment, and for a report of one."""

from django import forms
from django.db.models import BigIntegerField

from cattube.community.models import MAX_COMMENT_CHARACTERS, MAX_REASON_CHARACTERS
from cattube.videos.models import not_blank
from cattube.web.pages.forms import NormalText


class CommentForm(forms.Form):
    """NUL characters are refused by Django's own field."""

    text = NormalText(
        label="Your comment",
        max_length=MAX_COMMENT_CHARACTERS,
        validators=[not_blank],
        widget=forms.Textarea,
    )
    seconds = forms.IntegerField(required=False, min_value=0, max_value=10_000_000)
    parent = forms.IntegerField(required=False, min_value=1, max_value=BigIntegerField.MAX_BIGINT)


class ReportForm(forms.Form):
    """Why a comment does not belong here. Nobody needs to say."""

    reason = NormalText(max_length=MAX_REASON_CHARACTERS, required=False, widget=forms.Textarea)
