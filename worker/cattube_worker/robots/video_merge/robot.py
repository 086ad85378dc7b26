"""/video/merge: pictures and sound become a video; a video gets other sound, or stands above another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from cattube_worker.media.encode.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.encode.render import Workspace, check_limits, run_ffmpeg
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import ResizeStrategy, Size
from cattube_worker.robots.shared.base import WorkRobot
from cattube_worker.robots.shared.concat.graph import Joining, Part
from cattube_worker.robots.shared.concat.run import MOST_PARTS, Joined, background_color, join, whole
from cattube_worker.robots.shared.images import Color, PictureUrl
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.video_merge.graph import held_graph, mixed_sound, slideshow_graph, stacked_graph

Rate = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int) else value),
    Field(pattern=r"^[1-9]\d{0,3}(/[1-9]\d{0,3})?$"),
]


class VideoMerge(WorkRobot, Joined):
    """One video of all files in a bundle, each in its role: "image", "audio", "video", numbered or not.

    Source: Transloadit docs, "/video/merge".
    """

    name: ClassVar[str] = "/video/merge"

    resize_strategy: ResizeStrategy = "pad"
    background: Color = "#00000000"
    framerate: Rate = "1/5"
    image_durations: tuple[Annotated[float, Field(gt=0, le=3600)], ...] = Field((), max_length=500)
    duration: float | None = Field(None, gt=0, le=86_400)
    audio_delay: float = Field(0, ge=0, le=86_400)
    loop: bool = False
    replace_audio: bool = False
    vstack: bool = False
    image_url: PictureUrl | None = None

    # Accepted, and without effect: it is about how the service's machines share the work.
    turbo: bool = False

    @property
    def borrowed(self) -> Mapping[str, str]:
        return {"image": self.image_url} if self.image_url else {}

    def make(self, sources: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        videos = self.in_order([each for each in sources if each.picture is not None])
        sounds = [each for each in sources if each.picture is None and each.has_audio]
        images = self.in_order([each for each in sources if _is_still(each)], role="image")
        if len(videos) + len(sounds) + len(images) > MOST_PARTS:
            raise InvalidInput(f"There are too many files to merge: {MOST_PARTS} are allowed.")
        path = workspace.folder / "merged"
        if videos:
            first = videos[0]
            made = self._of_videos(videos, sounds, path, workspace)
        elif images:
            # A picture that was fetched is no input: it gives the result neither its name nor its origin.
            first = sounds[0] if self.image_url and sounds else images[0]
            made = self._of_images(images, sounds, path, workspace)
        elif sounds:
            raise InvalidInput("There is no picture to go with the sound.", code="VIDEO_MERGE_NO_IMAGE_FOUND")
        else:
            return []
        workspace.report(1.0)
        name = f"{first.basename}.{self.target().ext}"
        return [OutputFile(path=made.path, name=name, source=first)]

    def _of_images(
        self, images: Sequence[InputFile], sounds: Sequence[InputFile], path: Path, workspace: Workspace
    ) -> InputFile:
        sizes = [Size(int(each.meta["width"]), int(each.meta["height"])) for each in images]
        for size, each in zip(sizes, images, strict=True):
            if size.width * size.height > workspace.limits.max_pixels:
                raise InvalidInput(f'"{each.name}" is too large: {size.width} x {size.height} pixels.')
        longest = max((each.duration_seconds for each in sounds), default=0)
        seconds = self._seconds_each(len(images), longest + self.audio_delay if sounds else 0)
        target = self.target().for_parts(sizes[0])
        graph = slideshow_graph(
            sizes,
            seconds,
            target,
            strategy=self.resize_strategy,
            background=background_color(self.background),
        )
        return self._render_once([*images, *sounds], graph, range(len(images), len(images) + len(sounds)),
                          sum(seconds), path, workspace)  # fmt: skip

    def _seconds_each(self, count: int, sound_seconds: float) -> list[float]:
        """How long each picture is seen; the last one stays until the end."""
        usual = float(1 / Fraction(self.framerate))
        each = [*self.image_durations[:count], *[usual] * (count - len(self.image_durations))]
        total = sum(each) if self.image_durations else (self.duration or sound_seconds or sum(each))
        left, seconds = total, []
        for index, wanted in enumerate(each):
            is_last = index == count - 1
            seconds.append(max(0.04, left if is_last else min(wanted, left)))
            left -= seconds[-1]
        return seconds

    def _of_videos(
        self, videos: Sequence[InputFile], sounds: Sequence[InputFile], path: Path, workspace: Workspace
    ) -> InputFile:
        for each in videos:
            if each.picture is not None:
                check_limits(each.picture, name=each.name, limits=workspace.limits)
        if self.vstack and len(videos) > 1:
            return self._stacked(videos, sounds, path, workspace)
        if len(videos) == 1:
            return self._with_sound(videos[0], sounds, path, workspace)
        joining = Joining(transition=self.transition, transition_seconds=self.transition_duration)
        joined = path.with_name("joined") if sounds else path
        colour = background_color(self.background)
        target = self.target().of_everything() if sounds else self.target()
        one = join(
            target, videos, joining, joined, workspace, strategy=self.resize_strategy, background=colour
        )
        return self._with_sound(one, sounds, path, workspace) if sounds else one

    def _stacked(
        self, videos: Sequence[InputFile], sounds: Sequence[InputFile], path: Path, workspace: Workspace
    ) -> InputFile:
        parts = [
            Part(
                size=Size(each.picture.width, each.picture.height),
                duration_seconds=each.duration_seconds,
                has_audio=each.has_audio,
            )
            for each in videos
            if each.picture is not None
        ]
        everything = [*videos, *sounds]
        heard = [index for index, each in enumerate(everything) if each.has_audio and self._hears(each)]
        seconds = self._length([part.duration_seconds for part in parts])
        return self._render_once(
            everything, stacked_graph(parts, self.target()), heard, seconds, path, workspace
        )

    def _with_sound(
        self, video: InputFile, sounds: Sequence[InputFile], path: Path, workspace: Workspace
    ) -> InputFile:
        picture = video.picture
        if picture is None:
            raise InvalidInput(f'"{video.name}" is not a video we can read.')
        everything = [video, *sounds]
        heard = [index for index, each in enumerate(everything) if each.has_audio and self._hears(each)]
        lengths = [video.duration_seconds, *[each.duration_seconds + self.audio_delay for each in sounds]]
        seconds = self.duration or self._length(lengths)
        graph = held_graph(
            Size(picture.width, picture.height),
            self.target(),
            held_seconds=0 if self.loop else max(0, seconds - video.duration_seconds),
            strategy=self.resize_strategy,
        )
        return self._render_once(everything, graph, heard, seconds, path, workspace)

    def _length(self, lengths: Sequence[float]) -> float:
        """As long as the longest, unless the step wants the shortest."""
        return min(lengths) if self.target().own.is_shortest else max(lengths)

    def _hears(self, source: InputFile) -> bool:
        """A video's own sound is dropped when another is to replace it."""
        return source.picture is None or not self.replace_audio

    def _render_once(
        self,
        sources: Sequence[InputFile],
        graph: str,
        heard: Sequence[int],
        seconds: float,
        path: Path,
        workspace: Workspace,
    ) -> InputFile:
        """One run over all sources, of which those `heard` are mixed."""
        if seconds > workspace.limits.max_duration_seconds:
            raise InvalidInput(f"Merged, the files last {seconds / 3600:.1f} hours, more than is allowed.")
        target = self.target()
        with_sound = bool(heard) and target.audio is not None
        sounds = [index for index, each in enumerate(sources) if each.picture is None]
        if with_sound:
            mixed = mixed_sound(
                heard,
                delayed=sounds,
                delay_seconds=self.audio_delay,
                filters=target.own.sound_filters,
            )
            graph = f"{graph};{mixed}"
        inputs = [
            word
            for each in sources
            for word in opened(each.path, workspace.limits, *self._looped(each, seconds))
        ]
        run_ffmpeg(
            [
                *QUIETLY, *inputs, "-filter_complex", graph, "-map", "[picture]",
                *(("-map", "[sound]") if with_sound else ()), *WITHOUT_TRACES,
                *target.output(path, workspace.limits, has_audio=with_sound, seconds=seconds),
            ],
            reads=[each.path for each in sources],
            name=sources[0].name,
            duration_seconds=target.own.part_of(seconds),
            workspace=workspace,
        )  # fmt: skip
        return whole(sources[0], path, target.own.at_least(seconds), workspace)

    def _looped(self, source: InputFile, seconds: float) -> tuple[str, ...]:
        is_shorter = 0 < source.duration_seconds < seconds - 0.1
        return ("-stream_loop", "-1") if self.loop and is_shorter and not _is_still(source) else ()


def _is_still(source: InputFile) -> bool:
    return source.type == "image" and source.picture is None and bool(source.meta.get("width"))
