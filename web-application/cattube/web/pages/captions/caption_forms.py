"""Forms of captions."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from cattube.captions.formats.errors import CaptionsTooLarge
from cattube.captions.formats.reading import read_captions
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.languages import normal_language
from cattube.captions.models import MAX_LABEL_CHARACTERS, Kind
from cattube.errors import SiteError


class CaptionFileForm(forms.Form):
    """A file of captions in one language; without one they are to be written by hand.

    After `is_valid`, `cues` are those of the file.
    """

    language = forms.CharField(max_length=100, help_text="As a code: en, de, pt-BR")
    label = forms.CharField(
        required=False,
        max_length=MAX_LABEL_CHARACTERS,
        label="Name",
        help_text="Empty: as the language calls itself",
    )
    kind = forms.ChoiceField(choices=Kind.choices)
    file = forms.FileField(required=False, allow_empty_file=True)

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        """is_too_large: there was a file, which was not read."""
        super().__init__(*args, **kwargs)
        self.cues: list[TimedText] = []
        self._is_too_large = is_too_large

    def clean_language(self) -> str:
        try:
            return normal_language(self.cleaned_data["language"])
        except SiteError as error:
            raise forms.ValidationError(str(error).removeprefix("language: ")) from error

    def clean_file(self) -> SimpleUploadedFile | None:
        file = cast(SimpleUploadedFile | None, self.cleaned_data["file"])
        if self._is_too_large:
            raise forms.ValidationError(str(CaptionsTooLarge()))
        if file is None:
            if "write" not in self.data:
                raise forms.ValidationError("Choose a file.")
            return None
        try:
            self.cues = read_captions(file.read())
        except SiteError as error:
            raise forms.ValidationError(str(error)) from error
        return file
