"""/video/adaptive: every link of every playlist leads to a file that was made and stored."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import StepError, read_steps

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


SINGLE: dict[str, Any] = {"technique": "cmaf", "ffmpeg": {"single_file": True}}


def ranges_of(playlist: Path) -> tuple[str, list[range]]:
    """The one file that a playlist leads to, and the bytes of its header and of each segment."""
    text = playlist.read_text()
    names = set(re.findall(r'URI="([^"]+)"', text)) | {each.name for each in links_of(playlist)}
    pairs = re.findall(r"BYTERANGE[:=]\"?(\d+)@(\d+)", text)
    (name,) = names
    return name, [range(int(start), int(start) + int(size)) for size, start in pairs]


def index_of(manifest: Path) -> dict[str, range]:
    """By file, where a manifest says that the index of its segments lies."""
    space = {"d": "urn:mpeg:dash:schema:mpd:2011"}
    found = {}
    for each in ElementTree.parse(manifest).iterfind(".//d:Representation", space):
        base = each.find("d:SegmentBase", space)
        assert base is not None
        first, last = base.attrib["indexRange"].split("-")
        found[each.findtext("d:BaseURL", "", space)] = range(int(first), int(last) + 1)
    return found


def packets(path: Path, stream: str) -> str:
    """A digest of all packets of that stream."""
    copied = ["-map", f"0:{stream}", "-c", "copy", "-f", "streamhash", "-"]
    run = ["ffmpeg", "-v", "error", "-i", str(path), *copied]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout


def test_a_rendition_may_be_one_file_of_which_players_fetch_ranges(bench: Bench, clip: Clip) -> None:
    folder, files = stored(bench, clip, "even.mp4", "large-sound.mp4", **SINGLE)

    names = {"180p.mp4", "180p.m3u8", "360p.mp4", "360p.m3u8", "sound.mp4", "sound.m3u8"}
    assert {file.name for file in files} == names | {"playlist.m3u8", "playlist.mpd"}
    assert {file.object_key for file in files} == {f"show/{file.name}" for file in files}
    for rendition in ("180p", "360p", "sound"):
        name, ranges = ranges_of(folder / f"{rendition}.m3u8")
        index = index_of(folder / "playlist.mpd")[name]
        header, *segments = ranges
        assert name == f"{rendition}.mp4"
        # What is left of the sound, less than half a second, is part of its last segment.
        assert len(segments) == {"180p": 4, "360p": 1, "sound": 2}[rendition]
        every_byte = [byte for part in (header, index, *segments) for byte in part]
        assert every_byte == list(range((folder / name).stat().st_size))


def test_single_files_play_by_both_manifests(bench: Bench, clip: Clip) -> None:
    folder, files = stored(bench, clip, "plain.mp4", "large-sound.mp4", **SINGLE)

    for way_in in ("playlist.m3u8", "playlist.mpd", "360p.m3u8", "sound.m3u8", "360p.mp4"):
        assert plays(folder / way_in) == pytest.approx(2, abs=0.2), way_in
    assert {file.name: file.mime for file in files if file.ext == "mp4"} == {
        "180p.mp4": "video/mp4",
        "360p.mp4": "video/mp4",
        "sound.mp4": "audio/mp4",
    }
    assert not any("PROGRAM-DATE-TIME" in each.read_text() for each in folder.glob("*.m3u8"))


def test_nothing_is_encoded_for_the_sake_of_single_files(bench: Bench, clip: Clip) -> None:
    folder, _ = stored(bench, clip, "plain.mp4", **SINGLE)

    assert packets(folder / "180p.mp4", "v") == packets(clip("plain.mp4"), "v")
    assert packets(folder / "sound.mp4", "a") == packets(clip("plain.mp4"), "a")
    assert packets(folder / "180p.m3u8", "v") == packets(clip("plain.mp4"), "v")


def test_bandwidths_of_single_files_are_measured_on_their_ranges(bench: Bench, clip: Clip) -> None:
    folder, _ = stored(bench, clip, "even.mp4", **SINGLE)

    _, (_, *segments) = ranges_of(folder / "180p.m3u8")
    peak = max(len(each) for each in segments) * 8
    master = (folder / "playlist.m3u8").read_text()
    assert f"BANDWIDTH={peak}," in master
    assert f'bandwidth="{peak}"' in (folder / "playlist.mpd").read_text()


def test_single_files_of_dash_alone_have_no_playlists(bench: Bench, clip: Clip) -> None:
    folder, _ = stored(bench, clip, "plain.mp4", ffmpeg={"single_file": "1"})

    assert {each.name for each in folder.iterdir()} == {"180p.mp4", "sound.mp4", "playlist.mpd"}
    assert plays(folder / "playlist.mpd") == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("parameters", [SINGLE, {"technique": "cmaf"}], ids=["single-files", "segments"])
def test_renditions_may_have_other_key_frames_and_nearly_the_same_shape(
    bench: Bench, clip: Clip, parameters: dict[str, Any]
) -> None:
    folder, _ = stored(bench, clip, "even.mp4", "uneven.mp4", **parameters)

    master = (folder / "playlist.m3u8").read_text()
    assert "RESOLUTION=320x180" in master
    assert "RESOLUTION=214x120" in master
    for media in links_of(folder / "playlist.m3u8"):
        text = media.read_text()
        seconds = [float(each) for each in re.findall(r"#EXTINF:([\d.]+)", text)]
        target = int(re.findall(r"#EXT-X-TARGETDURATION:(\d+)", text)[0])
        assert sum(seconds) == pytest.approx(4, abs=0.1)
        assert all(round(each) <= target for each in seconds)
        assert plays(media) == pytest.approx(4, abs=0.1)
    (pictures,) = re.findall(
        r'<AdaptationSet[^>]*contentType="video"[^>]*>', (folder / "playlist.mpd").read_text()
    )
    assert 'egmentAlignment="false"' in pictures
    assert plays(folder / "playlist.mpd") == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize("technique", ["hls", "cmaf"])
def test_of_inputs_of_one_size_the_first_counts(bench: Bench, clip: Clip, technique: str) -> None:
    folder, _ = stored(bench, clip, "plain.mp4", "large-sound.mp4", "silent.mp4", technique=technique)

    assert (folder / "playlist.m3u8").read_text().count("#EXT-X-STREAM-INF") == 2


def test_what_becomes_of_one_size_is_encoded_once(bench: Bench, clip: Clip) -> None:
    folder, _ = stored(bench, clip, "plain.mp4", "large-sound.mp4", technique="hls", width=160, height=90)

    assert [each.name for each in links_of(folder / "playlist.m3u8")] == ["90p.m3u8"]
    assert not list(bench.folder.rglob("rendition-1"))


def test_names_of_files_never_clash(bench: Bench, clip: Clip) -> None:
    folder, files = stored(
        bench,
        clip,
        "plain.mp4",
        "portrait.mp4",
        **SINGLE,
        hls_playlist_name="180p.m3u8",
        playlist_name="sound.mpd",
    )

    names = {"180p_1.mp4", "180p_1.m3u8", "180p_2.mp4", "180p_2.m3u8", "sound_1.mp4", "sound_1.m3u8"}
    assert {each.name for each in folder.iterdir()} == names | {"180p.m3u8", "sound.mpd"}
    assert len(files) == 8
    assert plays(folder / "180p.m3u8") == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("name", ["one-frame-long-sound.mp4", "short-sound.mp4"])
def test_pictures_and_sound_need_not_end_together(bench: Bench, clip: Clip, name: str) -> None:
    folder, _ = stored(bench, clip, name, **SINGLE)

    lengths = [plays(media) for media in links_of(folder / "playlist.m3u8")]
    assert max(lengths) == pytest.approx(2, abs=0.2)
    assert len(lengths) == 2
    assert min(lengths) < 1


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        pytest.param({"technique": "hls", "ffmpeg": {"single_file": True}}, "dash", id="not-with-hls"),
        pytest.param({"ffmpeg": {"single_file": "often"}}, '"single_file" is true or false', id="no-answer"),
        pytest.param({"ffmpeg": {"global_sidx": 1}}, '"global_sidx" is no option', id="no-option"),
        pytest.param(
            {"technique": "cmaf", "playlist_name": "playlist.m3u8"}, "must not be the same", id="one-name"
        ),
    ],
)
def test_what_cannot_be_cut_like_that_is_refused(parameters: dict[str, Any], reason: str) -> None:
    with pytest.raises(StepError, match=reason) as caught:
        read_steps({"made": {"robot": "/video/adaptive", **parameters}})

    assert caught.value.code == "VIDEO_ADAPTIVE_VALIDATION"


@pytest.mark.parametrize(("wanted", "is_one"), [(True, True), (1, True), ("0", False), (False, False)])
def test_a_single_file_may_be_wanted_in_several_words(
    bench: Bench, clip: Clip, wanted: object, is_one: bool
) -> None:
    folder, _ = stored(bench, clip, "silent.mp4", ffmpeg={"single_file": wanted})

    assert (folder / "180p.mp4").exists() is is_one
