"""The commands about queues say in one sentence what is wrong with the settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from manage_command import manage

# As if the clients of brokers were not installed.
WITHOUT_CLIENTS = """
import importlib.util as util
found = util.find_spec
util.find_spec = lambda name, *rest: None if name in ("kombu", "aiokafka") else found(name, *rest)
"""


def test_site_without_a_queue_has_nothing_to_consume(tmp_path: Path) -> None:
    done = manage(tmp_path, "consume_notifications")

    assert done.returncode == 1
    assert "NOTIFICATIONS_URL names no queue" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["NOTIFICATIONS_URL", "TRANSCODER_WEBHOOK"])
@pytest.mark.parametrize(
    ("address", "package"), [("amqp://broker/", "kombu"), ("kafka://broker/", "aiokafka")]
)
def test_w91_missing_client_is_named_at_the_start(
    tmp_path: Path, name: str, address: str, package: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_CLIENTS)

    done = manage(tmp_path / "data", "check", **{name: address, "PYTHONPATH": str(tmp_path)})

    assert done.returncode != 0
    assert f"{name}={address}: needs the package {package}" in done.stderr
    assert "pip install -r requirements/queues.txt" in done.stderr


def test_w92_password_of_a_queue_is_in_no_message(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", NOTIFICATIONS_URL="amqp://cats:meow@broker/?topic=x")

    assert "NOTIFICATIONS_URL=amqp://***@broker/?topic=x: topic is no option" in done.stderr
    assert "meow" not in done.stderr
