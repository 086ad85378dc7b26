"""POST /assemblies/{id}/replay: the same files, once more."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cattube_worker.assemblies.model import PROBE, Upload
from cattube_worker.assemblies.uploads.received_files import ReceivedFile
from cattube_worker.execution.replays.original_files import OriginalFiles
from cattube_worker.execution.replays.replay import ReplayRequest
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.storage import Stores
from cattube_worker.storage.local import LocalStore

from ..conftest import STORE_ORIGINAL, UPLOAD_ONLY, TestEngine, files_below, open_test_engine

DAY = 24 * 3600


def replay(engine: TestEngine, assembly: dict[str, Any], **document: Any) -> TestResponse:
    return engine.client.post(f"/assemblies/{assembly['assembly_id']}/replay", data=engine.signed(document))


def replayed(engine: TestEngine, assembly: dict[str, Any], **document: Any) -> dict[str, Any]:
    """The status of the new assembly when it has ended."""
    response = replay(engine, assembly, **document)
    assert response.status_code == 200, response.json
    engine.work()
    return engine.status(response.get_json())


def done(engine: TestEngine, **document: Any) -> dict[str, Any]:
    """An assembly that has ended, with one file."""
    assembly = engine.assembly(**document)
    engine.upload(assembly, b"meow", filename="cat.txt", fieldname="pet", mood="fine")
    engine.work()
    return assembly


@pytest.mark.parametrize("steps", [UPLOAD_ONLY, STORE_ORIGINAL], ids=["kept aside", "stored"])
def test_replay_is_a_new_assembly_with_the_same_files(engine: TestEngine, steps: Any) -> None:
    assembly = done(engine, steps=steps, notify_url="http://example.org/n", fields={"a": 1})

    answer = replay(engine, assembly)
    engine.work()
    status = engine.status(answer.get_json())

    told = answer.get_json()
    assert (told["ok"], told["success"]) == ("ASSEMBLY_REPLAYING", True)
    assert told["notify_url"] == "http://example.org/n"
    assert told["assembly_id"] != assembly["assembly_id"]
    assert told["assembly_ssl_url"].endswith(f"/assemblies/{told['assembly_id']}")
    assert (status["ok"], status["parent_id"]) == ("ASSEMBLY_COMPLETED", assembly["assembly_id"])
    assert status["fields"] == {"a": 1}
    upload, before = status["uploads"][0], engine.status(assembly)["uploads"][0]
    for key in ("name", "field", "user_meta", "md5hash", "size"):
        assert upload[key] == before[key]
    assert upload["id"] != before["id"]
    assert engine.content(upload) == b"meow"


def test_files_of_a_form_are_replayed_like_others(engine: TestEngine) -> None:
    form = {**engine.signed({"steps": STORE_ORIGINAL}), "f": (io.BytesIO(b"meow"), "cat.txt"), "mood": "fine"}
    assembly = engine.client.post("/assemblies", data=form).get_json()
    engine.work()

    status = replayed(engine, assembly)

    assert status["num_input_files"] == 1
    assert status["fields"] == {"mood": "fine"}


def test_replay_can_be_replayed(engine: TestEngine) -> None:
    first = replayed(engine, done(engine))

    assert replayed(engine, first)["parent_id"] == first["assembly_id"]


def test_overrides_are_laid_over_what_was_done_before(engine: TestEngine) -> None:
    assembly = done(engine, fields={"a": 1, "b": 2}, notify_url="http://example.org/1")

    status = replayed(
        engine,
        assembly,
        fields={"b": 3},
        notify_url="http://example.org/2",
        steps={"exported": STORE_ORIGINAL["exported"]},
    )

    assert status["fields"] == {"a": 1, "b": 3}
    assert status["notify_url"] == "http://example.org/2"
    assert status["results"].keys() == {":original"}
    assert json.loads(status["params"])["fields"] == {"a": 1, "b": 3}


def test_steps_may_be_overridden_in_part(engine: TestEngine) -> None:
    assembly = done(engine, steps=STORE_ORIGINAL)

    replayed(engine, assembly, steps={"exported": {"path": "${assembly.parent_id}/${file.name}"}})

    assert f"{assembly['assembly_id']}/cat.txt" in files_below(engine.settings.bucket_dir)


def test_steps_in_a_list_stand_for_those_at_their_places(engine: TestEngine) -> None:
    assembly = done(engine, steps=STORE_ORIGINAL)

    status = replayed(engine, assembly, steps=[None, {"path": "by place/${file.name}"}])

    steps = json.loads(status["merged_params"])["steps"]
    assert steps.keys() == STORE_ORIGINAL.keys()
    assert "by place/cat.txt" in files_below(engine.settings.bucket_dir)


def test_replay_says_so_until_its_files_have_been_looked_at(engine: TestEngine) -> None:
    first = done(engine, steps=STORE_ORIGINAL)

    child = replay(engine, first).get_json()

    assert engine.status(child)["ok"] == "ASSEMBLY_REPLAYING"
    engine.runner(PROBE).run_once()
    assert engine.status(child)["ok"] == "ASSEMBLY_EXECUTING"


def test_announced_video_is_replayed_and_its_webhook_told_again(tmp_path: Any) -> None:
    engine = open_test_engine(tmp_path, allow_anonymous_videos="true")
    video = {"inputObject": "cat.txt", "webhook": "http://site.test/done"}
    (engine.settings.bucket_dir / "cat.txt").write_bytes(b"meow")
    announced = engine.client.post("/videos", json=video).get_json()
    engine.work()

    status = replayed(engine, announced)

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert (json.loads(status["params"]), status["notify_url"]) == (video, video["webhook"])
    engine.close()


@pytest.mark.parametrize(
    ("asked", "mood"),
    [
        pytest.param({}, "old", id="as it was"),
        pytest.param({"reparse_template": 0}, "old", id="not parsed again"),
        pytest.param({"reparse_template": 1}, "new", id="parsed again"),
        pytest.param({"template_id": "other"}, "other", id="another template"),
    ],
)
def test_template_counts_as_it_was_unless_asked_otherwise(
    engine: TestEngine, asked: dict[str, Any], mood: str
) -> None:
    def content(mood: str) -> dict[str, Any]:
        return {"template": {"steps": {**UPLOAD_ONLY, f"{mood}_store": STORE_ORIGINAL["exported"]}}}

    for name in ("old", "other"):
        engine.client.post("/templates", data=engine.signed({"name": name, **content(name)}))
    assembly = done(engine, template_id="old", steps=None)
    engine.client.put("/templates/old", data=engine.signed(content("new")))

    status = replayed(engine, assembly, **asked)

    assert json.loads(status["merged_params"])["steps"].keys() == {":original", f"{mood}_store"}
    assert status["template_name"] == asked.get("template_id", "old")


def test_template_that_forbids_other_steps_does_so_for_replays(engine: TestEngine) -> None:
    """W11"""
    content = {"steps": UPLOAD_ONLY, "allow_steps_override": False}
    engine.client.post("/templates", data=engine.signed({"name": "cats", "template": content}))
    assembly = done(engine, template_id="cats", steps=None)

    for reparse in (0, 1):
        answer = replay(engine, assembly, steps=STORE_ORIGINAL, reparse_template=reparse)
        assert answer.get_json()["error"] == "TEMPLATE_DENIES_STEPS_OVERRIDE"
    assert list(engine.settings.uploads_dir.iterdir()) == []


def test_template_that_is_gone_cannot_be_parsed_again(engine: TestEngine) -> None:
    engine.client.post("/templates", data=engine.signed({"name": "cats", "template": {"steps": UPLOAD_ONLY}}))
    assembly = done(engine, template_id="cats", steps=None)
    engine.client.delete("/templates/cats", data=engine.signed({}))

    assert replay(engine, assembly, reparse_template=1).get_json()["error"] == "TEMPLATE_NOT_FOUND"
    assert replayed(engine, assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_t52_assembly_at_work_is_replayed_and_goes_on(engine: TestEngine) -> None:
    """The Go SDK's own example replays what it has just started."""
    first = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(first, b"meow", filename="cat.txt")

    child = replay(engine, first)
    at_work = engine.status(first)["ok"]
    engine.work()

    assert (child.status_code, at_work) == (200, "ASSEMBLY_EXECUTING")
    ends = [engine.status(assembly) for assembly in (first, child.get_json())]
    assert [status["ok"] for status in ends] == ["ASSEMBLY_COMPLETED"] * 2
    assert [status["uploads"][0]["md5hash"] for status in ends] == [hashlib.md5(b"meow").hexdigest()] * 2


def test_t52_assembly_that_ends_during_its_replay_is_replayed_all_the_same(engine: TestEngine) -> None:
    class Ending(OriginalFiles):
        """Finds the files only after the assembly has ended, and they were moved."""

        @contextmanager
        def adopted(
            self, uploads: Sequence[Upload], files: Mapping[str, AssemblyFile], child_id: str
        ) -> Iterator[list[ReceivedFile]]:
            engine.work()
            with super().adopted(uploads, files, child_id) as adopted:
                yield adopted

    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow", filename="cat.txt")
    usual = engine.parts.arrivals.replays.originals
    originals = Ending(upload_files=usual.upload_files, results=usual.results, local_store=usual.local_store)
    request = ReplayRequest(parent_id=assembly["assembly_id"], document={}, base_url="http://localhost")

    child = replace(engine.parts.arrivals.replays, originals=originals).replay(request)
    engine.work()

    assert engine.status({"assembly_id": child.id})["ok"] == "ASSEMBLY_COMPLETED"


def test_assembly_that_waits_for_files_is_not_replayed(engine: TestEngine) -> None:
    answer = replay(engine, engine.assembly())

    assert (answer.status_code, answer.get_json()["error"]) == (400, "ASSEMBLY_NOT_FINISHED")


def test_assembly_whose_files_never_came_is_not_replayed(engine: TestEngine) -> None:
    assembly = engine.assembly()
    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")

    answer = replay(engine, assembly)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "ASSEMBLY_CANNOT_BE_REPLAYED")


def test_files_that_were_not_stored_are_kept_for_a_day(engine: TestEngine) -> None:
    assembly = done(engine)
    folder = engine.settings.results_dir / assembly["assembly_id"]
    engine.clock.now = folder.stat().st_mtime + DAY - 60
    engine.cleanup.expire_results()
    form = {"auth": {"expires": "2099/01/01 00:00:00+00:00"}}
    object.__setattr__(engine.parts.foundation.account, "max_signature_seconds", 10**10)

    kept = replay(engine, assembly, **form)
    engine.clock.advance(120)
    engine.cleanup.expire_results()
    gone = replay(engine, assembly, **form)

    assert kept.status_code == 200
    assert (gone.status_code, gone.get_json()["error"]) == (400, "ASSEMBLY_CANNOT_BE_REPLAYED")


def test_files_that_were_stored_elsewhere_are_kept_here_for_replays(
    engine: TestEngine, tmp_path: Any
) -> None:
    class Foreign(LocalStore):
        def url(self, key: str) -> str:
            return f"https://bucket.example/{key}"

    engine.use_stores(Stores({"cattube": Foreign(tmp_path / "foreign", lambda key, _: key)}))
    assembly = done(engine, steps=STORE_ORIGINAL)

    status = replayed(engine, assembly, steps={"exported": {"path": "again"}})

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert (tmp_path / "foreign" / "again").read_bytes() == b"meow"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"fields": []}, id="fields"),
        pytest.param({"steps": "all"}, id="steps"),
        pytest.param({"steps": [1]}, id="no step"),
        pytest.param({"steps": [{}, {}]}, id="more steps than there are"),
    ],
)
def test_override_that_makes_no_sense_is_refused(engine: TestEngine, document: dict[str, Any]) -> None:
    """W08"""
    answer = replay(engine, done(engine), **document)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "ASSEMBLY_NOT_REPLAYED")


def test_replay_is_for_the_holder_of_the_secret_alone(engine: TestEngine) -> None:
    """W19"""
    assembly = done(engine)
    path = f"/assemblies/{assembly['assembly_id']}/replay"

    unsigned = engine.client.post(path, data={"params": engine.signed({})["params"]})
    forged = engine.client.post(path, data=engine.signed({}, secret="another"))
    foreign = replay(engine, assembly, auth={"key": "another"})
    unknown = replay(engine, {"assembly_id": "0" * 32})

    assert unsigned.get_json()["error"] == "NO_SIGNATURE_FIELD"
    assert forged.get_json()["error"] == "INVALID_SIGNATURE"
    assert foreign.get_json()["error"] == "GET_ACCOUNT_UNKNOWN_AUTH_KEY"
    assert (unknown.status_code, unknown.get_json()["error"]) == (404, "ASSEMBLY_NOT_FOUND")
