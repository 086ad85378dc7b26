"""The parameters by which /video/encode cuts its video into segments, and what they come to."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.step_options.ffmpeg_options import merged


def _numbered(name: str) -> str:
    plain = re.sub(r"\$\{segment_(prefix|number|id)\}", "", name)
    if name and not ("${segment_number}" in name or "${segment_id}" in name):
        raise ValueError("expected ${segment_number} or ${segment_id} in it: all segments need names")
    if not re.fullmatch(r"[\w .-]*", plain):
        raise ValueError("expected a file name, in which ${segment_prefix} may stand as well")
    return name


class SegmentParameters(BaseModel):
    """Source: Transloadit docs, "/video/encode", "segment"."""

    segment: bool = False
    segment_duration: int = Field(10, ge=1, le=3600)
    segment_prefix: str = Field("", max_length=100)
    segment_name: Annotated[str, AfterValidator(_numbered)] = Field("", max_length=200)
    segment_time_delta: float | None = Field(None, ge=-60, le=60)

    def segmented(self, output: Output) -> Output:
        """The output cut at key frames of our making, in the container that players of HLS know."""
        every = self.segment_duration
        key_frames = ("-force_key_frames", f"expr:gte(t,n_forced*{every})")
        delta = self.segment_time_delta
        tolerance = () if delta is None else ("-segment_time_delta", f"{delta:g}")
        return replace(
            output,
            path=output.path.with_name(f"{output.path.name}-%05d"),
            video=merged(output.video or (), key_frames),
            container=(
                *("-f", "segment", "-segment_time", str(every)),
                *(*tolerance, "-segment_format", "mpegts"),
            ),
            has_constant_rate=False,
            is_shortest=False,
            is_segmented=True,
        )

    def segment_file_name(self, basename: str, index: int) -> str:
        name = self.segment_name or "${segment_prefix}${segment_number}"
        values = {
            "prefix": self.segment_prefix or basename + "_",
            "number": str(index),
            "id": uuid.uuid4().hex,
        }
        for key, value in values.items():
            name = name.replace(f"${{segment_{key}}}", value)
        return name if name.endswith(".ts") else f"{name}.ts"

    def segment_meta(self, duration_seconds: float, index: int) -> dict[str, Any]:
        """The place of a segment in a video of that length."""
        start = index * self.segment_duration
        end = min(start + self.segment_duration, duration_seconds)
        return {"segment_index": index, "starts_at": start, "ends_at": round(end, 3)}
