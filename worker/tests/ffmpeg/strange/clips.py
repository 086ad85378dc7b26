"""Clips like those that people had trouble with elsewhere, each small and made on the spot.

Behind are four fields of one colour, red and lime above blue and yellow. In front is a tone.
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

RED, LIME, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)
FIELDS = (RED, LIME, BLUE, YELLOW)
X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p", "-g", "25"]
AAC = ["-c:a", "aac"]

Change = Callable[[bytearray], bytes | bytearray]


def fields(size: str = "320x180", *, seconds: float = 2, rate: int = 25) -> list[str]:
    """Input of ffmpeg: the four fields."""
    quarters = zip(("red", "lime", "blue", "yellow"), ("0:0", "iw/2:0", "0:ih/2", "iw/2:ih/2"), strict=True)
    boxes = ",".join(f"drawbox={at}:iw:ih:{color}:fill" for color, at in quarters)
    return ["-f", "lavfi", "-i", f"color=s={size}:r={rate}:d={seconds},format=rgb24,{boxes}"]


def tone(hertz: int = 440, *, seconds: float = 2, channels: int = 1) -> list[str]:
    """Input of ffmpeg: a tone in each of the channels, which are none of a known layout if there are many."""
    waves = "|".join([f"0.3*sin({2 * hertz}*PI*t)"] * channels)
    return ["-f", "lavfi", "-i", f"aevalsrc={waves}:s=48000:d={seconds}"]


def make(path: Path, *arguments: str | Path) -> Path:
    """The file at `path`, made by the ffmpeg that the tests find."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments), str(path)]
    subprocess.run(command, check=True)
    return path


def change(path: Path, how: Change) -> Path:
    """The same file with other bytes."""
    path.write_bytes(how(bytearray(path.read_bytes())))
    return path


def unknown_sound(*numbers: int) -> Change:
    """Gives the sound of those tracks, by their numbers among all sounds, to a codec that nobody knows."""

    def how(movie: bytearray) -> bytes | bytearray:
        entries = [at for at in _all(movie, b"mp4a") if movie.rfind(b"stsd", at - 16, at) >= 0]
        for number in numbers:
            movie[entries[number] : entries[number] + 4] = b"zzzz"
            sizes = movie.find(b"esds", entries[number])  # What it really is must be told nowhere.
            movie[sizes : sizes + 4] = b"zzzs"
        return movie

    return how


def undecodable_aac(*numbers: int) -> Change:
    """Gives the sound of those tracks to a kind of AAC that no decoder here reads, as phones record it."""

    def how(movie: bytearray) -> bytes | bytearray:
        sounds = _all(movie, b"esds")
        for number in numbers:
            # LC at 48 kHz, mono: the first five bits are the kind.
            at = movie.find(b"\x11\x88", sounds[number])
            movie[at] = 0x49
        return movie

    return how


def without_pid(pid: int) -> Change:
    """Loses the packets of one stream of a transport stream, which still announces it."""

    def how(stream: bytearray) -> bytes | bytearray:
        packets = (stream[at : at + 188] for at in range(0, len(stream), 188))
        return b"".join(packet for packet in packets if ((packet[1] & 31) << 8 | packet[2]) != pid)

    return how


def since_1970(movie: bytearray) -> bytes | bytearray:
    """Has fragments count from 1970, as those of security cameras do."""
    scales = [struct.unpack_from(">I", movie, at + 16)[0] for at in _all(movie, b"mdhd")]
    for at in _all(movie, b"tfdt"):
        (track,) = struct.unpack_from(">I", movie, movie.rfind(b"tfhd", 0, at) + 8)
        (ticks,) = struct.unpack_from(">Q", movie, at + 8)
        struct.pack_into(">Q", movie, at + 8, ticks + 1_700_000_000 * scales[track - 1])
    return movie


def clean_aperture(width: int, height: int, *, left: int = 0, top: int = 0) -> Change:
    """Shows a part of each frame, with its centre so far from that of the frame; the index comes last."""

    def how(movie: bytearray) -> bytes | bytearray:
        box = struct.pack(">I4sIIIIiIiI", 40, b"clap", width, 1, height, 1, left, 1, top, 1)
        entry = movie.find(b"avc1", movie.find(b"stsd")) - 4
        (length,) = struct.unpack_from(">I", movie, entry)
        struct.pack_into(">I", movie, entry, length + len(box))
        for name in (b"stsd", b"stbl", b"minf", b"mdia", b"trak", b"moov"):
            at = movie.rfind(name, 0, entry) - 4
            struct.pack_into(">I", movie, at, struct.unpack_from(">I", movie, at)[0] + len(box))
        movie[entry + length : entry + length] = box
        return movie

    return how


def matrix(a: int, b: int, c: int, d: int) -> Change:
    """Asks players to turn or mirror the frames of the first track: x becomes ax + cy, y becomes bx + dy."""

    def how(movie: bytearray) -> bytes | bytearray:
        at = movie.index(b"tkhd") + 4
        width, height = struct.unpack_from(">HxxH", movie, at + 76)
        x, y = (-min(one * width, 0) - min(other * height, 0) for one, other in ((a, c), (b, d)))
        numbers = (a << 16, b << 16, 0, c << 16, d << 16, 0, x << 16, y << 16, 0x40000000)
        struct.pack_into(">9i", movie, at + 40, *numbers)
        return movie

    return how


QUARTER = (0, 1, -1, 0)


def pixel_crop(top: int, bottom: int) -> Change:
    """Crops the video of a Matroska file whose header keeps room for that."""

    def how(movie: bytearray) -> bytes | bytearray:
        crop = b"\x54\xbb\x81" + bytes([top]) + b"\x54\xaa\x81" + bytes([bottom])
        # Both sides stand in the place of a color element, which is longer and of no use then.
        at = movie.find(b"\x55\xb0")
        size = movie[at + 2] & 0x7F
        room = 3 + size - len(crop)
        movie[at : at + 3 + size] = crop + b"\xec" + bytes([0x80 | room - 2]) + bytes(room - 2)
        return movie

    return how


def cut(share: float) -> Change:
    """Breaks a recording off."""
    return lambda movie: movie[: int(len(movie) * share)]


def _all(data: bytearray, word: bytes) -> list[int]:
    places, at = [], -1
    while (at := data.find(word, at + 1)) >= 0:
        places.append(at)
    return places
