"""Start the whole site, keep it running, end it whole. `make run` runs this.

It prepares the state folder (migrations, static files, first account), then runs three processes: the front,
the engine, and the web app, which reconciles too. With FRONT=apache they are two: Apache has the web app in
it. Where notifications come from a queue, one more takes them. A process that ends by itself is started
again, after a longer pause each time. Ctrl-C, SIGTERM and SIGHUP end them all. When this process is killed,
the kernel ends them (PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from apache import Apache, prepare_apache
from apache_configuration import ApachePlan
from front import Front, FrontUnavailable, prepare_front
from front_settings import apache_plan_of, engine_limits, plan_of
from nginx_configuration import WORKER_SECONDS
from site_processes import (
    ALL_SIGNALS,
    SiteProcess,
    StartError,
    is_up,
    keep_running,
    stop,
    wait_until_ready,
    without,
)

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web-application"
WORKER = ROOT / "worker"
# Settings of the same bucket: the site's names and the engine's.
ENGINE_NAMES = {
    "AWS_PRIVATE_BUCKET_NAME": "BUCKET_NAME",
    "AWS_ACCESS_KEY_ID": "B2_APPLICATION_KEY_ID",
    "AWS_SECRET_ACCESS_KEY": "B2_APPLICATION_KEY",
    "AWS_S3_ENDPOINT_URL": "B2_ENDPOINT_URL",
    "AWS_S3_CUSTOM_DOMAIN": "BUCKET_CUSTOM_DOMAIN",
}
REGION = "AWS_S3_REGION_NAME"
# Secrets that one room has no use for.
OF_THE_SITE = (
    *("SECRET_KEY", "CATTUBE_ADMIN_PASSWORD", "DATABASE_URL", "EMAIL_URL"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "TRANSCODER_WEBHOOK"),
)
OF_THE_ENGINE = (
    *("ENGINE_SECRET", "WORKER_DATABASE_URL", "B2_APPLICATION_KEY_ID", "B2_APPLICATION_KEY"),
    *("ANNOUNCEMENTS_URL", "BROKER_URL"),
)
SECRETS = (*OF_THE_SITE, *OF_THE_ENGINE, "TRANSLOADIT_SECRET", "VIDEOS_TOKEN", "NOTIFICATIONS_URL")
QUEUES = ("amqp", "amqps", "kafka", "kafka+ssl")
LISTENING = {"HOST": "127.0.0.1", "WEB_PORT": "8000", "WORKER_PORT": "5678"}
WITHOUT_FRONT = (
    "CatTube runs without its front, so that a few slow visitors can stop it (docs/install.md says more)"
)


def site_processes(front: Front | Apache | None, *, consumes: bool) -> list[SiteProcess]:
    """The processes in the order of their start. consumes: notifications come from a queue."""
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    engine = SiteProcess("engine", [*gunicorn, "app:app"], WORKER, OF_THE_SITE)
    consuming = [sys.executable, "manage.py", "consume_notifications"]
    consumer = SiteProcess("consumer of notifications", consuming, WEB, OF_THE_ENGINE)
    consumers = [consumer] if consumes else []
    if isinstance(front, Apache):
        apache = SiteProcess("Apache", front.argv, WEB, OF_THE_ENGINE, leftovers=front.leftovers)
        return [apache, engine, *consumers]
    web_app = SiteProcess("web app", [*gunicorn, "cattube.wsgi"], WEB, OF_THE_ENGINE)
    processes = [engine, web_app, *consumers]
    if front:
        processes.insert(
            0,
            SiteProcess(
                "front",
                front.argv,
                front.folder,
                SECRETS,
                leftovers=front.leftovers,
                renewed_every_seconds=WORKER_SECONDS,
            ),
        )
    return processes


def prepare(environment: Mapping[str, str]) -> None:
    """Check that the bucket opens; prepare database, static files and first account. Raises StartError."""
    first = ["doctor", "--before-start"]
    for command in (first, ["migrate", "--noinput"], ["collectstatic", "--noinput"], ["ensure_admin"]):
        quiet = [] if command == ["ensure_admin"] else ["--verbosity=0"]
        argv = [sys.executable, "manage.py", *command, *quiet]
        own = without(environment, OF_THE_ENGINE)
        if subprocess.run(argv, cwd=WEB, env=own, check=False).returncode != 0:
            raise StartError(f"manage.py {command[0]} failed; its message is above. Nothing was started.")


def share_bucket(
    environment: dict[str, str], *, site_file: Mapping[str, str], engine_file: Mapping[str, str]
) -> None:
    """Give the engine the site's private bucket, unless it has settings of its own for one.

    site_file, engine_file: what stands in the `.env` of the rooms; the environment wins over both.
    """
    if any(environment.get(name) or engine_file.get(name) for name in ENGINE_NAMES.values()):
        return
    site = {name: environment.get(name) or site_file.get(name) or "" for name in (*ENGINE_NAMES, REGION)}
    if not site["AWS_PRIVATE_BUCKET_NAME"]:
        return
    site["AWS_S3_ENDPOINT_URL"] = site["AWS_S3_ENDPOINT_URL"] or f"https://s3.{site[REGION]}.backblazeb2.com"
    site["AWS_S3_CUSTOM_DOMAIN"] = site["AWS_S3_CUSTOM_DOMAIN"].rpartition("://")[2].rstrip("/")
    environment.update({engine: site[name] for name, engine in ENGINE_NAMES.items()})


def share_site_address(
    environment: dict[str, str], *, site_file: Mapping[str, str], engine_file: Mapping[str, str]
) -> None:
    """Let the engine notify the site at a private address of SITE_URL or NOTIFICATIONS_URL, unless told whom.

    site_file, engine_file: as in `share_bucket`.
    """
    if any(environment.get(name) or engine_file.get(name) for name in ("NOTIFY_HOSTS", "TRUSTED_HOSTS")):
        return
    names = ("SITE_URL", "NOTIFICATIONS_URL")
    addresses = (urlsplit(environment.get(name) or site_file.get(name) or "") for name in names)
    hosts = [address.netloc for address in addresses if address.scheme in ("http", "https")]
    if hosts:
        environment["NOTIFY_HOSTS"] = ",".join(["127.0.0.1:*", "localhost:*", *hosts])


def share_queues(
    environment: dict[str, str], *, site_file: Mapping[str, str], engine_file: Mapping[str, str]
) -> bool:
    """Let both rooms know the queues that one of them is told, and tell if notifications come from one.

    site_file, engine_file: as in `share_bucket`.
    """
    announcements = environment.get("TRANSCODER_WEBHOOK") or site_file.get("TRANSCODER_WEBHOOK") or ""
    own = environment.get("ANNOUNCEMENTS_URL") or engine_file.get("ANNOUNCEMENTS_URL")
    if is_queue_address(announcements) and not own:
        environment["ANNOUNCEMENTS_URL"] = announcements
    name = "NOTIFICATIONS_URL"
    notifications = environment.get(name) or site_file.get(name) or ""
    if is_queue_address(notifications) and not engine_file.get(name):
        environment[name] = notifications
    return is_queue_address(notifications)


def open_front(
    environment: dict[str, str], *, site_file: Mapping[str, str], engine_file: Mapping[str, str]
) -> Front | Apache | None:
    """The front, of which the rooms are told; None if FRONT=off or there is no nginx. Raises StartError.

    site_file, engine_file: as in `share_bucket`.
    """
    site_texts = {**site_file, **environment}
    if site_texts.get("FRONT") == "off":
        return None
    engine_texts = {**engine_limits(WORKER / "config.json"), **engine_file, **environment}
    if site_texts.get("FRONT") == "apache":
        return open_apache(environment, apache_plan_of(site_texts, engine_texts))
    plan = plan_of(site_texts, engine_texts)
    try:
        front = prepare_front(Path(environment["CATTUBE_DATA"]), plan)
    except FrontUnavailable as error:
        print(f"{WITHOUT_FRONT}: {error}.", file=sys.stderr, flush=True)
        environment["FRONT"] = "missing"
        return None
    environment.update(front.room_settings)
    return front


def is_queue_address(text: str) -> bool:
    return text.partition("://")[0].lower() in QUEUES


def open_apache(environment: dict[str, str], plan: ApachePlan) -> Apache:
    """Apache, of which the rooms are told. Raises StartError: who names it wants no other."""
    try:
        apache = prepare_apache(Path(environment["CATTUBE_DATA"]), plan)
    except FrontUnavailable as error:
        raise StartError(f"FRONT=apache: {error}.") from None
    environment.update(apache.room_settings)
    return apache


def settings_in(file: Path) -> dict[str, str]:
    return {name: text for name, text in dotenv_values(file).items() if text}


def lock_state_folder(data: Path) -> int:
    """Hold the state folder for this process alone; the lock ends with it. Raises StartError."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(data / "run.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StartError(f"CatTube already runs on {data}. Stop it first, or set CATTUBE_DATA.") from None
    return lock


def run(environment: Mapping[str, str], front: Front | Apache | None, *, consumes: bool) -> None:
    host = environment["HOST"]
    reachable = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    site = f"http://{reachable}:{environment['WEB_PORT']}"
    engine = f"http://{reachable}:{environment['WORKER_PORT']}"
    for address in (site, engine):
        if is_up(address):
            raise StartError(f"Something already answers at {address}. Set WEB_PORT and WORKER_PORT.")
    processes = site_processes(front, consumes=consumes)
    try:
        prepare(environment)
        for process in processes:
            process.start(environment)
        wait_until_ready(processes, [site, engine], sockets=front.room_sockets if front else ())
        print(f"\nCatTube is ready: {site}\n(engine {engine}; Ctrl-C stops both)\n", flush=True)
        keep_running(processes, environment)
    finally:
        stop(processes)


def version() -> str:
    """Version of CatTube. Read, not imported: this program needs no package of the site."""
    number: str = runpy.run_path(str(WEB / "cattube" / "version.py"))["VERSION"]
    return f"CatTube {number}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Start the whole site and keep it running.")
    parser.add_argument("--version", action="version", version=version())
    parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, ALL_SIGNALS)
    # Nothing of the state is for other users of this machine.
    os.umask(0o077)
    environment = dict(os.environ)
    data = Path(environment.setdefault("CATTUBE_DATA", str(ROOT / "data"))).resolve()
    environment["CATTUBE_DATA"] = str(data)
    files = {"site_file": settings_in(WEB / ".env"), "engine_file": settings_in(WORKER / ".env")}
    share_bucket(environment, **files)
    share_site_address(environment, **files)
    consumes = share_queues(environment, **files)
    # A process of its own would cost as much memory as the pages.
    environment["RECONCILE"] = "inside"
    for name, text in LISTENING.items():
        environment.setdefault(name, text)
    try:
        lock = lock_state_folder(data)
        with contextlib.ExitStack() as cleanup:
            front = open_front(environment, **files)
            if front:
                cleanup.callback(front.close)
            run(environment, front, consumes=consumes)
        os.close(lock)
    except StartError as error:
        print(f"CatTube did not start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
