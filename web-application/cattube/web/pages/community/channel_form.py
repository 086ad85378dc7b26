"""Form for one's own channel."""

from django import forms

from cattube.channels.models import Channel
from cattube.web.pages.forms import NormalText


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Channel
        fields = ("name", "about")
        labels = {"name": "Name in its address"}
        help_texts = {"name": "Links with the old name stop working."}
        field_classes = {"about": NormalText}
        widgets = {"about": forms.Textarea(attrs={"rows": 5})}
        error_messages = {"name": {"unique": "Another channel has this name. Choose another one."}}

    def save(self, commit: bool = True) -> Channel:
        channel: Channel = self.instance
        # Only these: somebody may follow at the same time.
        channel.save(update_fields=["name", "about"])
        return channel
