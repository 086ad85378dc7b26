"""The template this project ships, over files as cameras and browsers make them."""

from __future__ import annotations

import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile

if TYPE_CHECKING:
    from cattube_worker.media.process.tools import Tools
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg


FIRST = (":original", "resized", "watermarked", "thumbnail", "storyboard")


def by_step(files: list[AssemblyFile]) -> dict[str, AssemblyFile]:
    """What people wait for, and what it was made of."""
    found = [file for file in files if file.step in FIRST]
    assert [file.step for file in found] == [
        step for step in FIRST if any(step == file.step for file in found)
    ]
    return {file.step: file for file in found}


def size(file: AssemblyFile) -> tuple[int, int]:
    return file.meta["width"], file.meta["height"]


def content(file: AssemblyFile) -> bytes:
    assert file.path is not None
    return file.path.read_bytes()


def test_a_video_becomes_these_objects_in_the_bucket(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    files = by_step(bench.run(template, bench.upload(clip("plain.mp4"), name="Grüße vom Meer.mp4")))

    stored = sorted(
        str(path.relative_to(bench.folder / "bucket")) for path in bench.folder.glob("bucket/*/*/*")
    )
    assert stored == [
        f":original/{'a' * 32}/Grue-vom-Meer.mp4",
        *(f"hls/{'a' * 32}/{name}" for name in ("180p.m3u8", "180p.mp4", "playlist.m3u8", "playlist.mpd")),
        *(f"hls/{'a' * 32}/{name}" for name in ("sound.m3u8", "sound.mp4")),
        f"resized/{'a' * 32}/Grue-vom-Meer.mp4",
        f"storyboard/{'a' * 32}/Grue-vom-Meer_0.jpg",
        f"thumbnail/{'a' * 32}/Grue-vom-Meer.jpg",
        f"watermarked/{'a' * 32}/Grue-vom-Meer.mp4",
    ]
    assert all(file.url == f"/files/{quote(file.object_key or '')}" for file in files.values())


def test_what_people_wait_for_is_one_ffmpeg_and_one_store_job_per_file(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    bench.run(template, bench.upload(clip("plain.mp4")))

    assert Counter(job.node for job in bench.jobs) == {
        "resized+watermarked+thumbnail+storyboard": 1,
        "exported": 4,
        "kept": 1,
        "1080p+480p+360p": 1,
        "hls": 1,
        "streamed": 6,
    }


def test_the_watermarked_video_plays_everywhere(bench: Bench, clip: Clip, template: dict[str, Any]) -> None:
    watermarked = by_step(bench.run(template, bench.upload(clip("plain.mp4"))))["watermarked"]

    assert watermarked.mime == "video/mp4"
    assert watermarked.meta["video_codec"] == "h264"
    assert watermarked.meta["pixel_format"] == "yuv420p"
    assert watermarked.meta["audio_codec"] == "aac"
    assert watermarked.meta["duration"] == pytest.approx(2, abs=0.1)
    movie = content(watermarked)
    assert movie.index(b"moov") < movie.index(b"mdat")  # play starts before the download ends


def test_progress_comes_from_ffmpeg_and_only_rises(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    awaited = {name: step for name, step in template.items() if step.get("queue") != "batch"}

    bench.run(awaited, bench.upload(clip("large.mp4")))

    assert bench.progress == sorted(bench.progress)
    assert 0.9 < bench.progress[-1] <= 1


def test_results_keep_the_origin_of_their_upload(bench: Bench, clip: Clip, template: dict[str, Any]) -> None:
    upload = bench.upload(clip("plain.mp4"))

    files = by_step(bench.run(template, upload))

    assert {file.original_id for file in files.values()} == {upload.id}
    assert len({file.id for file in files.values()}) == len(FIRST)
    assert files["thumbnail"].meta["thumb_index"] == 0
    assert files["thumbnail"].meta["thumb_offset"] == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("plain.mp4", (320, 180), id="small-is-not-enlarged"),
        pytest.param("large.mp4", (1280, 720), id="large-is-made-smaller"),
        pytest.param("portrait.mp4", (180, 320), id="portrait"),
        pytest.param("rotated.mp4", (180, 320), id="turned-by-its-header"),
        pytest.param("odd.mp4", (320, 180), id="odd-size-4:4:4"),
        pytest.param("anamorphic.mp4", (428, 180), id="oblong-pixels"),
        pytest.param("tenbit.mkv", (320, 180), id="ten-bit-matroska"),
        pytest.param("web.webm", (320, 180), id="webm"),
        pytest.param("silent.mp4", (320, 180), id="no-sound"),
        pytest.param("variable.mp4", (320, 180), id="variable-frame-rate"),
    ],
)
def test_m01_an_odd_but_valid_video_keeps_shape_length_and_sound(
    bench: Bench, clip: Clip, template: dict[str, Any], name: str, shown: tuple[int, int]
) -> None:
    upload = bench.upload(clip(name))

    files = by_step(bench.run(template, upload))

    watermarked = files["watermarked"]
    assert size(watermarked) == size(files["resized"]) == shown
    assert watermarked.meta["pixel_format"] == "yuv420p"
    assert watermarked.meta["rotation"] == 0
    assert watermarked.meta["duration"] == pytest.approx(upload.meta["duration"], abs=0.25)
    assert watermarked.meta["num_audio_streams"] == upload.meta["num_audio_streams"]
    assert size(files["thumbnail"])[0] <= 640


def test_m01_a_video_of_one_frame_under_long_sound_has_its_thumbnail(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    files = by_step(bench.run(template, bench.upload(clip("one-frame-long-sound.mp4"))))

    assert size(files["thumbnail"]) == (640, 360)


def test_m20_where_and_with_what_it_was_filmed_is_in_no_output(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    upload = bench.upload(clip("tagged.mp4"))
    assert b"canary-camera" in content(upload)

    files = by_step(bench.run(template, upload))

    for step in FIRST[1:]:
        made = content(files[step])
        assert b"canary-camera" not in made
        assert b"+52.52" not in made


def test_the_watermark_is_in_the_upper_right_corner_of_the_picture(
    bench: Bench, clip: Clip, template: dict[str, Any]
) -> None:
    files = by_step(bench.run(template, bench.upload(clip("large.mp4"))))

    difference = _difference(files["resized"], files["watermarked"], crop="336:130:928:0")
    elsewhere = _difference(files["resized"], files["watermarked"], crop="900:500:0:200")
    assert difference > 10 * elsewhere


def test_a_step_by_step_run_gives_the_same_files(
    bench: Bench, clip: Clip, template: dict[str, Any], tmp_path_factory: pytest.TempPathFactory, tools: Tools
) -> None:
    one_by_one = type(bench)(folder=tmp_path_factory.mktemp("steps"), tools=tools)

    fused = by_step(bench.run(template, bench.upload(clip("plain.mp4"))))
    single = by_step(one_by_one.run(template, one_by_one.upload(clip("plain.mp4")), may_fuse=False))

    assert {job.node for job in one_by_one.jobs} >= {"resized", "watermarked", "thumbnail", "tiles"}
    for step, file in fused.items():
        assert _outline(single[step]) == _outline(file)
        assert single[step].meta.get("duration", 0) == pytest.approx(file.meta.get("duration", 0), abs=0.1)


def _outline(file: AssemblyFile) -> tuple[Any, ...]:
    codecs = file.meta.get("video_codec"), file.meta.get("audio_codec")
    return file.name, file.mime, file.object_key, size(file), codecs


def _difference(one: AssemblyFile, other: AssemblyFile, *, crop: str) -> float:
    """Mean squared difference of brightness within that part of both pictures."""
    graph = f"[0:v]crop={crop}[a];[1:v]crop={crop}[b];[a][b]psnr"
    said = subprocess.run(
        [
            "ffmpeg",
            "-hide_banner",
            "-i",
            str(one.path),
            "-i",
            str(other.path),
            "-lavfi",
            graph,
            "-f",
            "null",
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    decibel = said.rsplit("PSNR y:", 1)[1].split()[0]
    return 0.001 if decibel == "inf" else 255**2 / 10 ** (float(decibel) / 10)
