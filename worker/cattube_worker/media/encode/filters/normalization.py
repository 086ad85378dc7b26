"""Filters that make the frames of any file plain: whole frames in the colours and range of SDR."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cattube_worker.media.color_tags import HD, ColorTags
from cattube_worker.media.encode.filters.color_filters import declare, in_matrix_of
from cattube_worker.media.encode.source import INTERLACED
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import run
from cattube_worker.media.process.tools import Tools

_PRIMARIES = frozenset({"bt2020", "bt709", "smpte432"})
# Frames of one field each stay frames; those that the decoder says are whole pass untouched.
_DEINTERLACE = "bwdif=mode=send_frame:deint=interlaced"
# To light, to fewer colours, to less light, and back to the code values of SDR. Mobius' curve leaves dark and
# middle tones as they are and bends what is above; at 1,000 cd/m², ten times what SDR has, it ends.
_TONE_MAP = (
    "zscale=t=linear:npl=100",
    "format=gbrpf32le",
    "zscale=p=bt709",
    "tonemap=mobius:desat=0:peak=10",
)
_TO_SDR = ("zscale=p=bt709:t=bt709:m=bt709:r=tv", "format=yuv420p")
# Transfers of SDR, any of which may come with wide colours.
_SDR_TRANSFERS = frozenset({"", "bt709", "bt2020-10", "bt2020-12", "smpte170m"})
# Pale, but said to be what it is shown as, on every player in the same way.
_RELABEL = (declare(HD),)
_LIMITED_FORMATS = "yuv420p|yuv422p|yuv444p|yuv420p10le|yuv422p10le|yuv444p10le"


@dataclass(frozen=True)
class Normalization:
    """Filters that make frames plain.

    before: for frames as they were stored. after: for frames in their new size, as these take long.
    colors: of the frames that come out of it.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    colors: ColorTags = HD

    def around(self, filters: tuple[str, ...]) -> tuple[str, ...]:
        """`filters`, which begin with a scaling to square pixels, and all of this."""
        return (*self.before, *filters[:2], *self.after, *filters[2:])


def normalization_with(facts: VideoFacts, tools: Tools) -> Normalization:
    """Normalization that the frames of a video need, as far as these tools can do it."""
    needs_zscale = facts.is_hdr or facts.color_primaries == "bt2020"
    return normalization(facts, has_zscale=needs_zscale and has_filter(tools, "zscale"))


def normalization(facts: VideoFacts, *, has_zscale: bool) -> Normalization:
    """Normalization that the frames of a video need. has_zscale: whether ffmpeg was built with zimg.

    All frames come out of it with colours that are stated.
    """
    before = (_DEINTERLACE,) if facts.field_order in INTERLACED else ()
    if facts.is_hdr:
        return Normalization(before, _tone_map(facts) if has_zscale else _RELABEL)
    if facts.color_primaries == "bt2020" and facts.color_transfer in _SDR_TRANSFERS and has_zscale:
        return Normalization(before, (_declare_colors(facts), *_TO_SDR))
    colors = facts.colors
    before = (*before, declare(colors))
    if colors.is_plain:
        return Normalization(before, colors=colors)
    plain = colors.nearest_plain()
    # Formats named, as full range could hide in one: JPEG's "yuvj420p".
    after = (in_matrix_of(plain), f"format={_LIMITED_FORMATS}", declare(plain))
    return Normalization(before, after, plain)


@cache
def has_filter(tools: Tools, name: str) -> bool:
    """True when this ffmpeg was built with that filter; asked once for each program."""
    arguments = ["-hide_banner", "-filters"]
    result = run(tools.ffmpeg, arguments, sandbox=tools.sandbox, limits=Limits(), timeout_seconds=30)
    lines = [line.split() for line in result.output.decode("utf-8", "replace").splitlines()]
    return any(len(words) > 1 and words[1] == name for words in lines)


def _tone_map(facts: VideoFacts) -> tuple[str, ...]:
    return (_declare_colors(facts), *_TONE_MAP, *_TO_SDR)


def _declare_colors(facts: VideoFacts) -> str:
    """The filter that says how the colours were stored: zscale gives up where it does not know."""
    primaries = facts.color_primaries if facts.color_primaries in _PRIMARIES else "bt2020"
    transfer = facts.color_transfer or "bt709"
    return f"setparams=color_primaries={primaries}:color_trc={transfer}:colorspace=bt2020nc"
