"""Real files made by the real ffmpeg, once a session and only when asked for, and a bench to run them on."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import struct
import subprocess
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.assemblies.uploads.original_file import original_file
from cattube_worker.execution.steps.dispatch import RunContext, execute
from cattube_worker.execution.steps.step_robot import AssemblyFacts
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.plan import compile_plan
from cattube_worker.instructions.schedule import JobFacts, is_finished, next_jobs
from cattube_worker.instructions.steps import read_steps
from cattube_worker.media.inspect.probe import describe
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.tools import Tools, find_tools
from cattube_worker.media.speech.model import SpeechModel
from cattube_worker.media.workspace import Workspace
from cattube_worker.storage import Stores
from cattube_worker.storage.local import LocalStore

Clip = Callable[[str], Path]

TEMPLATE = Path(__file__).parents[3] / "contract" / "templates" / "cattube.json"

PICTURE = ["-f", "lavfi", "-i", "testsrc2=s={size}:r=25:d=2"]
SOUND = ["-f", "lavfi", "-i", "sine=f=440:r=48000:d=2"]
X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]

# Each clip: ffmpeg's arguments before the output's name.
CLIPS: dict[str, list[str]] = {
    "plain.mp4": [*PICTURE, *SOUND, *X264, "-c:a", "aac"],
    "silent.mp4": [*PICTURE, *X264],
    "odd.mp4": ["-f", "lavfi", "-i", "testsrc2=s=321x181:r=25:d=2", *X264[:-2], "-pix_fmt", "yuv444p"],
    "portrait.mp4": ["-f", "lavfi", "-i", "testsrc2=s=180x320:r=25:d=2", *SOUND, *X264, "-c:a", "aac"],
    "large.mp4": ["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=10:d=2", *X264],
    "large-sound.mp4": ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=2", *SOUND, *X264, "-c:a", "aac"],
    "still.png": ["-f", "lavfi", "-i", "testsrc2=s=320x180", "-frames:v", "1"],
    "zebra.png": ["-f", "lavfi", "-i", "color=red:s=200x200", "-frames:v", "1"],
    "dark.mp4": ["-f", "lavfi", "-i", "color=black:s={size}:r=25:d=2", *X264],
    "tenbit.mkv": [*PICTURE, *X264[:-2], "-pix_fmt", "yuv420p10le"],
    "anamorphic.mp4": [*PICTURE, "-vf", "setsar=4/3", *X264],
    "sound.m4a": [*SOUND, "-c:a", "aac"],
    "web.webm": [*PICTURE, *SOUND, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"],
    "variable.mp4": [*PICTURE, "-vf", "select='not(mod(n,7))+lt(n,10)'", "-fps_mode", "vfr", *X264],
    "tagged.mp4": [
        *PICTURE, *X264, "-movflags", "use_metadata_tags", "-metadata", "location=+52.5200+013.4050/",
        "-metadata", "com.apple.quicktime.model=canary-camera",
    ],
    "one-frame-long-sound.mp4": [*PICTURE, *SOUND, "-vf", "trim=end_frame=1", *X264, "-c:a", "aac"],
    "short-sound.mp4": [*PICTURE, "-f", "lavfi", "-i", "sine=f=440:r=48000:d=0.5", *X264, "-c:a", "aac"],
    "even.mp4": [
        "-f", "lavfi", "-i", "testsrc2=s={size}:r=25:d=4", *X264, "-force_key_frames", "expr:gte(t,n_forced)",
    ],
    # Of the same shape but for the rounding, and with key frames elsewhere.
    "uneven.mp4": [
        "-f", "lavfi", "-i", "testsrc2=s=214x120:r=25:d=4", *X264, "-g", "33", "-sc_threshold", "0",
    ],
    "silence.mkv": [
        *PICTURE, "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "1200", *X264, "-c:a", "flac",
    ],
    "broad.mkv": ["-f", "lavfi", "-i", "testsrc2=s=960x540:r=25:d=4", *X264],
    # The second sound is the one that its author means to be heard.
    "two-sounds.mkv": [
        *PICTURE, *SOUND, "-f", "lavfi", "-i", "sine=f=880:r=48000:d=2",
        "-map", "0", "-map", "1", "-map", "2",
        *X264, "-c:a", "aac", "-disposition:a:0", "0", "-disposition:a:1", "default",
    ],
    "long-sound.mkv": [*PICTURE, "-f", "lavfi", "-i", "sine=f=440:r=48000:d=5", *X264, "-c:a", "aac"],
    "rgb.mkv": [*PICTURE, *SOUND, "-c:v", "libx264rgb", "-preset", "ultrafast", "-c:a", "aac"],
    "two-days.mkv": [
        *PICTURE, "-vf", "select='lt(n,2)',setpts='N*48*3600/TB'", "-fps_mode", "vfr", *X264, "-bf", "0",
    ],
}  # fmt: skip


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """The clip of that name, made when it is asked for first."""
    folder = tmp_path_factory.mktemp("clips")

    def make(name: str) -> Path:
        path = folder / name
        if not path.exists():
            SPECIAL.get(name, _encode)(path, make)
        return path

    return make


def _encode(path: Path, make: Clip) -> None:
    size = "320x180"
    ffmpeg(*[argument.format(size=size) for argument in CLIPS[path.name]], path)


def _rotated(path: Path, make: Clip) -> None:
    path.write_bytes(make("plain.mp4").read_bytes())
    turned(path)


def turned(path: Path) -> Path:
    """The file, with a matrix in its track header from now on that asks players to turn it by a quarter."""
    movie = bytearray(path.read_bytes())
    matrix = movie.index(b"tkhd") + 4 + 40
    quarter = (0, 0x10000, 0, -0x10000, 0, 0, 180 << 16, 0, 0x40000000)
    movie[matrix : matrix + 36] = struct.pack(">9i", *quarter)
    path.write_bytes(movie)
    return path


def _cut_off(path: Path, make: Clip) -> None:
    ffmpeg("-i", make("plain.mp4"), "-c", "copy", "-movflags", "+faststart", path)
    movie = path.read_bytes()
    path.write_bytes(movie[: len(movie) * 6 // 10])


def _huge_claim(path: Path, make: Clip) -> None:
    """PNG pictures in Matroska, each of which says that it has 65535 x 65535 pixels."""
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x180:r=5:d=2", "-c:v", "png", path)
    movie = path.read_bytes()
    path.write_bytes(movie.replace(struct.pack(">4sII", b"IHDR", 320, 180), b"IHDR\0\0\xff\xff\0\0\xff\xff"))


SPECIAL: dict[str, Callable[[Path, Clip], None]] = {
    "rotated.mp4": _rotated,
    "cut-off.mp4": _cut_off,
    "huge-claim.mkv": _huge_claim,
}


@pytest.fixture(scope="session")
def tools() -> Tools:
    return find_tools()


@dataclass
class Bench:
    """Runs instructions over a file the way the job loop does, without a database."""

    folder: Path
    tools: Tools
    limits: Limits = field(default_factory=Limits)
    stop: threading.Event = field(default_factory=threading.Event)
    must_pause: Callable[[], bool] = lambda: False
    progress: list[float] = field(default_factory=list)
    jobs: list[JobFacts] = field(default_factory=list)
    warn: Callable[[str], None] = lambda message: None
    speech_model: SpeechModel | None = None

    def upload(self, path: Path, *, name: str | None = None) -> AssemblyFile:
        file_id = uuid.uuid4().hex
        name = name or path.name
        target = self.folder / f"upload-{file_id}"
        shutil.copyfile(path, target)
        facts = describe(target, name=name, tools=self.tools, limits=self.limits)
        return original_file(target, facts, file_id=file_id, name=name, field="file")

    def run(self, steps: dict[str, Any], *uploads: AssemblyFile, may_fuse: bool = True) -> list[AssemblyFile]:
        """The uploads and everything that `steps` made of them."""
        read = read_steps(steps)
        plan = compile_plan(read, may_fuse=may_fuse)
        files = {file.id: file for file in uploads}
        while jobs := next_jobs(plan, list(files.values()), self.jobs):
            for job in jobs:
                folder = self.folder / f"job-{len(self.jobs)}"
                folder.mkdir()
                context = RunContext(
                    assembly=AssemblyFacts(id="a" * 32, steps=read),
                    workspace=Workspace(
                        folder=folder,
                        tools=self.tools,
                        limits=self.limits,
                        report=self.progress.append,
                        stop=self.stop,
                        stores=Stores({"cattube": self.store}),
                        must_pause=self.must_pause,
                        warn=self.warn,
                        speech_model=self.speech_model,
                    ),
                )
                outputs = execute(plan.node(job.node), [files[file_id] for file_id in job.input_ids], context)
                files |= {file.id: file for file in outputs}
                self.jobs.append(JobFacts(node=job.node, input_ids=job.input_ids, state="done"))
        assert is_finished(plan, list(files.values()), self.jobs)
        return list(files.values())

    def with_limits(self, **limits: Any) -> Bench:
        return replace(self, limits=replace(self.limits, **limits))

    @property
    def store(self) -> LocalStore:
        return LocalStore(self.folder / "bucket", lambda key, lasts: f"http://engine.test/files/{key}")


@pytest.fixture
def bench(tmp_path: Path, tools: Tools) -> Bench:
    return Bench(folder=tmp_path, tools=tools)


@pytest.fixture(scope="session", params=["with-ffprobe", "without-ffprobe"])
def any_tools(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """Each way to know a file: an ffmpeg with the ffprobe beside it, and that of a wheel, which has none.

    Both are there where `make test` has prepared the machine.
    """
    if request.param == "with-ffprobe":
        folders = [folder for folder in os.get_exec_path() if shutil.which("ffprobe", path=folder)]
        if not folders:
            pytest.skip("There is no ffprobe on PATH, so files are not read with it: make probe gets it.")
        return find_tools(folders[0])
    try:
        imageio_ffmpeg = importlib.import_module("imageio_ffmpeg")
    except ImportError:
        pytest.skip("There is no wheel imageio-ffmpeg, whose ffmpeg has no ffprobe: make test installs it.")
    folder = tmp_path_factory.mktemp("wheel")
    (folder / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    return find_tools(str(folder))


@pytest.fixture
def any_bench(tmp_path: Path, any_tools: Tools) -> Bench:
    return Bench(folder=tmp_path, tools=any_tools)


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The steps of the template that this project ships."""
    steps: dict[str, Any] = json.loads(TEMPLATE.read_text())["steps"]
    return steps
