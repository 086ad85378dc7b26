"""Form for the details of a video."""

from typing import Any

from django import forms

from cattube.videos.models import DETAIL_FIELDS, Video
from cattube.videos.tags import split_tags
from cattube.videos.text import stored


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
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}

    field_order = ("title", "description", "tags", "visibility")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("tags", ", ".join(self.instance.tag_list))

    def clean_tags(self) -> list[str]:
        try:
            return split_tags(self.cleaned_data["tags"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> Video:
        video: Video = self.instance
        video.save(update_fields=DETAIL_FIELDS)
        video.set_tags(self.cleaned_data["tags"])
        return video
