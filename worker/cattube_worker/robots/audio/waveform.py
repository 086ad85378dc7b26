"""/audio/waveform: a picture of a sound, or its peaks as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from cattube_worker.media.audio.peaks import (
    STRETCHES_A_COLUMN,
    USUAL_RATE,
    Channel,
    Listening,
    measure_peaks,
    samples_in_each,
)
from cattube_worker.media.audio.waveform import waveform_png
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.render import render
from cattube_worker.media.encode.source import sound_source
from cattube_worker.media.encode.step_options.options_reader import read_options
from cattube_worker.media.geometry import Size
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.audio.waveform_parameters import WaveformParameters
from cattube_worker.robots.shared.audio_encoding import has_sound
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile

# Hertz at the upper end of a spectrogram, at least.
_LOWEST_TOP = 500


class AudioWaveform(FileRobot, WaveformParameters):
    """One file for each sound, and for each video that has some; everything else is passed over.

    Source: Transloadit's `robots/audio-waveform`.
    """

    name: ClassVar[str] = "/audio/waveform"

    def make(self, files: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        return [
            self._make_one(file, workspace.folder / f"waveform-{index}", workspace)
            for index, file in enumerate(files)
            if has_sound(file)
        ]

    def _make_one(self, file: InputFile, path: Path, workspace: Workspace) -> OutputFile:
        ext = "json" if self.format == "json" else "png"
        if self.style == "spectrogram":
            self._draw_spectrogram(file, path, workspace)
        else:
            listening = self._listening(file)
            channels = measure_peaks(
                file.path,
                listening,
                source=sound_source(file.meta),
                name=file.name,
                duration_seconds=file.duration_seconds,
                workspace=workspace,
            )
            channels = [self._scaled(channel) for channel in channels]
            path.write_bytes(self._json(channels, listening) if ext == "json" else self._png(channels))
        workspace.report(1.0)
        return OutputFile(path=path, name=f"{file.basename}.{ext}", source=file)

    def _listening(self, file: InputFile) -> Listening:
        rate = int(file.meta.get("audio_samplerate") or USUAL_RATE)
        is_detailed = self.is_detailed
        return Listening(
            sample_rate=rate,
            samples_each=self._samples_each(file, rate),
            keeps_channels=is_detailed and self.split_channels,
            starts_at_seconds=self.start if is_detailed else 0,
            ends_at_seconds=self.end or None if is_detailed else None,
            filters=read_options(self.ffmpeg).audio_filters,
        )

    def _samples_each(self, file: InputFile, rate: int) -> int:
        """Samples in a stretch: as many as the step says, else so that the whole has the width asked for."""
        if self._has_scale:
            return self.zoom or max(1, round(rate / (self.pixels_per_second or 1)))
        seconds = file.duration_seconds
        if self.is_detailed:
            seconds = max(0.0, min(seconds, self.end or seconds) - self.start)
        stretches = self.width * (1 if self.format == "json" else STRETCHES_A_COLUMN)
        return samples_in_each(stretches, seconds=seconds, sample_rate=rate)

    @property
    def _has_scale(self) -> bool:
        return self.is_detailed and (self.zoom or self.pixels_per_second) is not None

    def _scaled(self, channel: Channel) -> Channel:
        is_other = self.is_detailed and self.amplitude_scale != 1
        return channel.louder(self.amplitude_scale) if is_other else channel

    def _png(self, channels: Sequence[Channel]) -> bytes:
        if not self._has_scale:
            channels = [channel.fitted(self.width) for channel in channels]
        level = self.compression if self.is_detailed else -1
        return waveform_png(channels, Size(self.width, self.height), self.look, level=level)

    def _json(self, channels: Sequence[Channel], listening: Listening) -> bytes:
        """The peaks in the form of the BBC's audiowaveform: the channels of a stretch after each other."""
        bits = self.bits if self.is_detailed else 16
        numbers = [number for channel in channels for number in (channel.lows, channel.highs)]
        data = [number >> (16 - bits) for stretch in zip(*numbers, strict=True) for number in stretch]
        document: dict[str, Any] = {
            "version": 2,
            "channels": len(channels),
            "sample_rate": listening.sample_rate,
            "samples_per_pixel": listening.samples_each,
            "bits": bits,
            "length": len(channels[0]),
            "data": data,
        }
        return json.dumps(document, separators=(",", ":")).encode()

    def _draw_spectrogram(self, file: InputFile, path: Path, workspace: Workspace) -> None:
        own = read_options(self.ffmpeg).audio_filters
        output = Output(
            path=path,
            video=("-c:v", "png", "-f", "image2pipe"),
            video_from=("[out]",),
            frame_count=1,
            bounds=frozenset({"bytes"}),
        )
        render(
            Command(
                inputs=[FileInput(file.path)],
                outputs=[output],
                graph=sound_source(file.meta).audio_chain(0, (*own, *self._spectrum_filters(file))) + "[out]",
            ),
            name=file.name,
            duration_seconds=0,
            workspace=workspace,
        )

    def _spectrum_filters(self, file: InputFile) -> tuple[str, ...]:
        rate = int(file.meta.get("audio_samplerate") or USUAL_RATE)
        highest = max(_LOWEST_TOP, round(self.frequency_max or rate / 2))
        # The filter's own bound would fold what is above it into the picture.
        slower = (f"aresample={2 * highest}",) if 2 * highest < rate else ()
        is_grey = self.color_map == "gray"
        options = {
            "s": f"{self.width}x{self.height}",
            "color": "intensity" if is_grey else self.color_map,
            "saturation": "0" if is_grey else "1",
            "fscale": "lin" if self.frequency_scale == "linear" else "log",
            "gain": f"{self.gain:g}",
            "legend": str(int(self.legend)),
            # To ffmpeg it is the frequencies that rise or lie.
            "orientation": "vertical" if self.orientation == "horizontal" else "horizontal",
        }
        spectrum = "showspectrumpic=" + ":".join(f"{name}={value}" for name, value in options.items())
        # A legend makes the picture larger than it was asked for.
        return (*slower, spectrum, f"scale={self.width}:{self.height}", "format=rgb24")
