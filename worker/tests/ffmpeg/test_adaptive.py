"""/video/adaptive: every link of every playlist leads to a file that was made and stored."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from cattube_worker.assemblies.file import AssemblyFile

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg


def stored(bench: Bench, clip: Clip, *inputs: str, **parameters: Any) -> tuple[Path, list[AssemblyFile]]:
    """The folder of the bucket where the template keeps everything, and what the step made."""
    steps = {
        "made": {
            "robot": "/video/adaptive",
            "use": {"steps": [":original"], "bundle_steps": True},
            "segment_duration": 1,
            **parameters,
        },
        "kept": {
            "robot": "/s3/store",
            "use": "made",
            "credentials": "cattube",
            "path": "show/${file.meta.relative_path}/${file.name}",
        },
    }
    files = bench.run(steps, *[bench.upload(clip(name)) for name in inputs])
    return bench.folder / "bucket" / "show", [file for file in files if file.step == "made"]


def links_of(playlist: Path) -> list[Path]:
    """Every file a playlist names, its segments' header included."""
    text = playlist.read_text()
    named = [line for line in text.splitlines() if line and not line.startswith("#")]
    named += re.findall(r'URI="([^"]+)"', text)
    assert not any("://" in name or name.startswith("/") for name in named)
    return [playlist.parent / name for name in named]


def plays(playlist: Path) -> float:
    """The seconds a player makes of it."""
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", playlist],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(said.stdout)


def test_every_link_of_an_hls_playlist_leads_to_a_stored_file(bench: Bench, clip: Clip) -> None:
    folder, files = stored(bench, clip, "plain.mp4", "large-sound.mp4", technique="hls")

    variants = links_of(folder / "playlist.m3u8")
    assert [str(each.relative_to(folder)) for each in variants] == ["360p/360p.m3u8", "180p/180p.m3u8"]
    for variant in variants:
        segments = links_of(variant)
        assert len(segments) >= 1
        assert all(each.is_file() for each in segments)
    assert plays(folder / "playlist.m3u8") == pytest.approx(2, abs=0.2)
    assert {file.mime for file in files} == {"video/mp2t", "application/vnd.apple.mpegurl"}


def test_the_bandwidth_of_a_rendition_is_measured_on_its_segments(bench: Bench, clip: Clip) -> None:
    folder, files = stored(bench, clip, "plain.mp4", technique="hls")

    master = (folder / "playlist.m3u8").read_text()
    (line,) = [line for line in master.splitlines() if line.startswith("#EXT-X-STREAM-INF")]
    bandwidth = int(line.partition("BANDWIDTH=")[2].partition(",")[0])
    sizes = sum(file.size_bytes for file in files if file.ext == "ts")
    assert bandwidth >= sizes * 8 / 2.2
    assert "RESOLUTION=320x180" in line
    assert re.search(r'CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"', line)
    assert "FRAME-RATE=25.000" in line


def test_sound_of_its_own_plays_beside_every_rendition(bench: Bench, clip: Clip) -> None:
    folder, _ = stored(bench, clip, "plain.mp4", "sound.m4a", technique="hls", audio_group=True)

    master = (folder / "playlist.m3u8").read_text()
    assert master.count("#EXT-X-STREAM-INF") == 1
    assert 'TYPE=AUDIO,GROUP-ID="audio"' in master
    assert 'URI="audio/audio.m3u8"' in master
    assert all(link.is_file() for link in links_of(folder / "playlist.m3u8"))


def test_what_players_of_hls_do_not_know_is_encoded_first(bench: Bench, clip: Clip) -> None:
    folder, _ = stored(bench, clip, "web.webm", technique="hls", height=90)

    assert "RESOLUTION=160x90" in (folder / "playlist.m3u8").read_text()
    assert plays(folder / "playlist.m3u8") == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("technique", ["hls", "cmaf"])
def test_the_master_playlist_says_where_it_leads(bench: Bench, clip: Clip, technique: str) -> None:
    folder, files = stored(bench, clip, "plain.mp4", "large-sound.mp4", technique=technique)

    (master,) = [file for file in files if file.name == "playlist.m3u8"]
    paths = [folder / each["relative_path"] / each["name"] for each in master.playlists]
    assert all(path.is_file() for path in paths)
    assert set(links_of(folder / "playlist.m3u8")) == set(paths)
    videos = [each for each in master.playlists if "width" in each["meta"]]
    assert [each["meta"]["width"] for each in videos] == [320, 640]
    assert videos[0]["meta"]["duration"] == pytest.approx(2, abs=0.2)
    assert not any(file.playlists for file in files if file is not master)


@pytest.mark.parametrize("names", [("plain.mp4",), ("plain.mp4", "sound.m4a")], ids=["video", "with-sound"])
def test_only_a_part_is_cut_into_segments_where_asked(
    bench: Bench, clip: Clip, names: tuple[str, ...]
) -> None:
    folder, _ = stored(
        bench, clip, *names, technique="hls", audio_group=True, height=36, ffmpeg={"ss": 0.5, "t": 1}
    )

    assert plays(folder / "playlist.m3u8") == pytest.approx(1, abs=0.2)
    for playlist in links_of(folder / "playlist.m3u8"):
        assert plays(playlist) == pytest.approx(1, abs=0.2)


def test_captions_within_the_pictures_are_ruled_out_where_there_are_none(bench: Bench, clip: Clip) -> None:
    folder, _ = stored(bench, clip, "plain.mp4", technique="hls", closed_captions=False)

    assert "CLOSED-CAPTIONS=NONE" in (folder / "playlist.m3u8").read_text()


def test_every_segment_of_a_dash_manifest_is_stored(bench: Bench, clip: Clip) -> None:
    folder, files = stored(bench, clip, "plain.mp4", "large-sound.mp4")

    assert dash_links(folder / "playlist.mpd") == {
        path for path in folder.iterdir() if path.name != "playlist.mpd"
    }
    assert plays(folder / "playlist.mpd") == pytest.approx(2, abs=0.2)
    assert files[-1].mime == "application/dash+xml"


def test_cmaf_leads_to_the_same_segments_by_both_manifests(bench: Bench, clip: Clip) -> None:
    folder, _ = stored(bench, clip, "plain.mp4", technique="cmaf", playlist_name="show.mpd")

    media = links_of(folder / "playlist.m3u8")
    by_hls = {link for each in media for link in links_of(each)}
    assert by_hls == dash_links(folder / "show.mpd")
    assert all(link.is_file() for link in by_hls)
    assert plays(folder / "playlist.m3u8") == pytest.approx(2, abs=0.2)


def test_a_bundle_without_sound_or_pictures_gives_nothing(
    bench: Bench, clip: Clip, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = tmp_path_factory.mktemp("text") / "cat.txt"
    text.write_text("meow")
    step = {"robot": "/video/adaptive", "use": {"steps": [":original"], "bundle_steps": True}}

    files = bench.run({"made": step}, bench.upload(text))

    assert [file.step for file in files] == [":original"]


def dash_links(manifest: Path) -> set[Path]:
    """Every file that the templates of a manifest's representations lead to."""
    space = {"d": "urn:mpeg:dash:schema:mpd:2011"}
    found = set()
    for representation in ElementTree.parse(manifest).iterfind(".//d:Representation", space):
        template = representation.find("d:SegmentTemplate", space)
        assert template is not None
        number = sum(int(each.get("r", "0")) + 1 for each in template.iterfind(".//d:S", space))
        first = int(template.get("startNumber", "1"))
        names = [template.attrib["initialization"]]
        media = template.attrib["media"]
        names += [media.replace("$Number$", str(each)) for each in range(first, first + number)]
        found |= {
            manifest.parent / n.replace("$RepresentationID$", representation.attrib["id"]) for n in names
        }
    return found
