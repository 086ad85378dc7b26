"""Links that people share from their stores."""

from __future__ import annotations

import pytest

from cattube_worker.robots.http_import.share_links import direct


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://www.dropbox.com/s/abc/cat.mp4?dl=0", "https://www.dropbox.com/s/abc/cat.mp4?dl=1"),
        (
            "https://www.dropbox.com/scl/fi/abc/cat.mp4?rlkey=k&dl=0",
            "https://www.dropbox.com/scl/fi/abc/cat.mp4?rlkey=k&dl=1",
        ),
        (
            "https://drive.google.com/file/d/a-B_1/view?usp=sharing",
            "https://drive.google.com/uc?export=download&id=a-B_1",
        ),
        ("https://drive.google.com/open?id=a-B_1", "https://drive.google.com/uc?export=download&id=a-B_1"),
        (
            "https://docs.google.com/document/d/a-B_1/edit",
            "https://docs.google.com/document/d/a-B_1/export?format=docx",
        ),
        (
            "https://docs.google.com/presentation/d/a-B_1/edit",
            "https://docs.google.com/presentation/d/a-B_1/export/pptx",
        ),
        (
            "https://1drv.ms/v/s!Cat",
            "https://api.onedrive.com/v1.0/shares/u!aHR0cHM6Ly8xZHJ2Lm1zL3YvcyFDYXQ/root/content",
        ),
        ("https://drive.google.com/drive/my-drive", "https://drive.google.com/drive/my-drive"),
        ("https://notdropbox.com/s/abc/cat.mp4?dl=0", "https://notdropbox.com/s/abc/cat.mp4?dl=0"),
        ("https://example.com/cat.mp4?dl=0", "https://example.com/cat.mp4?dl=0"),
    ],
)
def test_links_that_people_share_lead_to_the_file_itself(link: str, address: str) -> None:
    assert direct(link) == address
