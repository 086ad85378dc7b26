from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.media.encode.output import option
from cattube_worker.media.encode.presets import PRESETS
from cattube_worker.media.encode.step_options.ffmpeg_options import merged
from cattube_worker.media.encode.step_options.options_reader import read_options

KEY_FRAMES = ("-sc_threshold", "0", "-force_key_frames", "expr:gte(t,n_forced*2)")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"i": "/etc/passwd"}, id="second-input"),
        pytest.param({"filter_complex": "movie=/etc/passwd[a]"}, id="graph"),
        pytest.param({"map": "1:v"}, id="map"),
        pytest.param({"vf": "movie=/etc/passwd"}, id="movie"),
        pytest.param({"vf": "scale=1:1,amovie=x"}, id="second-filter"),
        pytest.param({"vf": "scale=1:1;movie=x"}, id="second-chain"),
        pytest.param({"vf": "[in]scale=1:1[out]"}, id="pads"),
        pytest.param({"vf": "drawtext=textfile=/etc/passwd"}, id="textfile"),
        pytest.param({"vf": "drawtext=text=a:fontfile=/etc/passwd"}, id="fontfile"),
        pytest.param({"vf": "drawtext=/etc/passwd"}, id="fontfile-unnamed"),
        pytest.param({"vf": r"drawtext=text=a\:fontfi\le=/etc/passwd"}, id="hidden-by-backslashes"),
        pytest.param({"vf": "drawtext=text='a:fontfi''le=/etc/passwd'"}, id="hidden-by-quotes"),
        pytest.param({"vf": "drawtext=text='a:te'xt'fi'le=/etc/passwd"}, id="key-in-quotes"),
        pytest.param({"vf": "subtitles=/etc/passwd"}, id="subtitles"),
        pytest.param({"vf": "lut3d=/etc/passwd"}, id="lut"),
        pytest.param({"filter:v": "movie=x"}, id="other-name-of-vf"),
        pytest.param({"af": "amovie=x"}, id="sound-from-a-file"),
        pytest.param({"f": "tee"}, id="tee"),
        pytest.param({"f": "hls"}, id="more-files"),
        pytest.param({"c:v": "copy"}, id="copy"),
        pytest.param({"x264-params": {"stats": "/tmp/x"}}, id="encoder-writes-a-file"),
        pytest.param({"x264-params": "keyint=60:qpfile=/etc/passwd"}, id="encoder-reads-a-file"),
        pytest.param({"x265-params": {"csv": "x"}}, id="encoder-writes-a-table"),
        pytest.param({"x264-params": {"keyint": "60:stats=/tmp/x"}}, id="parameter-in-a-parameter"),
        pytest.param({"passlogfile": "/tmp/x"}, id="passlogfile"),
        pytest.param({"vstats_file": "/tmp/x"}, id="statistics"),
        pytest.param({"protocol_whitelist": "http"}, id="protocols"),
        pytest.param({"dump_attachment": "x"}, id="attachment"),
        pytest.param({"b:v": "1M -i /etc/passwd"}, id="more-in-a-value"),
        pytest.param({"metadata": "x"}, id="metadata"),
        pytest.param({"vf": "crop='1:1"}, id="open-quote"),
    ],
)
def test_m22_what_could_reach_other_files_is_refused_by_name(options: dict[str, Any]) -> None:
    name = {"filter:v": "vf"}.get(*[next(iter(options))] * 2)

    with pytest.raises(ValueError, match=f'"{name}'):
        read_options(options)


def test_options_are_sorted_by_what_they_are_about() -> None:
    options = read_options(
        {"b:v": "1M", "codec": {"v": "libx265", "a": "libfdk_aac"}, "ar": 48000, "f": "mov", "ss": "1:02.5"}
    )

    assert options.video == ("-b:v", "1M", "-c:v", "libx265")
    assert options.audio == ("-c:a", "aac", "-ar", "48000")
    assert (options.container, options.ext) == (("-f", "mov"), "mov")
    assert (options.starts_at_seconds, options.lasts_seconds, options.ends_at_seconds) == (62.5, None, None)


def test_a_filter_keeps_the_commas_within_its_quotes() -> None:
    options = read_options({"vf": "eq=contrast=1.2,drawtext=text=Hi:enable='between(t,0,5)'"})

    assert options.filters == ("eq=contrast=1.2", "drawtext=text=Hi:enable='between(t,0,5)'")


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        ({}, 60),
        ({"ss": 10}, 50),
        ({"t": 20}, 20),
        ({"ss": 50, "t": 20}, 10),
        ({"to": "0:30", "ss": 10}, 20),
        ({"ss": 90}, 0),
    ],
)
def test_the_part_kept_is_as_long_as_its_options_say(options: dict[str, Any], seconds: float) -> None:
    assert read_options(options).part_of(60) == seconds


def test_the_steps_options_go_over_the_presets_one_by_one() -> None:
    preset = ("-c:v", "libx264", "-crf", "23", "-b:v", "1M")

    assert merged(preset, ("-crf", "18")) == ("-c:v", "libx264", "-crf", "18", "-b:v", "1M")
    assert merged(preset, ("-c:v", "libvpx-vp9")) == ("-b:v", "1M", "-c:v", "libvpx-vp9")
    assert merged(preset, (), dropped=frozenset({"-b:v"})) == ("-c:v", "libx264", "-crf", "23")


def test_m80_a_template_that_names_its_speed_gets_what_x264_does_at_that_speed() -> None:
    """Hazard M80."""
    preset = PRESETS["hls/720p"].video or ()
    kept = ("-c:v", "libx264", "-preset", "slow", "-g", "60", *KEY_FRAMES)

    assert merged(preset, ("-preset", "slow")) == kept
    assert merged(preset, ("-preset", "slow", "-crf", "20")) == (*kept, "-crf", "20")
    assert "-refs" not in merged(preset, (), dropped=frozenset({"-preset"}))


def test_m80_a_template_that_names_its_quality_alone_keeps_our_speed() -> None:
    """Hazard M80."""
    preset = PRESETS["web/mp4/720p"].video or ()

    options = merged(preset, ("-crf", "20", "-trellis", "2"))

    assert option(options, "-crf") == "20"
    assert option(options, "-trellis") == "2"
    assert option(options, "-refs") == "3"


def test_m80_a_speed_for_another_encoder_changes_nothing_else() -> None:
    """Hazard M80."""
    preset = PRESETS["web/mp4-x265/720p"].video or ()

    assert option(merged(preset, ("-preset", "slow")), "-crf") == "28"
