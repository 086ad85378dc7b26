"""Options of ffmpeg that a step asks for beyond its preset. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cattube_worker.media.encode.output import Words

_OF_ANY_ENCODER = frozenset({"-b:v", "-b:a", "-ar", "-ac", "-r", "-g", "-maxrate", "-bufsize"})
# With our "-subq 1" a step's "-preset slow" would gain nothing. Without our crf it gets x264's own.
_OF_OUR_SPEED = frozenset({"-subq", "-refs", "-trellis", "-aq-strength", "-crf"})


@dataclass(frozen=True, kw_only=True)
class FFmpegOptions:
    """Options that a step asks for beyond its preset. video, audio, container: option and value in turn.

    ext: of the files of the format asked for. starts_at, lasts, ends_at_seconds: the part to keep.
    dropped: options of the preset that are left out. takes_preset: False where it shall give nothing.
    """

    video: Words = ()
    audio: Words = ()
    container: Words = ()
    ext: str | None = None
    filters: Words = ()
    audio_filters: Words = ()
    dropped: frozenset[str] = frozenset()
    without_audio: bool = False
    without_video: bool = False
    is_shortest: bool = False
    takes_preset: bool = True
    starts_at_seconds: float = 0
    lasts_seconds: float | None = None
    ends_at_seconds: float | None = None

    def part_of(self, duration_seconds: float) -> float:
        """The length of what is kept of so many seconds; 0 stays 0, unknown."""
        end = min(duration_seconds, self.ends_at_seconds or duration_seconds)
        left = max(0.0, end - self.starts_at_seconds)
        return left if self.lasts_seconds is None else min(left, self.lasts_seconds)

    def at_least(self, duration_seconds: float) -> float:
        """The least length of what is made of so many seconds; 0 where that cannot be foretold."""
        changes_time = any(text.startswith(("setpts", "tpad")) for text in self.filters)
        return 0 if changes_time or self.is_shortest else self.part_of(duration_seconds)

    @property
    def cuts(self) -> bool:
        """True when only a part is kept."""
        return bool(self.starts_at_seconds or self.lasts_seconds or self.ends_at_seconds)


def merged(preset: Words, options: Words, *, dropped: frozenset[str] = frozenset()) -> Words:
    """The preset's options with the step's own over them, option by option.

    An encoder of its own brings none of the preset's options for another encoder. A speed of its own for
    x264 brings none of those that were measured with ours.
    """
    result = dict(zip(preset[::2], preset[1::2], strict=True))
    own = dict(zip(options[::2], options[1::2], strict=True))
    for codec in ("-c:v", "-c:a"):
        if codec in own and own[codec] != result.get(codec):
            result = {name: value for name, value in result.items() if name in _OF_ANY_ENCODER}
    if result.get("-c:v") == "libx264" and "-preset" in {*own, *dropped}:
        result = {name: value for name, value in result.items() if name not in _OF_OUR_SPEED}
    result |= own
    return tuple(word for name, value in result.items() if name not in dropped for word in (name, value))
