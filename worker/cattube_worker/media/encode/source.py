"""The streams of a file that an encode takes, and the filters that its frames and its sound go through first.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cattube_worker.media.geometry import turn, turned
from cattube_worker.media.inspect.video_facts import VideoFacts

NO_AUTOROTATE = "-noautorotate"
INTERLACED = frozenset({"tt", "bb", "tb", "bt"})
# Layouts that ffmpeg mixes down by itself, by what it knows of their channels.
_MIXED = frozenset(
    {
        "mono", "stereo", "2.1", "3.0", "3.0(back)", "4.0", "quad", "quad(side)", "3.1", "5.0", "5.0(side)",
        "4.1", "5.1", "5.1(side)", "6.0", "6.0(front)", "hexagonal", "6.1", "6.1(back)", "6.1(front)", "7.0",
        "7.0(front)", "7.1", "7.1(wide)", "7.1(wide-side)", "octagonal",
    }
)  # fmt: skip
# Where no layout is stated, so many channels are taken for its usual one: mono, stereo, 5.1 and 7.1.
_GUESSED = frozenset({0, 1, 2, 6, 8})


@dataclass(frozen=True, kw_only=True)
class Source:
    """Streams of one input, as ffmpeg counts them after its number: "V:0", "a:1".

    video_filters, audio_filters: these come first. is_steady: frames that change their size on the way pass
    through the same filters as the others; else ffmpeg begins with new ones. is_turned: the filters turn
    frames upright, and ffmpeg must not.
    """

    video: str = "V:0"
    audio: str = "a:0"
    video_filters: tuple[str, ...] = ()
    audio_filters: tuple[str, ...] = ()
    is_steady: bool = True
    is_turned: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """Options of the input."""
        steady = ("-reinit_filter:v", "0") if self.is_steady else ()
        return (*steady, NO_AUTOROTATE) if self.is_turned else steady

    def video_chain(self, index: int, filters: Sequence[str]) -> str:
        """Chain of a graph from the video of input `index` through its own filters and these."""
        return f"[{index}:{self.video}]" + ",".join((*self.video_filters, *filters))

    def audio_chain(self, index: int, filters: Sequence[str]) -> str:
        """Chain of a graph from the audio of input `index` through its own filters and these."""
        return f"[{index}:{self.audio}]" + ",".join((*self.audio_filters, *filters))


FIRST_STREAMS = Source()


def source_of(facts: VideoFacts) -> Source:
    """The source that a video is. Of its tracks the one that ends first goes on: a picture, or silence."""
    return Source(
        # V, not v: the cover picture of a song is no video.
        video=f"V:{facts.video_number}",
        audio=f"a:{facts.audio_number}",
        video_filters=(*_upright(facts), *_cut_out(facts), *_hold(facts)),
        audio_filters=(*mix(facts.audio_channels, facts.audio_layout), *_silence(facts)),
        # ffmpeg turns frames before any filter of ours, by one that is made for frames of one size.
        is_steady=not (facts.rotation and facts.is_mirrored),
        is_turned=_is_turned_here(facts),
    )


def sound_source(meta: Mapping[str, Any]) -> Source:
    """The source that a file is of which only the sound is taken."""
    channels, layout = int(meta.get("audio_channels") or 0), str(meta.get("audio_channel_layout") or "")
    return Source(audio=f"a:{int(meta.get('audio_stream') or 0)}", audio_filters=mix(channels, layout))


def mix(channels: int, layout: str) -> tuple[str, ...]:
    """Filters to stereo for channels that ffmpeg cannot place; none for all others."""
    if layout.startswith("ambisonic") and channels >= 4:
        return ("pan=stereo|c0<c0+c1|c1<c0-c1",)  # all around, and from the left more than from the right
    is_known = layout in _MIXED or (not layout and channels in _GUESSED) or channels < 2
    if is_known:
        return ()
    if channels == 2:
        return ("pan=stereo|c0=c0|c1=c1",)
    left, right = ("+".join(f"c{index}" for index in range(first, channels, 2)) for first in (0, 1))
    return (f"pan=stereo|c0<{left}|c1<{right}",)


def _is_turned_here(facts: VideoFacts) -> bool:
    """True when filters of ours turn the frames; what is mirrored too, ffmpeg turns by itself."""
    return bool(facts.rotation) and not facts.is_mirrored


def _upright(facts: VideoFacts) -> tuple[str, ...]:
    """Filters that turn frames of one size upright."""
    if not _is_turned_here(facts):
        return ()
    # Players would turn what is upright once more, were it still said of the frames.
    return (*_one_size(facts), *turn(facts.rotation), "sidedata=mode=delete:type=DISPLAYMATRIX")


def _cut_out(facts: VideoFacts) -> tuple[str, ...]:
    """The crop that the container asks for, of frames of one size: deinterlacing needs these too."""
    crop = facts.crop
    needs_one_size = crop is not None or facts.field_order in INTERLACED
    one_size = _one_size(facts) if needs_one_size and not facts.rotation else ()
    if crop is None:
        return one_size
    # Releases differ in whether they count the shape of pixels from all of the frame or from its part.
    shape = _pixel_shape(facts)
    return (*one_size, crop.filter(), f"setsar={shape.numerator}/{shape.denominator}")


def _one_size(facts: VideoFacts) -> tuple[str, ...]:
    """Filters that bring frames of any other size to that of the stored ones, which pass untouched.

    They come before the frames are turned.
    """
    size = turned(facts.frame_size, facts.rotation)
    part = facts.crop.turned(-facts.rotation) if facts.crop is not None else size
    is_cut = f"eq(iw,{part.width})*eq(ih,{part.height})"
    is_usual = f"gt({is_cut}+eq(iw,{size.width})*eq(ih,{size.height}),0)"
    pixel_shape = _pixel_shape(facts)
    if facts.rotation in {90, 270}:
        pixel_shape = 1 / pixel_shape
    # Of a frame of another size: how much wider it is than the usual ones.
    wider = f"(dar*{size.height * pixel_shape.denominator}/{size.width * pixel_shape.numerator})"
    width, height = (
        f"if({is_usual},{side},max(2,2*trunc({length}*min(1,{share})/2)))"
        for side, length, share in (("iw", size.width, wider), ("ih", size.height, f"1/{wider}"))
    )
    return (
        f"scale=w='{width}':h='{height}':eval=frame",
        f"pad=w='if({is_cut},iw,{size.width})':h='if({is_cut},ih,{size.height})':x=-1:y=-1:eval=frame",
    )


def _pixel_shape(facts: VideoFacts) -> Fraction:
    """Width of a stored pixel to its height."""
    part = facts.crop or facts.frame_size
    exact = Fraction(facts.width * part.height, facts.height * part.width)
    return exact.limit_denominator(1000)


def _hold(facts: VideoFacts) -> tuple[str, ...]:
    """The last picture, for as long as there is sound after it."""
    missing = facts.duration_seconds - facts.video_seconds if facts.video_seconds else 0
    return (f"tpad=stop_mode=clone:stop_duration={missing:.3f}",) if missing > 0 else ()


def _silence(facts: VideoFacts) -> tuple[str, ...]:
    """Silence, for as long as there are pictures after the sound."""
    missing = facts.duration_seconds - facts.audio_seconds if facts.audio_seconds else 0
    return (f"apad=pad_dur={missing:.3f}",) if missing > 0 else ()
