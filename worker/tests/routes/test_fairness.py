"""One owner, or one address, beside others: what each takes up is counted for both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import PROBE, WORK
from cattube_worker.errors import TryLater
from cattube_worker.outbound.http import Outbound

from ..conftest import UPLOAD_ONLY, TestEngine, open_test_engine, upload_metadata

ALICE: dict[str, Any] = {"fields": {"owner": "alice"}}
BOB: dict[str, Any] = {"fields": {"owner": "bob"}}
HOME, CAFE = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    """An engine on which eight assemblies may wait, two of each; nine may send, three of each."""
    engine = open_test_engine(
        tmp_path,
        max_waiting_assemblies=8,
        max_waiting_assemblies_per_owner=2,
        max_concurrent_uploads=9,
        max_pending_bytes_per_owner=1000,
        max_event_streams=8,
    )
    yield engine
    engine.close()


def create(
    engine: TestEngine, document: dict[str, Any] = ALICE, *, address: str = "127.0.0.1", **form: str
) -> TestResponse:
    signed = engine.signed({"steps": UPLOAD_ONLY, **document})
    data = {**signed, "num_expected_upload_files": "1", **form}
    return engine.client.post("/assemblies", data=data, environ_overrides={"REMOTE_ADDR": address})


def announce(engine: TestEngine, assembly: Any, size: int) -> TestResponse:
    headers = {"Upload-Length": str(size), "Upload-Metadata": upload_metadata(assembly["assembly_url"])}
    return engine.client.post("/resumable/files/", headers={**engine.tus, **headers})


def video(name: str, owner: str | None = "alice") -> dict[str, Any]:
    return {"fields": {"video": name} | ({"owner": owner} if owner else {})}


def test_m30_assemblies_of_one_owner_leave_places_for_others(engine: TestEngine) -> None:
    first, second = (create(engine, address=address) for address in (HOME, CAFE))

    refused, other = create(engine), create(engine, BOB)

    assert (first.status_code, second.status_code, other.status_code) == (200, 200, 200)
    assert (refused.status_code, refused.get_json()["error"]) == (429, "RATE_LIMIT_REACHED")
    assert refused.get_json()["info"] == {"retryIn": 5}
    assert "2 of your assemblies wait" in refused.get_json()["message"]
    engine.client.delete(f"/assemblies/{first.get_json()['assembly_id']}")
    assert create(engine).status_code == 200


@pytest.mark.parametrize("document", [{}, ALICE], ids=["without an owner", "with an owner"])
def test_m30_assemblies_of_one_address_leave_places_for_others(
    engine: TestEngine, document: dict[str, Any]
) -> None:
    for _ in range(2):
        assert create(engine, document, address=HOME).status_code == 200

    refused, other = create(engine, BOB, address=HOME), create(engine, BOB, address=CAFE)

    assert (refused.status_code, other.status_code) == (429, 200)


def test_m30_proxy_on_this_machine_stands_for_everybody(engine: TestEngine) -> None:
    answers = [create(engine, {}).status_code for _ in range(9)]

    assert answers == [200] * 8 + [429]


def test_m30_owner_is_believed_only_where_it_is_signed(engine: TestEngine) -> None:
    for number in range(2):
        assert create(engine, ALICE, owner=f"nobody {number}").status_code == 200

    assert create(engine, ALICE, owner="nobody").status_code == 429
    assert create(engine, {}, owner="alice").status_code == 200


def test_m30_unsigned_request_has_no_owner(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, require_signature=False, max_waiting_assemblies_per_owner=1)
    engine.assembly(**ALICE)
    unsigned = {**engine.signed({"steps": UPLOAD_ONLY, **ALICE}), "num_expected_upload_files": "1"}

    answer = engine.client.post("/assemblies", data={**unsigned, "signature": None})

    assert answer.status_code == 200
    engine.close()


@pytest.mark.parametrize("owner", [7, None, {"a": 1}, "", "x" * 201])
def test_field_that_is_no_name_is_no_owner(engine: TestEngine, owner: object) -> None:
    answers = [create(engine, {"fields": {"owner": owner}}).status_code for _ in range(3)]

    assert answers == [200] * 3


def test_m31_new_attempt_at_a_video_ends_the_one_that_waits(engine: TestEngine) -> None:
    assemblies = [create(engine, video("cat")).get_json() for _ in range(5)]

    states = [engine.status(assembly)["ok"] for assembly in assemblies]

    assert states == ["ASSEMBLY_CANCELED"] * 4 + ["ASSEMBLY_UPLOADING"]
    assert announce(engine, assemblies[0], 4).get_json()["error"] == "ASSEMBLY_SATURATED"
    assert create(engine, video("dog")).status_code == 200


def test_m31_attempt_that_is_being_worked_on_goes_on(engine: TestEngine) -> None:
    first = create(engine, video("cat")).get_json()
    engine.upload(first, b"meow")

    create(engine, video("cat"))
    engine.work()

    assert engine.status(first)["ok"] == "ASSEMBLY_COMPLETED"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(video("cat"), video("cat", "bob"), id="of another owner"),
        pytest.param(video("cat"), video("dog"), id="for another video"),
        pytest.param(video("cat", None), video("cat", None), id="without an owner"),
    ],
)
def test_m31_attempt_ends_no_other_assembly(
    engine: TestEngine, first: dict[str, Any], second: dict[str, Any]
) -> None:
    assembly = create(engine, first).get_json()

    create(engine, second)

    assert engine.status(assembly)["ok"] == "ASSEMBLY_UPLOADING"


def test_m31_attempt_that_is_refused_ends_nothing(engine: TestEngine) -> None:
    assembly = create(engine, video("cat")).get_json()
    signed = {**engine.signed({"steps": UPLOAD_ONLY, **video("cat")}), "num_expected_upload_files": "1"}
    second = engine.client.post("/assemblies", data=signed).get_json()

    replayed = engine.client.post("/assemblies", data=signed)
    impossible = create(engine, {**video("cat"), "steps": {"x": {"robot": "/no/such"}}})

    assert (replayed.get_json()["error"], impossible.status_code) == ("SIGNATURE_REUSE_DETECTED", 400)
    states = [engine.status(each)["ok"] for each in (assembly, second)]
    assert states == ["ASSEMBLY_CANCELED", "ASSEMBLY_UPLOADING"]


def test_m32_senders_of_one_owner_leave_slots_for_others(engine: TestEngine) -> None:
    alices, bobs = (create(engine, document).get_json() for document in (ALICE, BOB))
    uploads = [engine.open_upload(assembly, 4) for assembly in (alices, bobs)]
    holders = ("owner alice",)

    for _ in range(3):
        assert engine.uploads.slots.take(holders)
    alices_answer, bobs_answer = (engine.patch(upload, b"meow") for upload in uploads)
    engine.uploads.slots.give_back(holders)

    assert (alices_answer.status_code, alices_answer.get_json()["error"]) == (503, "RATE_LIMIT_REACHED")
    assert alices_answer.headers["Retry-After"] == "5"
    assert bobs_answer.status_code == 204
    assert engine.patch(uploads[0], b"meow").status_code == 204


def test_m32_senders_from_one_address_leave_slots_for_others(engine: TestEngine) -> None:
    upload = engine.open_upload(create(engine, {}).get_json(), 4)
    for _ in range(3):
        assert engine.uploads.slots.take((f"address {HOME}/32",))

    answers = [
        engine.client.patch(
            upload,
            data=b"meow",
            headers={
                **engine.tus,
                "Upload-Offset": "0",
                "Content-Type": "application/offset+octet-stream",
            },
            environ_overrides={"REMOTE_ADDR": address},
        )
        for address in (HOME, CAFE)
    ]

    assert [answer.status_code for answer in answers] == [503, 204]


def test_m32_fetches_of_one_owner_leave_threads_for_others(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, bobs = (create(engine, document).get_json() for document in (ALICE, ALICE, BOB))
    waiting, answers = [second, bobs], list[int]()

    def add(assembly: dict[str, Any]) -> TestResponse:
        path = f"/assemblies/{assembly['assembly_id']}/add_file"
        return engine.client.post(path, query_string={"size": "4", "s3Url": "https://a.example/b"})

    def download(_: Outbound, _url: str, target: Path, *, max_bytes: int) -> None:
        target.write_bytes(b"meow")
        while waiting:  # The others come while this one is on its way.
            answers.append(add(waiting.pop(0)).status_code)

    monkeypatch.setattr(Outbound, "download", download)

    assert add(first).status_code == 200
    assert answers == [503, 200]
    assert add(second).status_code == 200


def test_m33_bytes_of_one_owner_that_wait_to_be_processed_have_a_bound(engine: TestEngine) -> None:
    first, second, bobs = (create(engine, document).get_json() for document in (ALICE, ALICE, BOB))
    upload = announce(engine, first, 600).headers["Location"]

    refused, other = announce(engine, second, 600), announce(engine, bobs, 600)
    engine.patch(upload, bytes(600))
    still = announce(engine, second, 600)
    engine.work()

    assert (refused.status_code, refused.get_json()["error"]) == (503, "RATE_LIMIT_REACHED")
    assert "600 bytes of yours wait to be processed" in refused.get_json()["message"]
    assert (other.status_code, still.status_code) == (201, 503)
    assert announce(engine, second, 600).status_code == 201


def test_m33_files_that_only_batch_work_is_left_for_do_not_count(engine: TestEngine) -> None:
    kept = {"robot": "/backblaze/store", "use": ":original", "credentials": "cattube", "queue": "batch"}
    steps = {**UPLOAD_ONLY, "kept": {**kept, "path": "${file.name}"}}
    first, second = (create(engine, {**ALICE, "steps": steps}).get_json() for _ in range(2))
    engine.patch(announce(engine, first, 600).headers["Location"], bytes(600))
    while engine.runner(PROBE).run_once() or engine.runner(WORK).run_once():
        pass

    answer = announce(engine, second, 600)

    assert engine.status(first)["ok"] == "ASSEMBLY_EXECUTING"
    assert answer.status_code == 201


def test_m33_one_file_may_always_come(engine: TestEngine) -> None:
    assert announce(engine, create(engine).get_json(), 5000).status_code == 201


def test_m33_upload_of_unknown_length_counts_with_what_came(engine: TestEngine) -> None:
    assembly = create(engine).get_json()
    headers = {"Upload-Defer-Length": "1", "Upload-Metadata": upload_metadata(assembly["assembly_url"])}
    upload = engine.client.post("/resumable/files/", headers={**engine.tus, **headers}).headers["Location"]

    answers = [engine.patch(upload, bytes(600), offset).status_code for offset in (0, 600)]

    assert answers == [204, 503]


def test_m34_streams_of_one_owner_leave_places_for_others(engine: TestEngine) -> None:
    alices = [create(engine).get_json() for _ in range(2)]
    bobs = create(engine, BOB).get_json()

    watched = [
        engine.client.get(f"/events?assembly={assembly['assembly_id']}")
        for assembly in (alices[0], alices[1], alices[1], bobs)
    ]

    assert [answer.status_code for answer in watched] == [200, 200, 503, 200]
    for answer in watched:
        answer.close()


def test_sender_is_kept_over_a_restart(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, max_waiting_assemblies_per_owner=1)
    engine.assembly(**ALICE)
    engine.close()

    engine = open_test_engine(tmp_path, engine.clock, max_waiting_assemblies_per_owner=1)

    assert (engine.create(**ALICE).status_code, engine.create(**BOB).status_code) == (429, 200)
    engine.close()


def test_address_is_forgotten_when_an_assembly_ends(engine: TestEngine) -> None:
    assembly = create(engine, address=HOME).get_json()
    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")

    with engine.database.read() as session:
        row = repository.get(session, assembly["assembly_id"])

    assert (row.owner, row.network) == ("alice", None)


def test_slot_is_given_back_after_a_failure(engine: TestEngine) -> None:
    for _ in range(5):
        with pytest.raises(OSError, match="disk"), engine.uploads.slot(("owner alice",), ""):
            raise OSError("disk")

    with engine.uploads.slot(("owner alice",), ""):
        pass
    with pytest.raises(TryLater, match="a moment"):
        _take_all(engine)


def _take_all(engine: TestEngine) -> None:
    while engine.uploads.slots.take(("owner alice",)):
        pass
    with engine.uploads.slot(("owner alice",), "in a moment"):
        pass
