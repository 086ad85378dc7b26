"""Files that come in forms of pages."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

# A little more than any file that is taken, so that the form can say what is too large about it.
MAX_BYTES = 2_050_000


class BoundedFiles(FileUploadHandler):
    """Handler that keeps small files in memory, and stops reading the request at one that is larger."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._content = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._content += raw_data
        if len(self._content) > MAX_BYTES:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        name, content_type = self.file_name or "file", self.content_type or ""
        return SimpleUploadedFile(name, bytes(self._content), content_type)


def was_stopped(request: HttpRequest) -> bool:
    """True when the form had a file that was too large to be read."""
    return not request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES
