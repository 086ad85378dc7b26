"""What every robot has: the parameters that any step may carry, and what it must be able to say."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from cattube_worker.media.encode.branches import Branch, Frames
from cattube_worker.media.encode.render import Workspace
from cattube_worker.media.inspect.extended_metadata import EXTENDED_KEYS
from cattube_worker.robots.shared.input_files import InputFile, OutputFile
from cattube_worker.robots.shared.object_headers import ObjectHeaders, header, metadata_in
from cattube_worker.storage import Access, ObjectAttributes

Phase = Literal["meta", "import", "execute"]


def _as_list(wanted: Any) -> Any:
    """The keys wished for, also where an object says yes or no to each."""
    return [key for key, is_wanted in wanted.items() if is_wanted] if isinstance(wanted, dict) else wanted


def _known_keys(wanted: bool | tuple[str, ...]) -> bool | tuple[str, ...]:
    unknown = [] if isinstance(wanted, bool) else [key for key in wanted if key not in EXTENDED_KEYS]
    if unknown:
        raise ValueError(f'there is no "{unknown[0][:40]}"; there are {", ".join(EXTENDED_KEYS)}')
    return wanted


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

    result: bool | Literal["debug"] = False
    ignore_errors: bool | tuple[Phase, ...] = ()
    output_meta: OutputMeta = ()
    user_meta: dict[str, Any] = {}
    force_accept: bool = False
    queue: Literal["batch"] | None = None
    interpolate: bool | dict[str, bool] = True

    @property
    def ignored_phases(self) -> tuple[Phase, ...]:
        """The phases whose errors this step swallows."""
        if isinstance(self.ignore_errors, bool):
            return ("meta", "import", "execute") if self.ignore_errors else ()
        return self.ignore_errors

    @property
    def extended_keys(self) -> frozenset[str]:
        """What this step wants to know of its files although it takes time to find out."""
        if isinstance(self.output_meta, bool):
            return frozenset(EXTENDED_KEYS) if self.output_meta else frozenset()
        return frozenset(self.output_meta)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a media robot's step stands in a recipe.

    source: the step in the same recipe whose frames it takes; None takes them from the file.
    stem: path of its file, or the beginning of the paths of several, without an ending: ffmpeg would take
    one for a hint at what is inside. watermark: the local picture, when the step asks for one.
    """

    step: str
    source: str | None
    frames: Frames
    stem: Path
    watermark: Path | None = None


class MediaRobot(Robot):
    """A robot whose work is frames through ffmpeg, so that several can share one process."""

    @abstractmethod
    def branch(self, place: Place) -> Branch:
        """What this step adds to a recipe. Pure."""

    @abstractmethod
    def file_name(self, basename: str, *, index: int, count: int) -> str:
        """The name of the `index`th of `count` files made from a file of that basename."""

    def file_meta(self, frames: Frames, *, index: int) -> dict[str, Any]:
        """What the robot knows of that file beyond what can be read from it. frames: as it was given."""
        return {}


class WorkRobot(Robot):
    """A robot that runs ffmpeg its own way, over one file or over all files of a bundle together."""

    @property
    def borrowed(self) -> Mapping[str, str]:
        """Addresses of pictures that it needs beside its inputs, by the role they are to play."""
        return {}

    @abstractmethod
    def make(self, sources: Sequence[InputFile], workspace: Workspace) -> list[OutputFile]:
        """The files made in `kitchen.folder`; none when there is nothing among `sources` that it handles.

        Raises AssemblyError, Stopped.
        """


def _no_folder(path: str) -> str:
    if path.endswith("/"):
        raise ValueError("expected the name of an object, not a folder")
    return path


class StoreRobot(Robot):
    """A robot that puts files into an object store and hands them on."""

    credentials: str | None = None
    path: Annotated[str, AfterValidator(_no_folder)] = "${unique_prefix}/${file.url_name}"
    headers: ObjectHeaders = {}

    @property
    def given(self) -> Access | None:
        """The access to a store that the step itself describes, if it does."""
        return None

    @property
    def content_type(self) -> str | None:
        """What the object's type is said to be; None leaves it to the file."""
        return header(self.headers, "content-type")

    @property
    def attributes(self) -> ObjectAttributes:
        """What is kept with the object beside its bytes and type."""
        return ObjectAttributes(
            cache_control=header(self.headers, "cache-control"),
            content_disposition=header(self.headers, "content-disposition"),
            content_encoding=header(self.headers, "content-encoding"),
            content_language=header(self.headers, "content-language"),
            metadata=metadata_in(self.headers),
        )
