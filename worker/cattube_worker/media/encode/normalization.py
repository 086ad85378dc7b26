"""Filters that make the frames of any file plain: whole pictures in the colours and range of SDR. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cattube_worker.media.inspect.metadata import VideoFacts

_PRIMARIES = frozenset({"bt2020", "bt709", "smpte432"})
# With the first field on top or not, stored as it is shown or not.
_INTERLACED = frozenset({"tt", "bb", "tb", "bt"})
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
_RELABEL = ("setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709",)
_LIMITED_FORMATS = "yuv420p|yuv422p|yuv444p|yuv420p10le|yuv422p10le|yuv444p10le"
# Formats named, as full range could hide in one: JPEG's "yuvj420p".
_LIMIT_RANGE = ("scale=out_range=tv", f"format={_LIMITED_FORMATS}")


@dataclass(frozen=True)
class Normalization:
    """before: what is done to frames as they were stored. after: once they are of the size that is wanted,
    because it is costly."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def around(self, filters: tuple[str, ...]) -> tuple[str, ...]:
        """`filters`, which begin with a scaling to square pixels, and all of this."""
        return (*self.before, *filters[:2], *self.after, *filters[2:])


def normalization(picture: VideoFacts, *, has_zscale: bool) -> Normalization:
    """What the frames of `picture` need. has_zscale: whether ffmpeg was built with zimg."""
    before = (_DEINTERLACE,) if picture.field_order in _INTERLACED else ()
    if picture.is_hdr:
        return Normalization(before, _tone_map(picture) if has_zscale else _RELABEL)
    if picture.color_primaries == "bt2020" and picture.color_transfer in _SDR_TRANSFERS and has_zscale:
        return Normalization(before, (_told_all(picture), *_TO_SDR))
    return Normalization(before, _LIMIT_RANGE if picture.color_range == "pc" else ())


def _tone_map(picture: VideoFacts) -> tuple[str, ...]:
    return (_told_all(picture), *_TONE_MAP, *_TO_SDR)


def _told_all(picture: VideoFacts) -> str:
    """The filter that says how the colours were stored: zscale gives up where it does not know."""
    primaries = picture.color_primaries if picture.color_primaries in _PRIMARIES else "bt2020"
    transfer = picture.color_transfer or "bt709"
    return f"setparams=color_primaries={primaries}:color_trc={transfer}:colorspace=bt2020nc"
