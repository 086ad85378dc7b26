"""Robots: a file or a folder each, found by their name in the instructions.

Deleting a robot is deleting its file or folder and its line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cattube_worker.robots.audio.concat import AudioConcat
from cattube_worker.robots.audio.loop import AudioLoop
from cattube_worker.robots.audio.merge import AudioMerge
from cattube_worker.robots.audio.waveform import AudioWaveform
from cattube_worker.robots.audio_encode import AudioEncode
from cattube_worker.robots.backblaze_import import BackblazeImport
from cattube_worker.robots.backblaze_store import BackblazeStoreRobot
from cattube_worker.robots.file_compress import FileCompress
from cattube_worker.robots.file_decompress.robot import FileDecompress
from cattube_worker.robots.file_filter import FileFilter
from cattube_worker.robots.file_hash import FileHash
from cattube_worker.robots.file_preview.robot import FilePreview
from cattube_worker.robots.file_verify import FileVerify
from cattube_worker.robots.http_import.robot import HttpImport
from cattube_worker.robots.image_merge.robot import ImageMerge
from cattube_worker.robots.image_optimize import ImageOptimize
from cattube_worker.robots.image_resize.robot import ImageResize
from cattube_worker.robots.s3_import import S3Import
from cattube_worker.robots.s3_store import S3StoreRobot
from cattube_worker.robots.shared.base import Robot
from cattube_worker.robots.speech_transcribe import SpeechTranscribe
from cattube_worker.robots.upload_handle import UploadHandle
from cattube_worker.robots.video_adaptive.robot import VideoAdaptive
from cattube_worker.robots.video_concat import VideoConcat
from cattube_worker.robots.video_encode.robot import VideoEncode
from cattube_worker.robots.video_merge.robot import VideoMerge
from cattube_worker.robots.video_subtitle import VideoSubtitle
from cattube_worker.robots.video_thumbs import VideoThumbs

__all__ = ["ABSENT", "ROBOTS", "Robot", "robot_for"]

ROBOTS: dict[str, type[Robot]] = {
    "/upload/handle": UploadHandle,
    "/http/import": HttpImport,
    "/s3/import": S3Import,
    "/backblaze/import": BackblazeImport,
    "/file/filter": FileFilter,
    "/file/hash": FileHash,
    "/file/verify": FileVerify,
    "/file/compress": FileCompress,
    "/file/decompress": FileDecompress,
    "/file/preview": FilePreview,
    "/video/encode": VideoEncode,
    "/video/thumbs": VideoThumbs,
    "/video/adaptive": VideoAdaptive,
    "/video/concat": VideoConcat,
    "/video/merge": VideoMerge,
    "/video/subtitle": VideoSubtitle,
    "/audio/encode": AudioEncode,
    "/audio/waveform": AudioWaveform,
    "/audio/loop": AudioLoop,
    "/audio/concat": AudioConcat,
    "/audio/merge": AudioMerge,
    "/speech/transcribe": SpeechTranscribe,
    "/image/resize": ImageResize,
    "/image/merge": ImageMerge,
    "/image/optimize": ImageOptimize,
    "/s3/store": S3StoreRobot,
    "/backblaze/store": BackblazeStoreRobot,
}

# Robots that this engine cannot have, and what to do instead.
ABSENT: dict[str, str] = {
    "/file/serve": "It makes files when an Assembly runs, and not when somebody asks for one. "
    "Store them with /s3/store or /backblaze/store, and use the addresses in the results.",
}


def robot_for(name: str, parameters: Mapping[str, Any]) -> type[Robot]:
    """The robot of that name for a step with these parameters. Raises KeyError."""
    return ROBOTS[name].for_parameters(parameters)
