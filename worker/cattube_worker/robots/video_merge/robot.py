"""/video/merge: images and sound become a video; a video gets other sound, or stands above another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from cattube_worker.media.audio.graphs import audio_mix
from cattube_worker.media.colors import opaque_color
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.filters.normalization import normalization_with
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.render import check_limits, render
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import ResizeStrategy, Size
from cattube_worker.media.length_in_words import length_in_words
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.concat.graph import Concat
from cattube_worker.robots.shared.concat.run import MOST_INPUTS, ConcatParameters, concat_files
from cattube_worker.robots.shared.encode_parameters import read_back_whole
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.images import ImageUrl
from cattube_worker.robots.shared.input_files import IMAGE_ROLE, InputFile, OutputFile
from cattube_worker.robots.shared.values import HexColor, as_text
from cattube_worker.robots.video_merge.graph import (
    FrameSource,
    hold_graph,
    slideshow_graph,
    stack_graph,
)

Rate = Annotated[str, BeforeValidator(as_text), Field(pattern=r"^[1-9]\d{0,3}(/[1-9]\d{0,3})?$")]


class VideoMerge(FileRobot, ConcatParameters):
    """One video of all files in a bundle, each in its role: "image", "audio", "video", numbered or not.

    Source: Transloadit docs, "/video/merge".
    """

    name: ClassVar[str] = "/video/merge"

    resize_strategy: ResizeStrategy = "pad"
    background: HexColor = "#00000000"
    framerate: Rate = "1/5"
    image_durations: tuple[Annotated[float, Field(gt=0, le=3600)], ...] = Field((), max_length=500)
    duration: float | None = Field(None, gt=0, le=86_400)
    audio_delay: float = Field(0, ge=0, le=86_400)
    loop: bool = False
    replace_audio: bool = False
    vstack: bool = False
    image_url: ImageUrl | None = None

    # Accepted, and without effect: it is about how the service's machines share the work.
    turbo: bool = False

    @property
    def image_urls(self) -> Mapping[str, str]:
        return {IMAGE_ROLE: self.image_url} if self.image_url else {}

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        videos = self.in_order([file for file in files if file.video is not None])
        sounds = [file for file in files if file.video is None and file.has_audio]
        images = self.in_order([file for file in files if _is_still(file)], role=IMAGE_ROLE)
        count = len(videos) + len(sounds) + len(images)
        if count > MOST_INPUTS:
            raise InvalidInput(f"{count} files are too many to merge: {MOST_INPUTS} are allowed.")
        path = workspace.folder / "merged"
        if videos:
            first = videos[0]
            merged = self._of_videos(videos, sounds, path, workspace)
        elif images:
            # An image that was fetched is no input: it gives the result neither its name nor its origin.
            first = sounds[0] if self.image_url and sounds else images[0]
            merged = self._of_images(images, sounds, path, workspace)
        elif sounds:
            raise InvalidInput(
                "There is no picture to go with the sound.", code=self.error_code("NO_IMAGE_FOUND")
            )
        else:
            return []
        workspace.report(1.0)
        return [OutputFile(path=merged.path, name=f"{first.basename}.{self.ext}", source=first)]

    def _of_images(
        self, images: Sequence[InputFile], sounds: Sequence[InputFile], path: Path, workspace: Workspace
    ) -> InputFile:
        sizes = [image.still_size(workspace.limits) for image in images]
        longest = max((sound.duration_seconds for sound in sounds), default=0)
        durations = self._image_durations(len(images), longest + self.audio_delay if sounds else 0)
        output = self.output(path, seconds=sum(durations))
        graph = slideshow_graph(
            sizes,
            durations,
            output.sized_like(sizes[0]),
            strategy=self.resize_strategy,
            background=opaque_color(self.background),
        )
        audio_inputs = range(len(images), len(images) + len(sounds))
        return self._render([*images, *sounds], graph, audio_inputs, sum(durations), output, workspace)

    def _image_durations(self, count: int, sound_seconds: float) -> list[float]:
        """The seconds for which each image is seen; the last one stays until the end."""
        frame_seconds = float(1 / Fraction(self.framerate))
        lengths = [*self.image_durations[:count], *[frame_seconds] * (count - len(self.image_durations))]
        total = sum(lengths) if self.image_durations else (self.duration or sound_seconds or sum(lengths))
        left, durations = total, []
        for index, seconds in enumerate(lengths):
            is_last = index == count - 1
            durations.append(max(0.04, left if is_last else min(seconds, left)))
            left -= durations[-1]
        return durations

    def _of_videos(
        self, videos: Sequence[InputFile], sounds: Sequence[InputFile], path: Path, workspace: Workspace
    ) -> InputFile:
        for video in videos:
            if video.video is not None:
                check_limits(video.video, name=video.name, limits=workspace.limits)
        if self.vstack and len(videos) > 1:
            return self._stack(videos, sounds, path, workspace)
        if len(videos) == 1:
            return self._with_sound(videos[0], sounds, path, workspace)
        joined_video = concat_files(
            self,
            videos,
            Concat(transition=self.transition, transition_seconds=self.transition_duration),
            path.with_name("joined") if sounds else path,
            workspace,
            strategy=self.resize_strategy,
            background=opaque_color(self.background),
            is_intermediate=bool(sounds),
        )
        return self._with_sound(joined_video, sounds, path, workspace) if sounds else joined_video

    def _stack(
        self, videos: Sequence[InputFile], sounds: Sequence[InputFile], path: Path, workspace: Workspace
    ) -> InputFile:
        seconds = self._length([video.duration_seconds for video in videos])
        output = self.output(path, seconds=seconds)
        graph = stack_graph([_frame_source(video, workspace) for video in videos], output)
        files = [*videos, *sounds]
        return self._render(files, graph, self._heard(files), seconds, output, workspace)

    def _with_sound(
        self, video: InputFile, sounds: Sequence[InputFile], path: Path, workspace: Workspace
    ) -> InputFile:
        lengths = [video.duration_seconds, *[sound.duration_seconds + self.audio_delay for sound in sounds]]
        seconds = self.duration or self._length(lengths)
        output = self.output(path, seconds=seconds)
        graph = hold_graph(
            _frame_source(video, workspace),
            output,
            held_seconds=0 if self.loop else max(0, seconds - video.duration_seconds),
            strategy=self.resize_strategy,
        )
        files = [video, *sounds]
        return self._render(files, graph, self._heard(files), seconds, output, workspace)

    def _length(self, lengths: Sequence[float]) -> float:
        """Length of the output: that of the longest input, unless the step wants the shortest."""
        return min(lengths) if self.options.is_shortest else max(lengths)

    def _heard(self, files: Sequence[InputFile]) -> list[int]:
        """The inputs that are audio_inputs: a video's own sound is dropped when another is to replace it."""
        return [
            index
            for index, file in enumerate(files)
            if file.has_audio and (file.video is None or not self.replace_audio)
        ]

    def _render(
        self,
        files: Sequence[InputFile],
        graph: str,
        audio_inputs: Sequence[int],
        seconds: float,
        output: Output,
        workspace: Workspace,
    ) -> InputFile:
        """One run over all files, of which the `audio_inputs` are mixed. seconds: of the whole."""
        if seconds > workspace.limits.max_duration_seconds:
            longest = length_in_words(workspace.limits.max_duration_seconds)
            raise InvalidInput(
                f"Merged, the files would last {length_in_words(seconds)}; {longest} are allowed."
            )
        has_sound = bool(audio_inputs) and output.audio is not None
        if has_sound:
            mix = audio_mix(
                {index: files[index].source for index in audio_inputs},
                delayed=[index for index, file in enumerate(files) if file.video is None],
                delay_seconds=self.audio_delay,
                filters=output.audio_filters,
            )
            graph = f"{graph};{mix}"
        output = output.from_pads("[picture]", "[sound]" if has_sound else None)
        render(
            Command(
                inputs=[
                    FileInput(file.path, (*file.source.options, *self._looping(file, seconds)))
                    for file in files
                ],
                outputs=[output],
                graph=graph,
            ),
            name=files[0].name,
            duration_seconds=output.lasts_seconds or 0,
            workspace=workspace,
        )
        return read_back_whole(files[0], output, workspace)

    def _looping(self, file: InputFile, seconds: float) -> tuple[str, ...]:
        is_shorter = 0 < file.duration_seconds < seconds - 0.1
        return ("-stream_loop", "-1") if self.loop and is_shorter and not _is_still(file) else ()


def _frame_source(file: InputFile, workspace: Workspace) -> FrameSource:
    """Raises InvalidInput when there is no video in the file."""
    facts = file.video
    if facts is None:
        raise InvalidInput(f'"{file.name}" is not a video we can read.')
    return FrameSource(
        size=Size(facts.width, facts.height),
        source=file.source,
        normalization=normalization_with(facts, workspace.tools),
    )


def _is_still(file: InputFile) -> bool:
    return file.type == "image" and file.video is None and bool(file.meta.get("width"))
