"""The parameters that any step may carry, and what every robot says about itself.

Each robot is of one kind, which says how it runs: frames through a shared ffmpeg process (frame_robot.py),
work on files (file_robot.py), import (import_robot.py), store (store_robot.py) or filter (filter_robot.py).
Nothing outside of robots/ asks which robot it has: whatever depends on that stands here as an attribute.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from cattube_worker.media.inspect.extended_metadata import EXTENDED_KEYS

Phase = Literal["meta", "import", "execute"]


def _as_list(keys: Any) -> Any:
    """The metadata keys asked for, also where an object says yes or no to each."""
    return [key for key, is_wanted in keys.items() if is_wanted] if isinstance(keys, dict) else keys


def _known_keys(keys: bool | tuple[str, ...]) -> bool | tuple[str, ...]:
    unknown = [] if isinstance(keys, bool) else [key for key in keys if key not in EXTENDED_KEYS]
    if unknown:
        raise ValueError(f'there is no "{unknown[0][:40]}"; there are {", ".join(EXTENDED_KEYS)}')
    return keys


OutputMeta = Annotated[bool | tuple[str, ...], BeforeValidator(_as_list), AfterValidator(_known_keys)]


class Robot(BaseModel):
    """A robot together with the checked parameters of one step.

    Source: Transloadit's `robots/_instructions-primitives`, "robotBase".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    # Parameters whose variables the robot reads by itself: they stay as they were written.
    # Those of "user_meta" are about the files made, and are filled in once there are any.
    own_variables: ClassVar[frozenset[str]] = frozenset({"user_meta"})

    # Uploads and imports have no inputs; an import makes originals.
    has_inputs: ClassVar[bool] = True
    is_import: ClassVar[bool] = False
    # Hands on the entries it was given, with more in them, and makes none.
    passes_through: ClassVar[bool] = False
    # Works on frames, so that it can be one branch of a shared ffmpeg process.
    takes_frames: ClassVar[bool] = False
    # One of its inputs may be a watermark for the others.
    takes_watermark: ClassVar[bool] = False
    # Its video may be watched while it is made, and is worth beginning before the upload is whole.
    is_watchable: ClassVar[bool] = False
    # Its images are stills of a video.
    makes_stills: ClassVar[bool] = False

    result: bool | Literal["debug"] = False
    ignore_errors: bool | tuple[Phase, ...] = ()
    output_meta: OutputMeta = ()
    user_meta: dict[str, Any] = {}
    force_accept: bool = False
    queue: Literal["batch"] | None = None
    interpolate: bool | dict[str, bool] = True

    @classmethod
    def for_parameters(cls, parameters: Mapping[str, Any]) -> type[Robot]:
        """The robot that does what these parameters of its step ask for."""
        return cls

    @classmethod
    def error_code(cls, suffix: str) -> str:
        """Transloadit's code for a failure of this robot, such as S3_STORE_ACCESS_DENIED."""
        return f"{cls.name.strip('/').replace('/', '_').replace('-', '_').upper()}_{suffix}"

    def may_interpolate(self, parameter: str) -> bool:
        """True unless the step wants that parameter to stay as it is written."""
        if isinstance(self.interpolate, bool):
            return self.interpolate
        return self.interpolate.get(parameter, True)

    @property
    def ignored_phases(self) -> tuple[Phase, ...]:
        """The phases whose errors this step swallows."""
        if isinstance(self.ignore_errors, bool):
            return ("meta", "import", "execute") if self.ignore_errors else ()
        return self.ignore_errors

    @property
    def extended_keys(self) -> frozenset[str]:
        """The metadata that this step asks for although it takes time to find out."""
        if isinstance(self.output_meta, bool):
            return frozenset(EXTENDED_KEYS) if self.output_meta else frozenset()
        return frozenset(self.output_meta)

    @property
    def is_batch(self) -> bool:
        """True when the step may take its time: nobody waits for what it makes."""
        return self.queue == "batch"

    @property
    def recognises_speech(self) -> bool:
        """True when it listens to what is said: it gives way even to steps that may take their time."""
        return False

    @property
    def is_awaited(self) -> bool:
        """True when people asked for the step's files, and wait for them."""
        return self.result is True and not self.is_batch

    @property
    def gives_frames(self) -> bool:
        """True when another step may take this one's frames in place of its file."""
        return False

    @property
    def decides(self) -> bool:
        """True when all that the step does is to decide which files go on."""
        return False

    @property
    def image_urls(self) -> Mapping[str, str]:
        """Addresses of images that the robot needs beside its inputs, by the role they are to play."""
        return {}

    @property
    def default_variables(self) -> Mapping[str, Any]:
        """Parameters that hold variables without anybody having written them."""
        return {}

    @property
    def stands_for(self) -> tuple[tuple[str, str], ...]:
        """Steps that a plan has left out because this one does their work too, each with its robot's name."""
        return ()

    def instead_of(self, stills: Robot, *, stills_step: str) -> Self | Robot | None:
        """A robot that makes of a video what `stills` and this one would make one after the other."""
        return None
