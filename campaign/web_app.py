"""The web app: it keeps the records of videos, and hears from the engine by a queue or by POSTs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from e2e.engine import KEY, SECRET
from e2e.site import ADMIN_PASSWORD, ROOT, clean_environment
from servers.processes import ServerUnavailable

from campaign.hosts import Host
from campaign.shared_servers import SharedServers

WEB_ROOM = ROOT / "web-application"
# By that name the engine has the steps of `campaign.steps`.
TEMPLATE = "campaign"
_MANAGE = (sys.executable, "manage.py")


class WebApp(Host):
    """Pages, API and reconciler."""

    def start(self) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "cattube.wsgi"]
        self._launch(gunicorn, room=WEB_ROOM, environment={"RECONCILE": "inside"})


class Consumer(Host):
    """What takes notifications from the queue."""

    def start(self) -> None:
        self._launch([*_MANAGE, "consume_notifications"], room=WEB_ROOM, environment={})


def web_settings(servers: SharedServers, *, port: int, engine: str, notifications: str) -> dict[str, str]:
    """Settings of the web app and its consumer. notifications: the address of a queue, or "" for POSTs."""
    server = servers.bucket.server
    return {
        "WEB_PORT": str(port),
        "DATABASE_URL": servers.web_database_url,
        "CATTUBE_ADMIN_PASSWORD": ADMIN_PASSWORD,
        "TRANSLOADIT_KEY": KEY,
        "TRANSLOADIT_SECRET": SECRET,
        "TRANSLOADIT_SERVICE": engine,
        "TRANSLOADIT_TEMPLATE_ID": TEMPLATE,
        "AWS_S3_ENDPOINT_URL": server.endpoint_url,
        "AWS_S3_REGION_NAME": server.region,
        "AWS_ACCESS_KEY_ID": server.key_id,
        "AWS_SECRET_ACCESS_KEY": server.secret,
        "AWS_PRIVATE_BUCKET_NAME": servers.bucket.name,
        "NOTIFICATIONS_URL": notifications,
    }


def prepare(folder: Path, settings: Mapping[str, str]) -> str:
    """Make the tables and the first account. Returns its token. Raises ServerUnavailable."""
    environment = clean_environment(CATTUBE_DATA=str(folder), **settings)
    for words in (["migrate", "--noinput"], ["ensure_admin"], ["create_token", "admin"]):
        done = subprocess.run(
            [*_MANAGE, *words], cwd=WEB_ROOM, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ServerUnavailable(f"manage.py {words[0]} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout.split()[-1]
