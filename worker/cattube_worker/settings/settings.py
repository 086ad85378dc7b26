"""The settings in force, and what follows from them alone."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from cattube_worker.queues.address import QueueAddress, is_queue_address, read_address
from cattube_worker.settings.environment import EnvironmentSettings
from cattube_worker.settings.limits import ConfigSettings

ROOM = Path(__file__).resolve().parents[2]


class Settings(ConfigSettings, EnvironmentSettings):
    """The settings in force. Paths are absolute."""

    @property
    def uploads_dir(self) -> Path:
        return self.cattube_data / "uploads"

    @property
    def tmp_dir(self) -> Path:
        return self.cattube_data / "tmp"

    @property
    def streams_dir(self) -> Path:
        return self.cattube_data / "streams"

    @property
    def results_dir(self) -> Path:
        return self.cattube_data / "results"

    @property
    def cache_dir(self) -> Path:
        return self.cattube_data / "cache"

    @property
    def models_dir(self) -> Path:
        return self.cattube_data / "models"

    @property
    def bucket_dir(self) -> Path:
        return self.cattube_data / "bucket"

    @property
    def templates_dir(self) -> Path:
        return ROOM.parent / "contract" / "templates"

    @property
    def notification_hosts(self) -> tuple[str, ...]:
        """Hosts with a private address that may be notified. TRUSTED_HOSTS takes the default's place."""
        old_names = tuple(f"{host}:*" for host in self.trusted_hosts)
        if old_names and "notify_hosts" not in self.model_fields_set:
            return old_names
        return old_names + self.notify_hosts

    @property
    def has_several_hosts(self) -> bool:
        """True when files of jobs have to be where every host finds them."""
        default = "bucket" if self.broker_url.get_secret_value() and self.bucket_name else "folder"
        return (self.scratch or default) == "bucket"

    @property
    def announcement_queue(self) -> QueueAddress | None:
        return _queue(self.announcements_url, default_name="cattube.announcements")

    @property
    def notification_queue(self) -> QueueAddress | None:
        return _queue(self.notifications_url, default_name="cattube.notifications")

    @property
    def local_url(self) -> str:
        """Address at which this machine reaches the engine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.worker_port}"

    @property
    def request_threads(self) -> int:
        """Threads a server needs: one per request that sends or watches, and some for all the others.

        The others are forms on the way, of which the front lets 32 in, and all that is answered at once.
        """
        return self.max_concurrent_uploads + self.max_event_streams + 56


def _queue(url: SecretStr, *, default_name: str) -> QueueAddress | None:
    text = url.get_secret_value()
    return read_address(text, default_name=default_name) if is_queue_address(text) else None
