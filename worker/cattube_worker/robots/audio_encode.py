"""/audio/encode: sound encoded anew, in another format."""

from __future__ import annotations

from typing import ClassVar

from cattube_worker.robots.shared.audio_encoding import AudioEncoding


class AudioEncode(AudioEncoding):
    """Source: Transloadit docs, "/audio/encode"."""

    name: ClassVar[str] = "/audio/encode"
