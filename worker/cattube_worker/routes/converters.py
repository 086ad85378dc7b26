"""The ids in addresses. An address with anything else in their place is not found."""

from __future__ import annotations

from werkzeug.routing import BaseConverter


class Hex32(BaseConverter):
    """The id of an assembly or a file."""

    regex = r"[0-9a-f]{32}"


class UploadId(BaseConverter):
    regex = r"[0-9a-f]{32}_[0-9a-f]{32}"


CONVERTERS: dict[str, type[BaseConverter]] = {"hex32": Hex32, "upload_id": UploadId}
