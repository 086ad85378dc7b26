from __future__ import annotations

import pytest

from cattube_worker.media.stills.encoders import still_encoder


@pytest.mark.parametrize(
    ("quality", "scale", "pixels"),
    [
        (100, "1", "yuvj444p"),
        (90, "4", "yuvj444p"),
        (89, "4", "yuvj420p"),
        (75, "8", "yuvj420p"),
        (1, "31", "yuvj420p"),
    ],
)
def test_a_jpg_of_lower_quality_has_subsampled_chroma(quality: int, scale: str, pixels: str) -> None:
    words = still_encoder("jpg", quality)

    assert words[words.index("-q:v") + 1] == scale
    assert words[words.index("-pix_fmt") + 1] == pixels


def test_a_webp_has_a_quality_and_a_png_has_none() -> None:
    assert still_encoder("webp", 40) == ["-c:v", "libwebp", "-quality", "40", "-f", "webp"]
    assert still_encoder("png", 40) == ["-c:v", "png", "-f", "image2pipe"]
