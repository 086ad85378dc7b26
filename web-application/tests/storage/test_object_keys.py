import pytest

from cattube.storage.object_keys import is_safe, key_in_url

ASSEMBLY_ID = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("watermarked/a/../b.mp4", id="S01-too-many"),
        pytest.param("watermarked/../b.mp4", id="S01-parent"),
        pytest.param("watermarked/./b.mp4", id="S01-here"),
        pytest.param("/etc/passwd", id="S01-absolute"),
        pytest.param("a//b", id="S01-empty"),
        pytest.param("a/b/", id="S06-folder"),
        pytest.param("a/b", id="too-short"),
        pytest.param("a/b/c\x00.mp4", id="NUL"),
        pytest.param("a/b/c\n.mp4", id="line-break"),
        pytest.param("a/b/..\\c", id="backslash"),
        pytest.param("a/b/" + "é" * 600, id="S01-more-than-1024-bytes"),
    ],
)
def test_key_that_could_mean_another_place_is_refused(key: str) -> None:
    assert not is_safe(key)


def test_key_of_three_names_is_safe_in_any_language() -> None:
    assert is_safe(f":original/{ASSEMBLY_ID}/Кошка на крыше.mp4")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(
            f"http://127.0.0.1:5678/files/%3Aoriginal/{ASSEMBLY_ID}/my%20cat.mp4?expires=1", id="engine"
        ),
        pytest.param(f"https://s3.eu.backblazeb2.com/bucket/:original/{ASSEMBLY_ID}/my%20cat.mp4", id="path"),
        pytest.param(f"https://bucket.s3.eu.backblazeb2.com/:original/{ASSEMBLY_ID}/my%20cat.mp4", id="host"),
    ],
)
def test_key_is_found_in_the_url_of_any_store(url: str) -> None:
    assert key_in_url(url, step=":original", folders=["f" * 32, ASSEMBLY_ID]) == (
        f":original/{ASSEMBLY_ID}/my cat.mp4"
    )


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("javascript:alert(1)", id="W08-script"),
        pytest.param(f"https://x/resized/{ASSEMBLY_ID}/cat.mp4", id="another-step"),
        pytest.param(f"https://x/:original/{'f' * 32}/cat.mp4", id="another-assembly"),
        pytest.param(f"https://x/:original/{ASSEMBLY_ID}/..%2F..%2Fcat.mp4", id="W08-parent"),
        pytest.param(f"https://x/:original/{ASSEMBLY_ID}/", id="no-name"),
        pytest.param(f"https://x/?:original/{ASSEMBLY_ID}/cat.mp4", id="in-the-query"),
        pytest.param("http://[", id="no-url"),
        pytest.param(f"https://x/:original/{ASSEMBLY_ID}/%ff.mp4", id="not-utf-8"),
    ],
)
def test_url_of_anything_else_has_no_key(url: str) -> None:
    assert key_in_url(url, step=":original", folders=[ASSEMBLY_ID]) is None
