"""Jobs in parts: rows of a job whose video is encoded side by side, from the cut to the join.

A whole job that was cut stays as running, without a lease, until its parts are done. Then it waits for a
runner, which joins them. A part that fails for good takes all of them along: the job is run again, uncut.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, Self

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import Job
from cattube_worker.instructions.assembly_file import AssemblyFile

# Between the parts, whose time of creation keeps them in order.
PLACE_SECONDS = 1e-6
# In the part column of a job that is not a part: how it is run.
_IS_CUT, _STAYS_WHOLE = {"is_cut": True}, {"is_cut": False}


@dataclass(frozen=True, kw_only=True)
class Part:
    """The work of a part's job, and what came of it.

    kind: "video" for some of the frames, "sound" for the sound of the whole.
    source: the file that it is made from; of a sound the whole file. starts_at_frame: of the whole.
    outputs: by step, once it is done.
    """

    kind: Literal["video", "sound"]
    source: AssemblyFile
    starts_at_frame: int
    frames: int
    frames_per_second: Fraction
    outputs: Mapping[str, AssemblyFile]

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "source": self.source.to_json(),
            "starts_at_frame": self.starts_at_frame,
            "frames": self.frames,
            "frames_per_second": str(self.frames_per_second),
            "outputs": {step: file.to_json() for step, file in self.outputs.items()},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        files = {step: AssemblyFile.from_json(file) for step, file in document["outputs"].items()}
        return cls(
            kind=document["kind"],
            source=AssemblyFile.from_json(document["source"]),
            starts_at_frame=document["starts_at_frame"],
            frames=document["frames"],
            frames_per_second=Fraction(document["frames_per_second"]),
            outputs=files,
        )


def may_cut(job: Job) -> bool:
    """True for a whole job that was not cut yet, and whose parts have not failed."""
    return job.part_of is None and job.part is None


def is_cut(job: Job) -> bool:
    """True for a whole job that is in parts."""
    return job.part_of is None and job.part == _IS_CUT


def cut(session: Session, job: Job, parts: Sequence[Part], *, now: float) -> None:
    """Add the jobs of the parts, and have the whole wait for them. The join has all of its attempts.

    Parts take turns with the videos of other people: they do not count as begun.
    """
    job.attempt = 0
    job.part, job.lease_owner, job.lease_until, job.progress = _IS_CUT, None, None, 0.0
    for place, part in enumerate(parts):
        session.add(
            Job(
                id=uuid.uuid4().hex,
                assembly_id=job.assembly_id,
                node=job.node,
                queue=job.queue,
                owner=job.owner,
                is_new=True,
                inputs=part.source.id,
                state="waiting",
                created_at=job.created_at + place * PLACE_SECONDS,
                due_at=now,
                part_of=job.id,
                part=part.to_json(),
            )
        )


def complete(session: Session, job: Job, outputs: Sequence[AssemblyFile], *, now: float) -> None:
    """Record what the part's job made. With the last part, the whole waits to be joined."""
    # Locked first: of two that end at once, the second has to see the end of the first.
    whole = session.scalars(select(Job).where(Job.id == job.part_of).with_for_update()).one_or_none()
    part = replace(Part.from_json(job.part or {}), outputs={file.step: file for file in outputs})
    job.state, job.progress, job.ended_at, job.lease_until = "done", 1.0, now, None
    job.part = part.to_json()
    session.flush()
    undone = select(func.count()).select_from(Job).where(Job.part_of == job.part_of, Job.state != "done")
    if whole is not None and is_cut(whole) and session.scalar(undone) == 0:
        # What is left goes before what others begin.
        whole.state, whole.due_at, whole.is_new = "waiting", now, False


def give_up(session: Session, job: Job, *, now: float) -> None:
    """Forget the parts, and have the whole run uncut. job: the whole, or one of its parts.

    A worker that still runs one of them finds its lease gone, and drops what it made.
    """
    whole_id = job.part_of or job.id
    whole = session.scalars(select(Job).where(Job.id == whole_id).with_for_update()).one_or_none()
    session.execute(delete(Job).where(Job.part_of == whole_id))
    if whole is not None and whole.state in ("waiting", "running"):
        whole.part, whole.state, whole.due_at, whole.attempt, whole.progress = (
            _STAYS_WHOLE,
            "waiting",
            now,
            0,
            0.0,
        )
        whole.lease_owner, whole.lease_until = None, None


def parts_of(session: Session, job_id: str) -> list[Part]:
    """The parts of a whole job, in order; none where it is not cut."""
    rows = session.scalars(select(Job).where(Job.part_of == job_id).order_by(Job.created_at))
    return [Part.from_json(row.part or {}) for row in rows]
