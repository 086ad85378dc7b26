"""A watch page that tells more of its video than this site has stored: captions, chapters, what is next."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Route

from e2e.site import Site

DATA = re.compile(r'(?<=<script id="video" type="application/json">).*?(?=</script>)', re.DOTALL)
CUES = "WEBVTT\n\n00:00.000 --> 00:30.000\nThe cat <b>sits</b>.\n\n00:30.000 --> 01:30.000\nIt sleeps.\n"


@dataclass(frozen=True)
class Told:
    """languages: of captions, which all have the same cues. chapters: seconds and title of each."""

    languages: dict[str, str] = field(default_factory=dict)
    chapters: dict[float, str] = field(default_factory=dict)
    next_url: str | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "captions": [
                {"language": tag, "label": label, "kind": "captions", "url": f"/test-captions/{tag}.vtt"}
                for tag, label in self.languages.items()
            ],
            "chapters": [{"start_seconds": start, "title": title} for start, title in self.chapters.items()],
            "next": self.next_url
            and {"url": self.next_url, "title": "More cats", "thumbnail_url": None, "duration_seconds": 90},
        }


def tell(context: BrowserContext, site: Site, told: Told) -> None:
    """Have the site's watch pages tell this, with their own policy and all else as it is."""

    def add(route: Route) -> None:
        page = route.fetch()
        text = page.text()
        found = DATA.search(text)
        if found:
            more = json.dumps({**json.loads(found[0]), **told.as_json()}).replace("<", "\\u003c")
            text = text[: found.start()] + more + text[found.end() :]
        route.fulfill(response=page, body=text)

    context.route(re.compile(rf"{re.escape(site.url)}/videos/\w+(\?.*)?$"), add)
    context.route("**/test-captions/*.vtt", lambda route: route.fulfill(body=CUES, content_type="text/vtt"))
