"""The exact words ffmpeg gets: what they guard is in docs/architecture.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.media.encode.command import QUIET, Command, FileInput, PipeInput, TextInput
from cattube_worker.media.encode.filters.branches import Branch, Frames
from cattube_worker.media.encode.filters.watermark import Watermark
from cattube_worker.media.encode.frame_command import frame_command
from cattube_worker.media.encode.output import Output
from cattube_worker.media.geometry import Size
from cattube_worker.media.process.limits import Limits

SOURCE = Path("/data/uploads/a/b")
FILE = FileInput(SOURCE)
PIPE = PipeInput("mov", lambda: 0)
LIMITS = Limits()
FRAMES = Frames(size=Size(1280, 720), duration_seconds=10, has_audio=True)

# A watermark is converted as the video under it is read.
MARKED = (
    ":out_color_matrix=bt709:out_range=tv,format=yuva420p,"
    "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
)


def branch(
    name: str,
    source: str | None = None,
    *,
    filters: tuple[str, ...] = (),
    stills: tuple[float, ...] | None = None,
    watermark: Watermark | None = None,
) -> Branch:
    return Branch(
        name=name,
        source=source,
        filters=filters,
        watermark=watermark,
        frames=FRAMES,
        output=Output(
            path=Path(f"/job/{name}"),
            video=("-c:v", "libx264"),
            audio=None if stills else ("-c:a", "aac"),
            container=("-f", "image2" if stills else "mp4"),
            has_constant_rate=stills is None,
            stills_at_seconds=stills,
        ),
    )


def arguments(*branches: Branch, has_audio: bool = True, start_seconds: float = 0) -> list[str]:
    return words_for(
        *branches,
        source=FileInput(SOURCE, starts_at_seconds=start_seconds),
        has_audio=has_audio,
        mark_sizes=[Size(400, 300)],
    )


def words_for(
    *branches: Branch,
    source: FileInput | PipeInput = FILE,
    limits: Limits = LIMITS,
    has_audio: bool = False,
    mark_sizes: Sequence[Size] = (),
) -> list[str]:
    command = frame_command(source, branches, limits=limits, has_audio=has_audio, mark_sizes=mark_sizes)
    return command.arguments(limits)


def after(option: str, words: list[str]) -> str:
    return words[words.index(option) + 1]


def test_one_step_is_one_chain_and_one_output() -> None:
    words = arguments(branch("a", filters=("scale=640:360", "format=yuv420p")))

    assert after("-filter_complex", words) == "[0:V:0]scale=640:360,format=yuv420p[b0]"
    first_output = words[words.index("-map") :]
    assert first_output == [
        "-map", "[b0]", "-c:v", "libx264",
        "-map", "0:a:0", "-c:a", "aac",
        "-fpsmax", "60", "-fps_mode", "cfr", "-t", "14400",
        "-map_metadata", "-1", "-map_chapters", "-1",
        "-fs", str(16 * 2**30), "-f", "mp4", "file:/job/a",
    ]  # fmt: skip


def test_on_a_small_machine_one_thread_filters() -> None:
    def has_one(processors: int) -> bool:
        limits = Limits(processors=processors)
        words = words_for(branch("a"), limits=limits)
        return "-filter_complex_threads" in words

    assert [has_one(count) for count in (0, 1, 4, 5)] == [False, True, True, False]


def test_more_encoders_than_processors_do_not_each_take_threads_for_all_of_them() -> None:
    renditions = branch("a"), branch("b"), branch("c")

    def thread_options(processors: int, *branches: Branch) -> int:
        words = words_for(*branches, limits=Limits(processors=processors))
        return words.count("-threads")

    assert thread_options(2, *renditions) == 3
    assert thread_options(2, *renditions[:2], branch("still", stills=(1.0,))) == 0
    assert thread_options(4, *renditions) == 0
    assert thread_options(0, branch("a")) == 0


def test_a_light_source_is_decoded_by_one_thread_beside_many_encoders() -> None:
    def decoding(size: Size | None, *branches: Branch) -> list[str]:
        words = words_for(*branches, source=FileInput(SOURCE, size=size), limits=Limits(processors=2))
        return words[: words.index("-i")]

    renditions = branch("a"), branch("b"), branch("c")

    assert after("-threads", decoding(Size(1920, 1080), *renditions)) == "1"
    assert "-threads" not in decoding(Size(3840, 2160), *renditions)
    assert "-threads" not in decoding(None, *renditions)
    assert "-threads" not in decoding(Size(1920, 1080), *renditions[:2])


def test_what_is_shown_while_it_is_made_is_encoded_once_and_written_twice() -> None:
    plain = branch("a")
    shown = replace(plain, output=replace(plain.output, live_preview=Path("/job/a.live")))

    words = arguments(shown)

    assert words.count("-c:v") == 1
    assert words[-2] == "tee"
    assert words[-1].startswith("[f=mp4:movflags=+faststart]file\\:/job/a|[f=hls:")
    assert "-fs" not in words  # It has no effect there.
    assert after("-t", words) == "14400"


def test_a_template_is_decoded_once_and_split() -> None:
    mark = Watermark(path=Path("/mark"), position="top-right", size_percent=25, x_offset=16, y_offset=16)

    words = arguments(
        branch("resized", filters=("scale=1280:720",)),
        branch("watermarked", "resized", watermark=mark),
        branch("thumbnail", "watermarked", stills=(1.0,)),
    )

    assert after("-filter_complex", words).split(";") == [
        "[0:V:0]scale=1280:720,split=2[b0][b0_0]",
        "[1:v:0]format=rgba,scale=240:180" + MARKED + "[mark1]",
        "[b0_0][mark1]overlay=1024:16,split=2[b1][b1_0]",
        "[b1_0]null[b2]",
        "[b2]tpad=stop_mode=clone:stop_duration=2.000,select='isnan(prev_selected_t)*gte(t,1.000)'[file2]",
    ]
    assert words.count("-i") == 2


def test_two_steps_on_the_same_file_share_its_frames() -> None:
    words = arguments(branch("cut", filters=("crop=2:2",)), branch("turned", filters=("hflip",)))

    graph = after("-filter_complex", words).split(";")
    assert graph[0] == "[0:V:0]split=2[bs_0][bs_1]"
    assert {chain.split("]", 1)[0] for chain in graph[1:]} == {"[bs_0", "[bs_1"}


def test_a_steps_name_never_reaches_the_filter_graph() -> None:
    words = arguments(branch("a];movie=/etc/passwd[x"), branch("b", "a];movie=/etc/passwd[x"))

    assert "movie" not in after("-filter_complex", words)


def test_every_input_is_guarded_before_it_is_named() -> None:
    words = arguments(branch("a", watermark=Watermark(path=Path("/mark"))))

    starts = [index for index, word in enumerate(words) if word == "-i"]
    for first, last in zip([0, *starts], starts, strict=False):
        before = words[first:last]
        assert after("-protocol_whitelist", before) == "file"
        formats = after("-format_whitelist", before).split(",")
        assert not {"hls", "dash", "concat", "tty", "sdp", "lavfi", "image2"} & set(formats)
        assert after("-max_pixels", before) == "50000000"
        assert after("-max_streams", before) == "64"
    assert "-nostdin" in words
    assert [words[start + 1] for start in starts] == ["file:/data/uploads/a/b", "file:/mark"]


def test_without_sound_none_is_asked_for() -> None:
    words = arguments(branch("a"), has_audio=False)

    assert "0:a:0" not in words
    assert "-c:a" not in words


def test_stills_come_as_they_are_and_as_many_as_were_asked_for() -> None:
    words = arguments(branch("a", stills=(1.0, 2.5, 3.0)), start_seconds=1.0)

    assert after("-frames:v", words) == "3"
    assert after("-fps_mode", words) == "passthrough"
    assert after("-ss", words) == "1.000"
    assert "isnan(prev_selected_t)*gte(t,0.000)+gte(t,1.500)*lt(prev_selected_t,1.500)" in after(
        "-filter_complex", words
    )


def test_sheet_of_stills_is_written_when_it_is_begun_and_when_it_is_full() -> None:
    stills = branch("a", stills=(1.0, 2.5, 3.0))

    words = arguments(replace(stills, output=replace(stills.output, is_sprite_sheet=True)))

    assert after("-frames:v", words) == "2"


def test_options_that_newer_releases_dropped_are_not_used() -> None:
    words = arguments(branch("a"), branch("b", stills=(1.0,)))

    assert not {"-vsync", "-async", "-deinterlace", "-map_channel"} & set(words)


def test_what_comes_through_a_pipe_can_reach_nothing_and_is_not_guessed() -> None:
    """M02, M03: no playlist and no script, for the container is named and files are out of reach."""
    words = words_for(branch("a"), source=PIPE)

    assert after("-i", words) == "pipe:0"
    assert after("-f", words) == "mov"
    assert after("-protocol_whitelist", words) == "pipe"
    assert after("-format_whitelist", words) == "mov"
    assert after("-max_pixels", words) == str(Limits().max_pixels)
    assert after("-max_streams", words) == str(Limits().max_streams)
    assert "-xerror" in words


def test_a_watermark_on_what_is_piped_is_still_a_file() -> None:
    mark = Watermark(path=Path("/mark.png"))
    words = words_for(branch("a", watermark=mark), source=PIPE, mark_sizes=[Size(400, 300)])

    second = words[words.index("pipe:0") :]
    assert after("-protocol_whitelist", second) == "file"
    assert after("-i", second) == "file:/mark.png"


@pytest.mark.parametrize(
    ("part", "arguments"),
    [
        pytest.param({"starts_at_seconds": 62.5}, ["-ss", "62.5", "-t", "14400"], id="from-a-moment-on"),
        pytest.param({"lasts_seconds": 0.1 + 0.2}, ["-t", "0.3"], id="up-to-a-moment"),
        pytest.param({"lasts_seconds": 20_000}, ["-t", "14400"], id="longer-than-allowed"),
        pytest.param({"lasts_seconds": 3, "is_shortest": True}, ["-t", "3", "-shortest"], id="shortest"),
        pytest.param({"ends_at_seconds": 9, "bounds": frozenset()}, ["-to", "9"], id="unbounded"),
        pytest.param({"bounds": frozenset()}, [], id="all-of-it-unbounded"),
    ],
)
def test_the_part_of_the_time_that_is_written(part: dict[str, Any], arguments: list[str]) -> None:
    output = Output(path=Path("/job/a"), audio=("-c:a", "aac"), **{"bounds": frozenset({"duration"}), **part})

    words = Command(inputs=[FILE], outputs=[output]).arguments(LIMITS)

    start = words.index("aac") + 1
    assert words[start : words.index("-map_metadata")] == arguments


def test_text_that_the_engine_wrote_is_opened_as_what_it_is() -> None:
    words = Command(inputs=[TextInput(Path("/job/a.srt"), "srt")], outputs=[]).arguments(LIMITS)

    assert words[len(QUIET) :] == ["-f", "srt", "-i", "file:/job/a.srt"]
