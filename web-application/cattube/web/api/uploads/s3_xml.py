"""S3's XML answers about multipart uploads, for S3's own clients: Uppy's plugin reads nothing else."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape

from cattube.storage.multipart import UploadedPart

XML = "application/xml"


def wants_xml(request: HttpRequest) -> bool:
    """True when the client is one of S3's."""
    return request.headers.get("Accept") == XML


def list_parts(parts: Iterable[UploadedPart]) -> HttpResponse:
    """ListPartsResult, as far as a client that resumes needs it."""
    elements = (
        _element(
            "Part", _texts({"PartNumber": str(part.number), "ETag": part.etag, "Size": str(part.size_bytes)})
        )
        for part in parts
    )
    return _answer("ListPartsResult", "".join(elements))


def complete_multipart_upload(*, location: str, object_key: str) -> HttpResponse:
    """CompleteMultipartUploadResult. location: page of the video."""
    bucket = settings.AWS_PRIVATE_BUCKET_NAME
    facts = {"Location": location, "Bucket": bucket, "Key": object_key}
    return _answer("CompleteMultipartUploadResult", _texts(facts))


def _answer(name: str, content: str) -> HttpResponse:
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{_element(name, content)}', content_type=XML
    )


def _texts(facts: dict[str, str]) -> str:
    return "".join(_element(name, escape(text)) for name, text in facts.items())


def _element(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"
