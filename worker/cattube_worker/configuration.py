"""Parts of the engine that follow from the settings alone: account, bounds, limits, database, stores."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from cattube_worker import migrations
from cattube_worker.assemblies.creation.bounds import Bounds
from cattube_worker.assemblies.credentials import stored_credentials
from cattube_worker.assemblies.credentials.encryption import CredentialEncryption
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.speech.model import SpeechModel
from cattube_worker.protocol.params.account import Account
from cattube_worker.settings import Settings, SettingsError
from cattube_worker.storage import Access, SharedStore, Store, Stores, store_factory
from cattube_worker.storage.default_bucket import DefaultBucket

log = logging.getLogger(__name__)
# The names under which templates may ask for the operator's bucket, and for the folder that stands in for it.
OWN_CREDENTIALS, LOCAL_CREDENTIALS = "cattube", "local"


def make_folders(settings: Settings) -> None:
    """Make the folders of the state folder that are missing; all are for this user alone."""
    make_private_folder(settings.cattube_data)
    for folder in (
        settings.uploads_dir,
        settings.tmp_dir,
        settings.streams_dir,
        settings.results_dir,
        settings.bucket_dir,
        *([settings.cache_dir] if settings.has_several_hosts else ()),
    ):
        make_private_folder(folder)


def make_private_folder(folder: Path) -> None:
    """Make the folder, or shut other users of this machine out of the one that is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        try:
            folder.chmod(0o700)
        except PermissionError:
            log.warning("%s can be read by other users, and is not ours to change", folder)


def open_database(settings: Settings) -> Database:
    """The database with its tables, made if missing. Raises SettingsError."""
    database = Database(settings.worker_database_url.get_secret_value(), host=host_of(settings))
    database.make_private_file()
    database.check_reachable()
    migrations.upgrade(database.engine)
    return database


def host_of(settings: Settings) -> str | None:
    """Name of this host, when there may be others."""
    return settings.host_name if settings.broker_url.get_secret_value() else None


def clock_of(settings: Settings) -> Clock:
    """The clock of this machine, or among several hosts that of the database, once the host has joined."""
    if host_of(settings) is None:
        return Clock()
    from cattube_worker.execution.cluster.database_clock import DatabaseClock

    return DatabaseClock()


def check_queues_installed(settings: Settings) -> None:
    """Check that what a broker needs is installed. Raises SettingsError."""
    if host_of(settings) is None:
        return
    try:
        import kombu  # noqa: F401  (not before it is needed)
    except ImportError as error:
        raise SettingsError("BROKER_URL: needs pip install -r requirements/queues.txt") from error


def account_of(settings: Settings) -> Account:
    return Account(
        key=settings.transloadit_key,
        secret=settings.transloadit_secret.get_secret_value(),
        require_signature=settings.require_signature,
        allow_sha1=settings.allow_sha1_signatures,
        max_signature_seconds=settings.max_signature_hours * 3600,
    )


def bounds_of(settings: Settings) -> Bounds:
    return Bounds(
        max_files=settings.max_files,
        max_size_bytes=settings.max_upload_bytes,
        max_waiting=settings.max_waiting_assemblies,
        max_waiting_per_owner=settings.max_waiting_assemblies_per_owner,
        max_per_minute=settings.max_assemblies_per_minute,
    )


def limits_of(settings: Settings) -> Limits:
    return Limits(
        max_upload_bytes=settings.max_upload_bytes,
        max_pixels=settings.max_pixels,
        max_duration_seconds=settings.max_duration_seconds,
        max_streams=settings.max_streams,
        max_output_bytes=settings.max_output_bytes,
        wall_clock_seconds=settings.job_wall_clock_seconds,
        processors=os.cpu_count() or 0,
    )


def speech_model_of(settings: Settings) -> SpeechModel:
    """The model that CAPTIONS_MODEL names, be it there or not."""
    return SpeechModel(
        name=settings.captions_model, folder=settings.models_dir, may_fetch=settings.captions_download
    )


def default_bucket_of(settings: Settings, clock: Clock) -> DefaultBucket | None:
    """The operator's bucket, if there is one."""
    if not settings.bucket_name:
        return None
    store = store_factory.default_bucket_store(
        name=settings.bucket_name,
        key_id=settings.b2_application_key_id,
        secret=settings.b2_application_key.get_secret_value(),
        endpoint_url=settings.b2_endpoint_url,
        custom_domain=settings.bucket_custom_domain,
    )
    return DefaultBucket(store, clock=clock, unfinished_seconds=settings.upload_expires_hours * 3600)


def stores_of(
    settings: Settings,
    database: Database,
    encryption: CredentialEncryption,
    *,
    own: Store,
    local: Store,
    shared: SharedStore | None,
) -> Stores:
    """The stores that steps may name. own: the operator's bucket, or the folder that stands in for it.

    shared: the operator's bucket, where it is that of several hosts.
    """

    def look_up(name: str) -> Access | None:
        with database.read() as session:
            credentials = stored_credentials.find(session, encryption, name)
        return None if credentials is None else Access(type=credentials.type, content=credentials.content)

    return Stores(
        {OWN_CREDENTIALS: own, LOCAL_CREDENTIALS: local},
        look_up,
        store_factory.store_openers(
            b2_endpoint_url=settings.b2_endpoint_url, import_hosts=settings.import_hosts
        ),
        shared=shared,
    )
