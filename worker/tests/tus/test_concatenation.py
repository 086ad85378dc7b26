"""The concatenation extension of tus, which is not offered."""

from __future__ import annotations

import pytest

from ..conftest import House, upload_metadata


@pytest.mark.parametrize(
    "concat", ["partial", "final;/resumable/files/../../etc/passwd", "final;" + "/a " * 10_000]
)
def test_piece_of_a_file_is_never_taken_for_a_file(house: House, concat: str) -> None:
    """T14, T15"""
    assembly = house.assembly()
    metadata = upload_metadata(assembly["assembly_url"])
    headers = {**house.tus, "Upload-Length": "4", "Upload-Metadata": metadata, "Upload-Concat": concat}

    assert house.client.post("/resumable/files/", headers=headers).status_code == 400
    assert house.status(assembly)["started_tus_uploads"] == 0
