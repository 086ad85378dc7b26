"""Settings that are limits, which may be shown."""

from __future__ import annotations

from pydantic import BaseModel, Field

from cattube_worker.settings import types

GIB = 2**30


class ConfigSettings(BaseModel):
    """Limits, for `config.json` as well. Sizes in bytes, times as the name says."""

    delete_tmp_files: types.YesNo = Field(
        True, description="Remove the temporary files of every job when it ends"
    )
    job_threads: types.Number = Field(
        1,
        description=(
            "Jobs run at the same time; one ffmpeg keeps two cores busy; 0: only what no other host can do"
        ),
    )
    job_attempts: types.Positive = Field(
        3, description="Attempts before a job that may be retried counts as failed"
    )
    job_lease_seconds: types.Positive = Field(
        15, description="Silence after which another worker takes over a job"
    )
    part_seconds: types.Number = Field(
        120,
        description=(
            "Least length of the parts in which a long video is encoded on several worker hosts; 0: always "
            "as a whole"
        ),
    )
    early_encodes: types.Number = Field(
        1, description="Videos encoded at the same time while their bytes arrive; 0: none"
    )
    early_stall_seconds: types.Positive = Field(
        120, description="Pause of an upload after which encoding it meanwhile is given up"
    )
    batch_starves_seconds: types.Number = Field(
        300,
        description=(
            "Longest time that batch work stands still while somebody waits, before it gets a fifth of that "
            "time; 0: it never stands still"
        ),
    )
    job_wall_clock_seconds: types.Positive = Field(28800, description="Longest time one job may take")
    max_upload_bytes: types.Positive = Field(8 * GIB, description="Largest file accepted")
    max_output_bytes: types.Positive = Field(16 * GIB, description="Largest file a job may write")
    max_files: types.Positive = Field(100, description="Most files in one assembly")
    max_waiting_assemblies: types.Positive = Field(
        1000, description="Most assemblies that wait for their uploads"
    )
    max_waiting_assemblies_per_owner: types.Positive = Field(
        100, description="Of these, most of one owner or address"
    )
    max_pending_bytes_per_owner: types.Number = Field(
        64 * GIB,
        description="Most bytes of one owner or address that are not processed yet; 0: any number",
    )
    max_assemblies_per_minute: types.Number = Field(
        0, description="Most assemblies created in a minute; 0: any number"
    )
    max_concurrent_uploads: types.Positive = Field(
        100,
        description="Most requests that send bytes at the same time, a third of one owner or address",
    )
    max_event_streams: types.Positive = Field(
        60,
        description=(
            "Most pages watching by event stream, a quarter of one owner, address or Assembly; others poll"
        ),
    )
    max_pixels: types.Positive = Field(50000000, description="Most pixels in one frame of an input")
    max_duration_seconds: types.Positive = Field(14400, description="Longest input")
    max_streams: types.Positive = Field(64, description="Most streams in one input")
    max_signature_hours: types.Positive = Field(
        168, description="Farthest `expires` a signed request may carry"
    )
    min_free_bytes: types.Number = Field(
        256 * 2**20, description="Free disk that uploads, imports and encodes must leave"
    )
    scratch_cache_bytes: types.Positive = Field(
        16 * GIB, description="Most disk for files that other hosts have, as long as running jobs leave it"
    )
    upload_stall_seconds: types.Positive = Field(
        60, description="Silence after which a request that sends bytes is cut"
    )
    upload_least_bytes_per_second: types.Number = Field(
        2000, description="Least rate of such a request, over UPLOAD_STALL_SECONDS; 0: none"
    )
    upload_expires_hours: types.Positive = Field(
        24, description="Age at which an unfinished upload is given up"
    )
    result_expires_hours: types.Positive = Field(
        24, description="Time that results which were not stored stay here"
    )
    status_public_hours: types.Positive = Field(
        1, description="Hours after its end in which an Assembly's status is shown without a signature"
    )
    keep_assemblies_days: types.Number = Field(
        30, description="Days that Assemblies and delivery logs stay after their end; 0: for ever"
    )
