"""Six kinds of films: each is hard for an encoder in a way of its own. Nobody's pictures are needed."""

from __future__ import annotations

from bench.videos.film import Film
from bench.videos.text_page import TextPage
from bench.videos.texture import Texture


def screen() -> Film:
    """A page of text that scrolls for half a second of two, beside still areas of one colour."""
    top = "2*trunc(90*(trunc(t/2)+min(1,mod(t,2)*2)))"
    desk = "drawbox=w=480:h=1080:c=#20252e:t=fill,drawbox=40:160:380:36:#5577aa:fill"
    pointer = "drawbox=x='900+500*sin(t)':y='500+300*cos(t*1.3)':w=14:h=20:c=black:t=fill"
    return Film(
        name="screen",
        pictures=(TextPage(name="page"),),
        rate=30,
        color="#303848:s=1920x1080:r=30",
        graph=f"[0]scale=1440:3600:flags=bilinear,format=yuv420p,crop=1440:1000:0:'{top}'[page];"
        f"[1]{desk}[desk];[desk][page]overlay=480:80,{pointer}",
        encoding=("-r", "30", "-crf", "18"),
    )


def talking_head() -> Film:
    """A face that moves a little before a still room, with a cheap camera's noise."""
    inside = "255*clip((1-hypot((X-210)/200,(Y-280)/270))*12,0,1)"
    skin = "eq=contrast=0.9:brightness=0.12,colorbalance=rm=.25:bm=-.2"
    face = f"{skin},format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='{inside}'"
    return Film(
        name="talking-head",
        pictures=(
            Texture(name="room", size=(1280, 720), seed=11, finest=8, look="eq=contrast=2,gblur=6"),
            Texture(name="face", size=(420, 560), seed=23, coarsest=128, look=face),
        ),
        rate=30,
        graph="[1]rotate='0.05*sin(t*1.7)+0.02*sin(t*5)':c=none:bilinear=1[face];[0]format=yuv444p[room];"
        "[room][face]overlay=x='430+25*sin(t*1.1)':y='120+10*sin(t*2.3)',noise=alls=5:allf=t",
        encoding=("-r", "30", "-b:v", "4M"),
    )


def dark_film() -> Film:
    """A light that wanders through the night, with the grain of film."""
    night = "eq=contrast=1.6:saturation=0.4,gblur=2,lutyuv=y=16+(val-16)*0.16"
    light = (
        "trim=end_frame=1,format=gray,geq=lum='16+46*exp(-hypot((X-240)/90,(Y-135)/70))',"
        "scale=1920:1080,loop=-1:1,fps=24,format=yuv444p,scroll=h=0.002"
    )
    sum_ = "c0_mode=addition:c1_mode=normal:c2_mode=normal:c1_opacity=1:c2_opacity=1"
    return Film(
        name="dark-film",
        pictures=(Texture(name="night", size=(1920, 1080), seed=31, coarsest=512, finest=2, look=night),),
        rate=24,
        color="black:s=480x270:r=1",
        graph=f"[1]{light}[light];[0]format=yuv444p[night];[night][light]blend={sum_},"
        "lutyuv=y='val-16',noise=alls=6:allf=t",
        encoding=("-r", "24", "-b:v", "8M"),
    )


def sport() -> Film:
    """A camera that swings over a pitch at 50 frames a second, after players in motion."""
    grass = "eq=contrast=1.6:brightness=-0.05:saturation=0.7,colorbalance=gm=.3:rm=-.1:bm=-.25"
    shirt = "eq=contrast=2:saturation=2.5"
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
    return Film(
        name="sport",
        pictures=(
            Texture(name="pitch", size=(2560, 800), seed=41, coarsest=128, look=grass),
            Texture(name="player", size=(44, 100), seed=51, coarsest=32, look=shirt),
        ),
        rate=50,
        graph=";".join([*chains, f"[with{players}]{camera},noise=alls=3:allf=t"]),
        encoding=("-r", "50", "-b:v", "16M"),
    )


def animation() -> Film:
    """Flat colours with hard edges, drawn twelve times a second."""
    steps = "lutyuv=y='trunc(val/40)*40+20':u='trunc(val/32)*32+16':v='trunc(val/32)*32+16'"
    flat = f"eq=contrast=3:saturation=2,{steps}"
    outline = "if(gt(hypot(X-350,Y-350),330),0,{0}(X,Y))"
    drawn = ":".join(f"{plane}='{outline.format(plane)}'" for plane in "rgb")
    figure = f"{flat},format=rgba,geq={drawn}:a='255*clip(345-hypot(X-350,Y-350),0,1)'"
    return Film(
        name="animation",
        pictures=(
            Texture(name="ground", size=(2400, 1080), seed=61, finest=64, look=flat),
            Texture(name="figure", size=(700, 700), seed=71, coarsest=128, finest=64, look=figure),
        ),
        rate=12,
        graph="[0]crop=1920:1080:x='240+230*sin(t*0.6)':y=0[ground];[1]rotate='0.3*sin(t*3)':c=none[figure];"
        "[ground][figure]overlay=x='600+400*sin(t*1.3)':y='190+150*abs(sin(t*4))',fps=24",
        encoding=("-r", "24", "-crf", "16"),
    )


def phone_in_the_hand() -> Film:
    """A picture full of detail, held by a hand that shakes."""
    street = "eq=contrast=2.2:saturation=0.8"
    across = "190+100*t/8+6*sin(t*7)+4*sin(t*11.3)+14*sin(t*1.1)"
    down = "160+5*sin(t*8.1)+3*sin(t*13.7)+10*sin(t*0.9)"
    return Film(
        name="phone",
        pictures=(Texture(name="street", size=(2300, 1400), seed=81, coarsest=512, look=street),),
        rate=30,
        graph="[0]format=yuv444p,rotate='0.012*sin(t*5.3)+0.02*sin(t*1.2)':bilinear=1,"
        f"crop=1920:1080:x='{across}':y='{down}',noise=alls=6:allf=t",
        encoding=("-r", "30", "-b:v", "16M"),
    )


FOOTAGE: dict[str, Film] = {
    "a screen recording": screen(),
    "a talking head": talking_head(),
    "a dark film": dark_film(),
    "sport": sport(),
    "an animation": animation(),
    "what a shaking hand films": phone_in_the_hand(),
}
