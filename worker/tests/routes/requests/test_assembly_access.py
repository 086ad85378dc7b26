"""Who may read and cancel an assembly, and until when (D49)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from ...conftest import SECRET, UPLOAD_ONLY, TestEngine, open_test_engine

HOUR = 3600
READS = ["/assemblies/{id}", "/events?assembly={id}", "/assembly_notifications/{id}"]


@pytest.fixture
def ended(engine: TestEngine) -> dict[str, Any]:
    """An assembly that has just ended."""
    return engine.assembly(expected=0)


def token(engine: TestEngine, scope: str) -> dict[str, str]:
    """The header of a bearer token with that scope, made now."""
    form = {"grant_type": "client_credentials", "aud": "api2", "scope": scope}
    answer = engine.client.post("/token", data=form, auth=("key", SECRET)).get_json()
    return {"Authorization": f"Bearer {answer['access_token']}"}


@pytest.mark.parametrize("path", READS)
def test_d49_id_alone_shows_an_assembly_for_an_hour_after_its_end(
    engine: TestEngine, ended: dict[str, Any], path: str
) -> None:
    url = path.format(id=ended["assembly_id"])
    engine.clock.advance(HOUR - 1)
    at_first = engine.get(url)
    engine.clock.advance(2)

    later = engine.get(url)

    assert at_first.status_code == 200
    assert (later.status_code, later.get_json()["error"]) == (403, "SERVER_403")
    assert later.get_json()["http_code"] == 403
    assert "Sign the request" in later.get_json()["message"]
    assert b"ASSEMBLY_COMPLETED" not in later.data


@pytest.mark.parametrize("path", READS)
def test_d49_id_alone_shows_an_assembly_that_is_at_work_however_long(engine: TestEngine, path: str) -> None:
    assembly = engine.assembly()
    engine.clock.advance(20 * HOUR)

    with engine.client.get(path.format(id=assembly["assembly_id"])) as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("path", READS)
def test_account_reads_an_ended_assembly_at_any_time(
    engine: TestEngine, ended: dict[str, Any], path: str
) -> None:
    url = path.format(id=ended["assembly_id"])
    engine.clock.advance(20 * HOUR)

    by_signature = engine.client.get(_with_query(url, engine.signed_now()))
    by_token = engine.get(url, **token(engine, "assemblies:read"))

    assert (by_signature.status_code, by_token.status_code) == (200, 200)
    by_signature.close()


@pytest.mark.parametrize("path", READS)
def test_d49_what_is_not_the_accounts_own_signature_shows_nothing(
    engine: TestEngine, ended: dict[str, Any], path: str
) -> None:
    url = path.format(id=ended["assembly_id"])
    engine.clock.advance(2 * HOUR)
    signed = engine.signed_now()
    forged, bare = {**signed, "signature": "sha384:00"}, {"params": signed["params"]}

    for query in (forged, bare):
        assert engine.client.get(_with_query(url, query)).status_code == 400
    for headers in (token(engine, "templates:read"), {"Authorization": "Bearer x"}):
        assert engine.get(url, **headers).status_code in {401, 403}


def test_d49_id_alone_cancels_what_is_at_work_and_nothing_that_has_ended(
    engine: TestEngine, ended: dict[str, Any]
) -> None:
    at_work = engine.assembly()

    cancelled = engine.client.delete(f"/assemblies/{at_work['assembly_id']}")
    again = engine.client.delete(f"/assemblies/{at_work['assembly_id']}")
    too_late = engine.client.delete(f"/assemblies/{ended['assembly_id']}")

    assert [answer.get_json().get("ok") for answer in (cancelled, again)] == ["ASSEMBLY_CANCELED"] * 2
    assert too_late.status_code == 403
    assert "Sign the request" in too_late.get_json()["message"]


def test_d49_refused_cancel_leaves_the_files_that_were_kept(engine: TestEngine) -> None:
    assembly = engine.assembly(steps=UPLOAD_ONLY)
    engine.upload(assembly, b"meow")
    engine.work()

    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")

    assert engine.get(engine.status(assembly)["uploads"][0]["url"]).data == b"meow"


@pytest.mark.parametrize("encoding", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_account_cancels_an_ended_assembly_in_either_encoding(
    engine: TestEngine, ended: dict[str, Any], encoding: str
) -> None:
    path = f"/assemblies/{ended['assembly_id']}"

    by_signature = engine.client.delete(path, data=engine.signed({}), content_type=encoding)
    by_token = engine.client.delete(path, headers=token(engine, "assemblies:write"))
    by_reader = engine.client.delete(path, headers=token(engine, "assemblies:read"))

    assert [answer.status_code for answer in (by_signature, by_token, by_reader)] == [200, 200, 403]


def test_operator_says_how_long_the_id_is_enough(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, status_public_hours=3)
    path = f"/assemblies/{engine.assembly(expected=0)['assembly_id']}"

    engine.clock.advance(2 * HOUR)
    before = engine.client.get(path).status_code
    engine.clock.advance(2 * HOUR)

    assert (before, engine.client.get(path).status_code) == (200, 403)
    engine.close()


def _with_query(url: str, fields: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"
