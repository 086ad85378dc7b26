"""The faults, by their names. Each sends videos and falls on them; what it leaves broken, the round mends."""

from __future__ import annotations

from collections.abc import Callable

from campaign.faults import cuts, kills, odd_hosts, servers
from campaign.scene import Scene

FAULTS: dict[str, Callable[[Scene], None]] = {
    "killed-fetching": kills.while_fetching,
    "killed-encoding": kills.while_encoding,
    "killed-joining": kills.while_joining,
    "killed-storing": kills.while_storing,
    "cut-from-database": cuts.from_database,
    "cut-from-broker": cuts.from_broker,
    "cut-from-bucket": cuts.from_bucket,
    "cut-from-all": cuts.from_all,
    "broker-killed": servers.broker_killed,
    "broker-restarted": servers.broker_restarted,
    "broker-wiped": servers.broker_wiped,
    "ingest-restarted": servers.ingest_restarted,
    "web-app-killed": servers.web_app_killed,
    "scratch-deleted": servers.scratch_deleted,
    "older-version": odd_hosts.older_version,
    "full-disk": odd_hosts.full_disk,
    "wrong-clock": odd_hosts.wrong_clock,
}
