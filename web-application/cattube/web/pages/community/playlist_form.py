"""Form for the details of a playlist."""

from django import forms

from cattube.playlists.models import Playlist
from cattube.web.pages.forms import NormalText


class PlaylistForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Playlist
        fields = ("title", "visibility")
        field_classes = {"title": NormalText}
