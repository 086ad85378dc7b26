"""What all parts of the engine stand on: settings, clock, database, and what follows from them alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from cattube_worker import configuration
from cattube_worker.assemblies.creation.bounds import Bounds
from cattube_worker.assemblies.templates.template import ShippedTemplates, load_templates
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.execution.signals import Signals
from cattube_worker.protocol.params.account import Account
from cattube_worker.settings import Settings
from cattube_worker.storage.default_bucket import DefaultBucket


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """Parts that need no others. default_bucket: None where a folder stands in for it."""

    settings: Settings
    clock: Clock
    account: Account
    bounds: Bounds
    templates: ShippedTemplates
    default_bucket: DefaultBucket | None
    database: Database
    signals: Signals = field(default_factory=Signals)

    @property
    def secret(self) -> str:
        """Secret of this engine alone; the account's is the site's too."""
        return self.settings.engine_secret.get_secret_value()

    @property
    def host(self) -> str | None:
        """Name of this host; None where there is only one."""
        return self.settings.host_name if self.settings.has_several_hosts else None


def open_foundation(settings: Settings, clock: Clock) -> Foundation:
    """Open the state folder that the settings name; folders and tables are made if missing.

    Raises SettingsError.
    """
    configuration.check_queues_installed(settings)
    configuration.make_folders(settings)
    return Foundation(
        settings=settings,
        clock=clock,
        account=configuration.account_of(settings),
        bounds=configuration.bounds_of(settings),
        templates=load_templates(settings.templates_dir),
        default_bucket=configuration.default_bucket_of(settings, clock),
        # Last: what was opened would have to be closed when another part refuses its settings.
        database=configuration.open_database(settings),
    )
