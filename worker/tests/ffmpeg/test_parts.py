"""Videos that are encoded in parts: what comes of them is what one encode would have made."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.assemblies.jobs.job_parts import Part
from cattube_worker.execution.jobs.part_tasks import PartTasks, join, work_on_part
from cattube_worker.execution.steps.dispatch import RunContext, execute
from cattube_worker.execution.steps.step_robot import AssemblyFacts
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.plan import compile_plan
from cattube_worker.instructions.steps import read_steps
from cattube_worker.media.mp4.sample_table import SampleTable, sample_table
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.workspace import Workspace
from cattube_worker.storage import Stores

from .conftest import Bench, ffmpeg, turned

pytestmark = pytest.mark.ffmpeg
MakeClip = Callable[..., Path]

SECONDS, PART_SECONDS = 9, 2
PICTURE = f"testsrc2=s=192x108:r={{rate}}:d={SECONDS}"
SOUND = f"sine=f=440:r=48000:d={SECONDS}"
# Key frames that lie beside those of the renditions, and frames that are shown in another order.
CODED = ["-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac"]
LADDER: dict[str, Any] = {
    ":original": {"robot": "/upload/handle"},
    "larger": {
        "robot": "/video/encode",
        "use": ":original",
        "preset": "hls/270p",
        "width": 160,
        "height": 90,
        "watermark_url": "builtin:watermark",
        "watermark_size": "25%",
    },
    "smaller": {
        "robot": "/video/encode",
        "use": ":original",
        "preset": "dash/270p-video",
        "width": 96,
        "height": 54,
    },
}


@dataclass
class Work:
    """The steps over one upload, on as many workers as `tasks` says."""

    bench: Bench
    upload: AssemblyFile
    tasks: PartTasks
    steps: dict[str, Any]
    runs: int = 0

    @property
    def node(self) -> Any:
        (node,) = compile_plan(read_steps(self.steps)).nodes
        return node

    def context(self) -> RunContext:
        self.runs += 1
        folder = self.bench.folder / f"run-{self.runs}"
        folder.mkdir()
        return RunContext(
            assembly=AssemblyFacts(id="a" * 32, steps=read_steps(self.steps)),
            workspace=Workspace(
                folder=folder,
                tools=self.bench.tools,
                limits=self.bench.limits,
                report=lambda share: None,
                stop=self.bench.stop,
                stores=Stores({}),
            ),
        )

    def whole(self) -> dict[str, AssemblyFile]:
        return {file.step: file for file in execute(self.node, [self.upload], self.context())}

    def cut(self) -> list[Part] | None:
        return self.tasks.cut(self.node, [self.upload], self.context())

    def in_parts(self) -> dict[str, AssemblyFile]:
        """The files, joined of parts that were written down and read again in between, as jobs do."""
        parts = self.cut()
        assert parts is not None
        done = []
        for part in parts:
            files = work_on_part(part, self.node, self.upload, self.context())
            document = part.to_json() | {"outputs": {file.step: file.to_json() for file in files}}
            done.append(Part.from_json(document))
        return {file.step: file for file in join(done, self.node, self.upload, self.context())}


def work_on(bench: Bench, path: Path, *, workers: int = 2, steps: dict[str, Any] | None = None) -> Work:
    tasks = PartTasks(part_seconds=PART_SECONDS, free_workers=lambda: workers)
    return Work(bench=bench, upload=bench.upload(path), tasks=tasks, steps=steps or LADDER)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> MakeClip:
    """Makes the clip that is coded so, unless it is there."""
    folder, made = tmp_path_factory.mktemp("parts"), dict[tuple[str, ...], Path]()

    def make(*options: str, rate: str = "30") -> Path:
        if (rate, *options) not in made:
            path = folder / f"clip-{len(made)}.mp4"
            inputs = ["-f", "lavfi", "-i", PICTURE.format(rate=rate), "-f", "lavfi", "-i", SOUND]
            ffmpeg(*inputs, *CODED, *options, path)
            made[rate, *options] = path
        return made[rate, *options]

    return make


@dataclass(frozen=True)
class Both:
    """What comes of a clip as a whole, and in parts: the file of each step."""

    source: Path
    whole: dict[str, AssemblyFile]
    joined: dict[str, AssemblyFile]


@pytest.fixture(scope="session")
def both(any_tools: Tools, clip: MakeClip, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Of the plain clip, for tests that look at different things about it."""
    work = work_on(Bench(folder=tmp_path_factory.mktemp("both"), tools=any_tools), clip())
    return Both(clip(), work.whole(), work.in_parts())


def frames_of(file: AssemblyFile) -> SampleTable:
    assert file.path is not None
    table = sample_table(file.path)
    assert table is not None
    return table


def packets(bench: Bench, file: AssemblyFile, stream: str) -> list[str]:
    """Times, sizes and checksums of the packets of a stream."""
    text = subprocess.run(
        [bench.tools.ffmpeg, "-v", "error", "-i", str(file.path), "-map", f"0:{stream}", "-c", "copy",
         "-f", "framecrc", "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [line for line in text.splitlines() if not line.startswith("#")]


def likeness(bench: Bench, file: AssemblyFile, source: Path, filters: str) -> float:
    """Similarity (SSIM) of a file and its source, from 0 to 1, frame by frame; 1 means alike."""
    graph = f"[1:v]{filters}[source];[0:v][source]ssim"
    log = subprocess.run(
        [bench.tools.ffmpeg, "-hide_banner", "-i", str(file.path), "-i", source, "-lavfi", graph, "-f",
         "null", "-"],
        check=True, capture_output=True, text=True,
    ).stderr  # fmt: skip
    found = re.search(r"All:([0-9.]+)", log)
    assert found is not None
    return float(found[1])


@pytest.mark.parametrize("rate", ["30", "30000/1001", "25", "60"])
def test_m70_parts_have_the_frames_and_times_of_the_whole(
    any_bench: Bench, clip: MakeClip, rate: str
) -> None:
    """M70"""
    work = work_on(any_bench, clip(rate=rate))

    whole, joined = work.whole(), work.in_parts()

    assert joined.keys() == whole.keys() == {"larger", "smaller"}
    for step, file in joined.items():
        assert sorted(frames_of(file).shown_at) == sorted(frames_of(whole[step]).shown_at)
        assert frames_of(file).scale == frames_of(whole[step]).scale
        same = ("duration", "width", "height", "framerate", "num_audio_streams", "rotation", "colorspace")
        assert {key: file.meta.get(key) for key in same} == {key: whole[step].meta.get(key) for key in same}


def test_m71_sound_of_parts_is_that_of_the_whole_to_the_last_packet(any_bench: Bench, both: Both) -> None:
    """M71"""
    of_parts = packets(any_bench, both.joined["larger"], "a:0")

    assert of_parts == packets(any_bench, both.whole["larger"], "a:0")


def test_m72_every_frame_of_parts_is_the_one_of_the_source(any_bench: Bench, both: Both) -> None:
    """M72: at the seams too, where a frame that is missing or twice would move all that follow."""
    scaled = "scale=96:54"

    of_whole = likeness(any_bench, both.whole["smaller"], both.source, scaled)

    assert likeness(any_bench, both.joined["smaller"], both.source, scaled) > of_whole - 0.002


def test_m73_renditions_in_parts_have_key_frames_where_those_of_the_whole_are(both: Both) -> None:
    """M73: a player changes over between renditions of which one was encoded in parts, and one was not."""
    whole, joined = both.whole, both.joined

    def key_times(file: AssemblyFile) -> set[int]:
        table = frames_of(file)
        return {table.shown_at[place] for place in table.key_frames}

    assert key_times(joined["larger"]) == key_times(joined["smaller"])
    assert key_times(whole["larger"]) <= key_times(joined["larger"])


ODD = {
    "open-gop": ["-x264-params", "open-gop=1:keyint=25:bframes=3:scenecut=0"],
    "uneven-frames": ["-vf", "select='not(mod(n,7))+lt(n,10)'", "-fps_mode", "vfr"],
    "interlaced": ["-flags", "+ilme+ildct", "-x264-params", "tff=1"],
    "in-fragments": ["-movflags", "frag_keyframe+empty_moov"],
    "one-key-frame": ["-g", "9999", "-sc_threshold", "0"],
}


@pytest.mark.parametrize("kind", ODD)
def test_m74_what_cannot_be_cut_is_left_whole(
    any_bench: Bench, clip: MakeClip, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """M74: by rule, and not because something failed."""
    assert work_on(any_bench, clip(*ODD[kind])).cut() is None
    assert caplog.messages == []


def test_m74_video_with_a_hidden_beginning_is_left_whole(any_bench: Bench, clip: MakeClip) -> None:
    """M74: its edit list hides frames that the parts would show."""
    whole, path = clip(), any_bench.folder / "hidden.mp4"
    ffmpeg("-ss", "1", "-i", whole, "-c", "copy", path)

    assert work_on(any_bench, path).cut() is None


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"watermark_url": "builtin:watermark", "watermark_start_time": 2}, id="timed-watermark"),
        pytest.param({"watermark_position": ["top-left", "bottom-right"]}, id="watermark-anywhere"),
        pytest.param({"ffmpeg": {"ss": 2}}, id="a-part-of-it"),
        pytest.param({"ffmpeg": {"r": 10}}, id="another-rate"),
        pytest.param({"preset": "webm"}, id="another-container"),
    ],
)
def test_m74_steps_that_look_at_the_whole_are_left_whole(
    any_bench: Bench, clip: MakeClip, changed: dict[str, Any]
) -> None:
    """M74"""
    steps = {name: dict(step) for name, step in LADDER.items() if name != "smaller"}
    steps["larger"] |= changed

    assert work_on(any_bench, clip(), steps=steps).cut() is None


def test_m75_one_worker_cuts_nothing(any_bench: Bench, clip: MakeClip) -> None:
    """M75"""
    assert work_on(any_bench, clip(), workers=1).cut() is None


def test_m70_video_that_was_turned_and_has_other_colours_is_the_same_in_parts(
    any_bench: Bench, clip: MakeClip
) -> None:
    """M70"""
    upright = clip("-colorspace", "smpte170m", "-color_primaries", "smpte170m")
    path = any_bench.folder / "turned.mp4"
    shutil.copyfile(upright, path)
    work = work_on(any_bench, turned(path))

    whole, joined = work.whole(), work.in_parts()

    for step, file in joined.items():
        same = ("width", "height", "rotation", "color_space", "color_primaries", "color_range")
        assert {key: file.meta.get(key) for key in same} == {key: whole[step].meta.get(key) for key in same}
