"""Schemas of uploads, to the engine or straight to the bucket."""

from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from cattube.web.api.schemas import Description, NoNul, Tags, Title, Visibility
from cattube.web.api.videos.video_schemas import VideoOut

SizeBytes = Annotated[int, Field(ge=0, le=2**53)]


class NewUploadIn(Schema):
    title: Title
    description: Description = ""
    visibility: Visibility | None = None
    tags: Tags = []
    filename: Annotated[str, StringConstraints(max_length=255), NoNul] = ""
    size_bytes: SizeBytes | None = None


class AssemblyOut(Schema):
    """Assembly options for Transloadit's SDKs and Uppy; `params` goes out exactly as it is."""

    service: str
    params: str
    signature: str
    fields: dict[str, str]


class BucketOut(Schema):
    """Upload to the bucket in parts of `part_bytes`; the last part has the rest."""

    size_bytes: int
    part_bytes: int


class UploadOut(Schema):
    """Either `assembly` or `bucket` is there, as the site is set up."""

    video: VideoOut
    assembly: AssemblyOut | None
    bucket: BucketOut | None


class PartOut(Schema):
    number: int
    size_bytes: int


class PartsOut(Schema):
    parts: list[PartOut]


class PartLinkOut(Schema):
    """url: presigned, for an hour and for exactly `size_bytes`."""

    url: str
    size_bytes: int
