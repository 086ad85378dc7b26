"""The page of hosts in the administration."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from cattube.processing.transloadit.hosts import EngineLoad, Host, Queue, RunningJob

PAGE = "/admin/hosts/"
ASSEMBLY_ID = "a" * 32


def host(name: str, *jobs: RunningJob) -> Host:
    return Host(
        name=name,
        role="worker",
        version="0.2.0",
        seen_at=timezone.now(),
        is_present=True,
        clock_offset_seconds=0.0,
        ffmpeg_version="5.1.9",
        missing_encoders=(),
        running=jobs,
    )


def shown(client: Client, monkeypatch: pytest.MonkeyPatch, *hosts: Host) -> str:
    """Text of the page when the engine has these hosts."""
    load = EngineLoad("0.2.0", hosts, (Queue("work", 3, 1, 75.0), Queue("batch", 0, 0, 0.0)))
    monkeypatch.setattr("cattube.web.pages.administration.hosts.load_of_engine", lambda: load)
    return client.get(PAGE).content.decode()


def test_job_says_where_it_runs_and_for_which_video(
    as_carol: Client, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = make_video(title="Cat & mouse", assembly_id=ASSEMBLY_ID)
    jobs = RunningJob(ASSEMBLY_ID, "resized", 42), RunningJob("b" * 32, "encoded", 7)

    page = shown(as_carol, monkeypatch, host("worker-1", *jobs), host("worker-2"))

    assert f'/admin/videos/video/{video.pk}/change/">Cat &amp; mouse</a>: resized, 42&nbsp;%' in page
    assert f"<code>{'b' * 32}</code>: encoded, 7&nbsp;%" in page
    assert "Nothing" in page[page.index("worker-2") :]


def test_depth_and_age_of_the_queues_are_shown(as_carol: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(as_carol, monkeypatch)

    assert '<th scope="row">work</th><td>3</td><td>1:15</td><td>1</td>' in page
    assert '<th scope="row">batch</th><td>0</td><td></td><td>0</td>' in page
    assert "The engine does all work by itself" in page


def test_job_of_one_machine_is_shown_with_its_video(
    as_carol: Client, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = make_video(title="Tabby", assembly_id=ASSEMBLY_ID)
    load = EngineLoad("0.2.0", (), (), running=(RunningJob(ASSEMBLY_ID, "resized", 42),))
    monkeypatch.setattr("cattube.web.pages.administration.hosts.load_of_engine", lambda: load)

    page = as_carol.get(PAGE).content.decode()

    assert f'/admin/videos/video/{video.pk}/change/">Tabby</a>: resized, 42&nbsp;%' in page


def test_f116_f117_what_keeps_jobs_waiting_is_said_above_all_else(
    as_carol: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F116, F117, F118"""
    ingest = replace(host("ingest"), role="ingest", takes_jobs=False)
    queues = (Queue("work", 3, 0, 3600.0),)
    load = EngineLoad("0.2.0", (ingest,), queues, broker_problem="Connection refused")
    monkeypatch.setattr("cattube.web.pages.administration.hosts.load_of_engine", lambda: load)

    page = as_carol.get(PAGE).content.decode()

    for sentence in ("No host is there that takes jobs", "Connection refused", "the first for 60 minutes"):
        assert page.index(sentence) < page.index("<h2>Queues</h2>")


def test_d59_host_that_needs_something_is_shown_with_what_to_do(
    as_carol: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = replace(host("worker-1"), is_present=False, seen_at=timezone.now() - timedelta(hours=2))

    page = shown(as_carol, monkeypatch, silent, replace(host("worker-2"), clock_offset_seconds=3600))

    assert "2 hours ago" in page
    assert "Its clock is 3600 s ahead of that of the database." in page
    assert "NTP" in page


def test_engine_that_is_away_is_told(as_carol: Client) -> None:
    page = as_carol.get(PAGE)

    assert page.status_code == 200
    assert "The engine does not tell what it does" in page.content.decode()


def test_page_of_hosts_is_for_administrators_alone_d05(as_alice: Client, client: Client) -> None:
    staff = Client()
    staff.force_login(User.objects.create_user("dora", is_staff=True))

    assert client.get(PAGE).status_code == 302
    assert as_alice.get(PAGE).status_code == 302
    assert staff.get(PAGE).status_code == 403


def test_page_of_hosts_is_linked_for_administrators(as_carol: Client) -> None:
    assert f'href="{PAGE}"' in as_carol.get("/admin/").content.decode()
