"""Form for the details of a video."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction

from cattube.accounts.publishing import publish_in
from cattube.channels.group_accounts import channels_of
from cattube.videos.models import DETAIL_FIELDS, Video
from cattube.videos.tags import split_tags
from cattube.videos.text import stored

DESCRIPTION_HELP = "Times like 2:37 become links, and three or more of them chapters when the first is 0:00."


class NormalText(forms.CharField):
    """Text in the form it is stored in, before its length is judged: it may change."""

    def to_python(self, value: Any) -> str:
        return stored(super().to_python(value) or "")


class VideoForm(forms.ModelForm):  # type: ignore[type-arg]
    tags = forms.CharField(required=False, max_length=1000, help_text="Separated by commas")

    class Meta:
        model = Video
        fields = DETAIL_FIELDS
        field_classes = {"title": NormalText, "description": NormalText}
        help_texts = {"description": DESCRIPTION_HELP}
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}

    field_order = ("title", "description", "tags", "channel", "visibility")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        """person: who may choose among their channels, if there are several."""
        super().__init__(*args, **kwargs)
        self.person = person
        channels = channels_of(person)
        now = next((channel.name for channel in channels if channel.owner == self.instance.owner), "")
        if any(channel.name != now for channel in channels):
            choices = [(channel.name, channel.owner.get_username()) for channel in channels]
            # Whose channel is none of these must not move the video by saving something else.
            as_it_is = [] if now else [("", "As it is")]
            self.fields["channel"] = forms.ChoiceField(
                choices=[*as_it_is, *choices], initial=now, required=False
            )
        self.initial.setdefault("tags", ", ".join(self.instance.tag_list))

    def clean_tags(self) -> list[str]:
        try:
            return split_tags(self.cleaned_data["tags"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> Video:
        """Raises SiteError when it cannot move to the chosen channel; nothing is changed then."""
        video: Video = self.instance
        with transaction.atomic():
            if channel := self.cleaned_data.get("channel"):
                publish_in(video, channel, self.person)
            video.save(update_fields=DETAIL_FIELDS)
        video.set_tags(self.cleaned_data["tags"])
        return video
