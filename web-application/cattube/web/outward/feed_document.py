"""Feeds of videos as RSS 2.0 with Media RSS, which feed readers and podcast apps know. Pure.

Sources: rssboard.org, "RSS 2.0" and "RSS Profile"; "Media RSS", 1.5.1; W3C, "XML 1.0", 2.2.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO, Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from cattube.web.outward.embed_code import Size
from cattube.web.outward.link_preview import Picture, Player

MEDIA_NAMESPACE = "http://search.yahoo.com/mrss/"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def in_xml(value: Any) -> Any:
    """The value, with a space in place of each character that no XML may have, in all texts within."""
    if isinstance(value, str):
        return _NOT_IN_XML.sub(" ", value)
    if isinstance(value, Mapping):
        return {key: in_xml(part) for key, part in value.items()}
    return [in_xml(part) for part in value] if isinstance(value, list | tuple) else value


class VideoFeed(Rss201rev2Feed):
    """Feed that has a `picture`, and whose items have `player`, `picture`, `duration_seconds` and `size`.

    All but the player may be None. size: of the video.
    """

    def write(self, outfile: IO[Any], encoding: str) -> None:
        # Whatever the field: readers refuse a whole feed for one such character.
        self.feed, self.items = in_xml(self.feed), in_xml(self.items)
        super().write(outfile, encoding)

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:media": MEDIA_NAMESPACE}

    def latest_post_date(self) -> datetime:
        """Django's is the present moment for an empty feed, which would be another one each second."""
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, UTC)

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        picture: Picture | None = self.feed["picture"]
        if picture is None:
            return
        handler.startElement("image", AttributesImpl({}))
        handler.addQuickElement("url", picture.address)
        handler.addQuickElement("title", self.feed["title"])
        handler.addQuickElement("link", self.feed["link"])
        handler.endElement("image")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        player: Player = item["player"]
        # Links to files end within the hour: the player is what lasts, and Media RSS asks for one of both.
        content = AttributesImpl(_content(item["duration_seconds"], item["size"]))
        handler.startElement("media:content", content)
        handler.addQuickElement("media:title", item["title"], {"type": "plain"})
        handler.addQuickElement("media:player", None, {"url": player.address, **_size(player.size)})
        picture: Picture | None = item["picture"]
        if picture is not None:
            handler.addQuickElement("media:thumbnail", None, {"url": picture.address, **_size(picture.size)})
        handler.endElement("media:content")


def _content(duration_seconds: float | None, size: Size | None) -> dict[str, str]:
    length = {"duration": f"{duration_seconds:.0f}"} if duration_seconds else {}
    return {"medium": "video", **length, **_size(size)}


def _size(size: Size | None) -> dict[str, str]:
    return {"width": str(size.width), "height": str(size.height)} if size else {}
