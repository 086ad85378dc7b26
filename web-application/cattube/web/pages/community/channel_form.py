"""Form for one's own channel."""

from django import forms

from cattube.channels.models import Channel
from cattube.channels.pictures.picture import MAX_BYTES, InvalidPicture, Picture, clean_picture
from cattube.channels.pictures.stored_picture import set_picture
from cattube.web.pages.forms import NormalText


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    """picture: cleaned to a Picture, or None where none is sent."""

    picture = forms.FileField(required=False)
    removes_picture = forms.BooleanField(required=False)

    class Meta:
        model = Channel
        fields = ("name", "about")
        labels = {"name": "Name in its address"}
        help_texts = {"name": "Links with the old name stop working."}
        field_classes = {"about": NormalText}
        widgets = {"about": forms.Textarea(attrs={"rows": 5})}
        error_messages = {"name": {"unique": "Another channel has this name. Choose another one."}}

    def clean_picture(self) -> Picture | None:
        sent = self.cleaned_data["picture"]
        if sent is None:
            return None
        try:
            return clean_picture(sent.read(MAX_BYTES + 1))
        except InvalidPicture as error:
            raise forms.ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> Channel:
        channel: Channel = self.instance
        # Only these: somebody may follow at the same time.
        channel.save(update_fields=["name", "about"])
        picture = self.cleaned_data["picture"]
        if picture or self.cleaned_data["removes_picture"]:
            set_picture(channel, picture)
        return channel
