"""Six kinds of videos, made by ffmpeg: each is hard for an encoder in a way of its own.

Nobody's pictures are needed, and no fonts.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

SECONDS = 8
_GLYPHS, _GLYPH_WIDTH, _GLYPH_HEIGHT = 60, 5, 7
_PAPER, _INK = 0xFF, 0x1E


def screen(folder: Path) -> Path:
    """A page of text that scrolls for half a second of two, beside still areas of one colour."""
    page = _page(folder / "page.pgm")
    top = "2*trunc(90*(trunc(t/2)+min(1,mod(t,2)*2)))"
    desk = "drawbox=w=480:h=1080:c=#20252e:t=fill,drawbox=40:160:380:36:#5577aa:fill"
    pointer = "drawbox=x='900+500*sin(t)':y='500+300*cos(t*1.3)':w=14:h=20:c=black:t=fill"
    return _film(
        folder / "screen.mp4",
        [*_lasting(page, 30), "-f", "lavfi", "-t", str(SECONDS), "-i", "color=#303848:s=1920x1080:r=30"],
        f"[0]scale=1440:3600:flags=bilinear,format=yuv420p,crop=1440:1000:0:'{top}'[page];"
        f"[1]{desk}[desk];[desk][page]overlay=480:80,{pointer}",
        ("-r", "30", "-crf", "18"),
    )


def talking_head(folder: Path) -> Path:
    """A face that moves a little before a still room, with a cheap camera's noise."""
    room = _texture(folder / "room.png", (1280, 720), seed=11, finest=8, look="eq=contrast=2,gblur=6")
    inside = "255*clip((1-hypot((X-210)/200,(Y-280)/270))*12,0,1)"
    face = _texture(
        folder / "face.png",
        (420, 560),
        seed=23,
        coarsest=128,
        look="eq=contrast=0.9:brightness=0.12,colorbalance=rm=.25:bm=-.2,format=rgba,"
        f"geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='{inside}'",
    )
    return _film(
        folder / "talking-head.mp4",
        [*_lasting(room, 30), *_lasting(face, 30)],
        "[1]rotate='0.05*sin(t*1.7)+0.02*sin(t*5)':c=none:bilinear=1[face];[0]format=yuv444p[room];"
        "[room][face]overlay=x='430+25*sin(t*1.1)':y='120+10*sin(t*2.3)',noise=alls=5:allf=t",
        ("-r", "30", "-b:v", "4M"),
    )


def dark_film(folder: Path) -> Path:
    """A light that wanders through the night, with the grain of film."""
    night = _texture(
        folder / "night.png",
        (1920, 1080),
        seed=31,
        coarsest=512,
        finest=2,
        look="eq=contrast=1.6:saturation=0.4,gblur=2,lutyuv=y=16+(val-16)*0.16",
    )
    light = (
        "trim=end_frame=1,format=gray,geq=lum='16+46*exp(-hypot((X-240)/90,(Y-135)/70))',"
        "scale=1920:1080,loop=-1:1,fps=24,format=yuv444p,scroll=h=0.002"
    )
    sum_ = "c0_mode=addition:c1_mode=normal:c2_mode=normal:c1_opacity=1:c2_opacity=1"
    return _film(
        folder / "dark-film.mp4",
        [*_lasting(night, 24), "-f", "lavfi", "-t", str(SECONDS), "-i", "color=black:s=480x270:r=1"],
        f"[1]{light}[light];[0]format=yuv444p[night];[night][light]blend={sum_},"
        "lutyuv=y='val-16',noise=alls=6:allf=t",
        ("-r", "24", "-b:v", "8M"),
    )


def sport(folder: Path) -> Path:
    """A camera that swings over a pitch at 50 frames a second, after players in motion."""
    pitch = _texture(
        folder / "pitch.png",
        (2560, 800),
        seed=41,
        coarsest=128,
        look="eq=contrast=1.6:brightness=-0.05:saturation=0.7,colorbalance=gm=.3:rm=-.1:bm=-.25",
    )
    player = _texture(
        folder / "player.png", (44, 100), seed=51, coarsest=32, look="eq=contrast=2:saturation=2.5"
    )
    players = 6
    chains = [
        "[0]drawbox=0:60:2560:60:#c03030:fill,drawbox=600:0:12:800:white@0.8:fill,format=yuv444p[with0]",
        f"[1]split={players}" + "".join(f"[player{number}]" for number in range(players)),
    ]
    for number in range(players):
        across = f"{500 + number * 260}+{140 + 30 * number}*sin(t*{1 + 0.23 * number:.2f}+{number})"
        down = f"{200 + 70 * number}+40*sin(t*{2.1 - 0.2 * number:.2f})"
        chains.append(f"[with{number}][player{number}]overlay=x='{across}':y='{down}'[with{number + 1}]")
    camera = "crop=1280:720:x='640+620*sin(t*0.9)':y='40+36*sin(t*1.3)'"
    return _film(
        folder / "sport.mp4",
        [*_lasting(pitch, 50), *_lasting(player, 50)],
        ";".join([*chains, f"[with{players}]{camera},noise=alls=3:allf=t"]),
        ("-r", "50", "-b:v", "16M"),
    )


def animation(folder: Path) -> Path:
    """Flat colours with hard edges, drawn twelve times a second."""
    steps = "lutyuv=y='trunc(val/40)*40+20':u='trunc(val/32)*32+16':v='trunc(val/32)*32+16'"
    look = f"eq=contrast=3:saturation=2,{steps}"
    ground = _texture(folder / "ground.png", (2400, 1080), seed=61, finest=64, look=look)
    outline = "if(gt(hypot(X-350,Y-350),330),0,{0}(X,Y))"
    drawn = ":".join(f"{plane}='{outline.format(plane)}'" for plane in "rgb")
    figure = _texture(
        folder / "figure.png",
        (700, 700),
        seed=71,
        coarsest=128,
        finest=64,
        look=f"{look},format=rgba,geq={drawn}:a='255*clip(345-hypot(X-350,Y-350),0,1)'",
    )
    return _film(
        folder / "animation.mp4",
        [*_lasting(ground, 12), *_lasting(figure, 12)],
        "[0]crop=1920:1080:x='240+230*sin(t*0.6)':y=0[ground];[1]rotate='0.3*sin(t*3)':c=none[figure];"
        "[ground][figure]overlay=x='600+400*sin(t*1.3)':y='190+150*abs(sin(t*4))',fps=24",
        ("-r", "24", "-crf", "16"),
    )


def phone_in_the_hand(folder: Path) -> Path:
    """A picture full of detail, held by a hand that shakes."""
    street = _texture(
        folder / "street.png", (2300, 1400), seed=81, coarsest=512, look="eq=contrast=2.2:saturation=0.8"
    )
    across = "190+100*t/8+6*sin(t*7)+4*sin(t*11.3)+14*sin(t*1.1)"
    down = "160+5*sin(t*8.1)+3*sin(t*13.7)+10*sin(t*0.9)"
    return _film(
        folder / "phone.mp4",
        _lasting(street, 30),
        "[0]format=yuv444p,rotate='0.012*sin(t*5.3)+0.02*sin(t*1.2)':bilinear=1,"
        f"crop=1920:1080:x='{across}':y='{down}',noise=alls=6:allf=t",
        ("-r", "30", "-b:v", "16M"),
    )


FOOTAGE: dict[str, Callable[[Path], Path]] = {
    "a screen recording": screen,
    "a talking head": talking_head,
    "a dark film": dark_film,
    "sport": sport,
    "an animation": animation,
    "what a shaking hand films": phone_in_the_hand,
}


def _film(target: Path, inputs: list[str], graph: str, encoding: tuple[str, ...]) -> Path:
    """A video of the graph's frames with a murmur, encoded as a camera does it: fast, at a high rate."""
    murmur = ("-f", "lavfi", "-t", str(SECONDS), "-i", "anoisesrc=r=48000:a=0.05:c=pink:seed=2")
    last = inputs.count("-i")
    _ffmpeg(
        *(*inputs, *murmur, "-filter_complex", f"{graph},setsar=1,format=yuv420p[frames]"),
        *("-map", "[frames]", "-map", f"{last}:a", "-t", str(SECONDS)),
        *("-c:v", "libx264", "-preset", "ultrafast", *encoding, "-g", "60", "-c:a", "aac", str(target)),
    )
    return target


def _lasting(picture: Path, rate: int) -> list[str]:
    """Arguments for a picture that is shown all the time."""
    return ["-loop", "1", "-framerate", str(rate), "-t", str(SECONDS), "-i", str(picture)]


def _texture(
    target: Path, size: tuple[int, int], *, seed: int, coarsest: int = 256, finest: int = 1, look: str
) -> Path:
    """A picture with detail of all sizes, the coarse stronger than the fine, as in nature.

    coarsest, finest: pixels of a spot. look: filters that come last.
    """
    width, height = size
    spots = [finest * 2**power for power in range(20) if finest * 2**power <= coarsest]
    inputs, chains = list[str](), list[str]()
    for number, spot in enumerate(spots):
        small = f"{max(width // spot, 4)}x{max(height // spot, 4)}"
        noise = f"color=gray:s={small}:r=1:d=1,format=yuv444p,noise=alls=100:all_seed={seed + number}"
        inputs += ["-f", "lavfi", "-i", noise]
        chains.append(f"[{number}]scale={width}:{height}:flags=bicubic[layer{number}]")
    sum_ = "layer0"
    for number in range(1, len(spots)):
        chains.append(f"[{sum_}][layer{number}]blend=all_mode=average[sum{number}]")
        sum_ = f"sum{number}"
    graph = ";".join([*chains, f"[{sum_}]{look}[picture]"])
    _ffmpeg(*inputs, "-filter_complex", graph, "-map", "[picture]", "-frames:v", "1", str(target))
    return target


def _page(target: Path, *, width: int = 960, height: int = 2400) -> Path:
    """A page of lines of words, in letters of no alphabet: what machine has which fonts does not count."""
    chance = random.Random(3)
    letters = [[[chance.random() < 0.5 for _ in range(_GLYPH_WIDTH)] for _ in range(_GLYPH_HEIGHT)]
               for _ in range(_GLYPHS)]  # fmt: skip
    rows = [bytearray([_PAPER]) * width for _ in range(height)]
    for top in range(40, height - 20, 15):
        left, end = 60, width - chance.randint(60, 300)
        while left < end:
            for _ in range(chance.randint(2, 9)):
                _write(rows, chance.choice(letters), left, top)
                left += _GLYPH_WIDTH + 2
            left += _GLYPH_WIDTH + 1
    target.write_bytes(b"P5\n%d %d\n255\n" % (width, height) + b"".join(rows))
    return target


def _write(rows: list[bytearray], letter: list[list[bool]], left: int, top: int) -> None:
    for y, line in enumerate(letter):
        for x, is_ink in enumerate(line):
            if is_ink and left + x < len(rows[0]):
                rows[top + y][left + x] = _INK


def _ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], check=True)
