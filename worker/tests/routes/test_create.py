"""POST /assemblies, and the requests that it refuses."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.protocol.signature import sign

from ..conftest import SECRET, STORE_ORIGINAL, UPLOAD_ONLY, TestEngine, files_below, open_test_engine

STORE_BY_FOLDER = {
    **UPLOAD_ONLY,
    "exported": {**STORE_ORIGINAL["exported"], "path": "${fields.folder}/${file.url_name}"},
}


def test_assembly_waits_for_its_uploads(engine: TestEngine) -> None:
    status = engine.create(expected=2, fields={"video": "abc"}).get_json()

    assert status["ok"] == "ASSEMBLY_UPLOADING"
    assert (status["uploads"], status["results"]) == ([], {})  # Uppy's diff needs both from the start.
    assert status["expected_tus_uploads"] == 2
    assert status["fields"] == {"video": "abc"}
    assert status["assembly_ssl_url"] == f"http://localhost/assemblies/{status['assembly_id']}"
    assert status["tus_url"].endswith("/resumable/files/")


def test_assembly_without_uploads_is_complete_at_once(engine: TestEngine) -> None:
    assert engine.create(expected=0).get_json()["ok"] == "ASSEMBLY_COMPLETED"


def test_assembly_under_an_id_of_the_clients_own_is_made_once(engine: TestEngine) -> None:
    path = f"/assemblies/{'0a' * 16}"

    assert engine.create(path=path).get_json()["assembly_id"] == "0a" * 16
    again = engine.create(path=path)
    put = engine.client.put(path, data=engine.signed({"steps": UPLOAD_ONLY}))
    for answer in (again, put):
        assert (answer.status_code, answer.get_json()["error"]) == (400, "DO_NOT_REUSE_ASSEMBLY_IDS")


def test_put_makes_an_assembly_as_post_does(engine: TestEngine) -> None:
    answer = engine.client.put(f"/assemblies/{'0a' * 16}", data=engine.signed({"steps": UPLOAD_ONLY}))

    assert (answer.status_code, answer.get_json()["assembly_id"]) == (200, "0a" * 16)


def test_template_gives_steps_and_the_request_adds_fields(engine: TestEngine) -> None:
    form = engine.signed({"template_id": "cattube", "fields": {"video": "abc", "n": 7}})

    status = engine.client.post(
        "/assemblies", data={**form, "num_expected_upload_files": "1", "mood": "fine"}
    )

    assert status.json is not None
    assert status.json["template_id"] == "cattube"
    assert status.json["fields"] == {"video": "abc", "n": 7, "mood": "fine"}
    assert status.json["params"] == form["params"]


def test_d47_field_of_the_form_does_not_replace_a_signed_one(engine: TestEngine) -> None:
    """With the folder of another's video an uploader would store among that video's files."""
    own, other = "a" * 32, "b" * 32
    form = engine.signed({"steps": STORE_BY_FOLDER, "fields": {"folder": own}})
    file = (io.BytesIO(b"meow"), "cat.txt")

    created = engine.client.post("/assemblies", data={**form, "folder": other, "file": file}).get_json()
    engine.work()

    assert created["fields"] == {"folder": own}
    assert files_below(engine.settings.bucket_dir) == [f"{own}/cat.txt"]


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_t85_fields_of_a_form_are_as_long_as_a_status_can_repeat(engine: TestEngine, kind: str) -> None:
    """Each status tells them, so that one of six megabytes could be asked for again and again."""
    form = engine.signed({"steps": UPLOAD_ONLY})

    long, too_long = (
        engine.client.post("/assemblies", data={**form, "note": "m" * length}, content_type=kind)
        for length in (63_996, 63_997)
    )

    assert (long.status_code, long.get_json()["fields"]["note"]) == (200, "m" * 63_996)
    refusal = too_long.get_json()
    assert (too_long.status_code, refusal["error"]) == (400, "INVALID_FORM_DATA")
    assert "64,001 characters" in refusal["message"]
    assert "64,000" in refusal["message"]


def test_t85_form_has_so_many_fields_at_most(engine: TestEngine) -> None:
    form = engine.signed({"steps": UPLOAD_ONLY})
    url_encoded = "application/x-www-form-urlencoded"

    many, too_many = (
        engine.client.post(
            "/assemblies", data={**form, **{f"n{at}": "" for at in range(count)}}, content_type=url_encoded
        )
        for count in (1000, 1001)
    )

    assert (many.status_code, len(many.get_json()["fields"])) == (200, 1000)
    refusal = too_many.get_json()
    assert (too_many.status_code, refusal["error"]) == (400, "INVALID_FORM_DATA")
    assert "1,001 fields" in refusal["message"]
    assert "1,000" in refusal["message"]


def test_unsigned_request_may_name_a_field_twice_as_with_the_service(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, require_signature="false")
    form = {"params": engine.signed({"steps": UPLOAD_ONLY, "fields": {"mood": "bad"}})["params"]}

    status = engine.client.post("/assemblies", data={**form, "mood": "fine"}).get_json()

    assert status["fields"] == {"mood": "fine"}
    engine.close()


def test_files_in_the_form_are_uploads_like_any_other(engine: TestEngine) -> None:
    form = {**engine.signed({"steps": STORE_ORIGINAL}), "my_file": (io.BytesIO(b"meow"), "../cat.txt")}

    created = engine.client.post("/assemblies", data=form).get_json()
    engine.work()

    status = engine.status(created)
    assert created["ok"] == "ASSEMBLY_EXECUTING"
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert (status["uploads"][0]["name"], status["uploads"][0]["field"]) == ("cat.txt", "my_file")
    assert (status["num_input_files"], status["expected_tus_uploads"]) == (1, 0)


def test_t51_answer_to_a_form_lists_its_files_before_they_are_probed(engine: TestEngine) -> None:
    files = {"one": (io.BytesIO(b"meow"), "cat.txt"), "two": (io.BytesIO(b"purr!"), "kitten")}

    created = engine.client.post("/assemblies", data={**engine.signed({"steps": UPLOAD_ONLY}), **files})
    at_once = created.get_json()["uploads"]
    engine.work()
    probed = engine.status(created.get_json())["uploads"]

    shown = [(file["name"], file["ext"], file["size"], file["field"]) for file in at_once]
    assert shown == [("cat.txt", "txt", 4, "one"), ("kitten", "", 5, "two")]
    assert [(file["meta"], file["url"], file["md5hash"]) for file in at_once] == [({}, None, None)] * 2
    assert [file["id"] for file in at_once] == [file["id"] for file in probed]
    assert [file["tus_upload_url"] for file in probed] == [None, None]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        pytest.param(None, "ASSEMBLY_NO_STEPS", id="none"),
        pytest.param({"a": {}}, "ASSEMBLY_STEP_NO_ROBOT", id="no robot"),
        pytest.param({"a": {"robot": "/tea/make"}}, "ASSEMBLY_STEP_UNKNOWN_ROBOT", id="unknown robot"),
        pytest.param(
            {
                "a": {"robot": "/video/encode", "use": "b"},
                "b": {"robot": "/video/encode", "use": "a"},
            },
            "ASSEMBLY_INFINITE",
            id="cycle",
        ),
    ],
)
def test_instructions_that_cannot_be_followed_are_refused(engine: TestEngine, steps: Any, code: str) -> None:
    response = engine.create(steps=steps)

    assert (response.status_code, response.get_json()["error"]) == (400, code)
    assert response.get_json()["message"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param({"template_id": "nobody"}, "TEMPLATE_NOT_FOUND", id="unknown template"),
        pytest.param({"template_id": 7}, "TEMPLATE_NOT_FOUND", id="template is a number"),
        pytest.param({"notify_url": 7}, "ASSEMBLY_INVALID_NOTIFY_URL", id="notify_url is a number"),
        pytest.param({"notify_url": "file:///etc"}, "ASSEMBLY_INVALID_NOTIFY_URL", id="notify_url is a file"),
        pytest.param({"fields": []}, "INVALID_PARAMS_FIELD", id="fields are a list"),
        pytest.param({"auth": {"max_number_of_files": 0}}, "MAX_NUMBER_OF_FILES_EXCEEDED", id="too many"),
        pytest.param({"auth": {"expires": "2020/01/01 00:00:00+00:00"}}, "AUTH_EXPIRED", id="expired"),
    ],
)
def test_params_that_do_not_hold_are_refused(engine: TestEngine, document: dict[str, Any], code: str) -> None:
    """W09"""
    response = engine.create(**document)

    assert (response.status_code, response.get_json()["error"]) == (400, code)


def test_wrong_signature_is_refused_and_nothing_is_made(engine: TestEngine) -> None:
    """W01"""
    form = engine.signed({"steps": UPLOAD_ONLY}, secret="another")

    response = engine.client.post("/assemblies", data=form)

    assert (response.status_code, response.get_json()["error"]) == (400, "INVALID_SIGNATURE")
    with engine.database.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM assemblies").scalar() == 0


@pytest.mark.parametrize("algorithm", ["sha1", "sha1-bare"])
def test_w44_sha1_signs_nothing_unless_the_operator_says_so(tmp_path: Path, algorithm: str) -> None:
    strict, lenient = tmp_path / "strict", tmp_path / "lenient"
    for folder in (strict, lenient):
        folder.mkdir()
    engines = [open_test_engine(strict), open_test_engine(lenient, allow_sha1_signatures="true")]

    answers = []
    for engine in engines:
        form = engine.signed({"steps": UPLOAD_ONLY})
        form["signature"] = sign(form["params"], secret=SECRET, algorithm=algorithm)
        answers.append(engine.client.post("/assemblies", data=form))
        engine.close()

    assert [answer.status_code for answer in answers] == [400, 200]
    assert answers[0].get_json()["error"] == "INVALID_SIGNATURE"
    assert "sha384" in answers[0].get_json()["message"]


def test_unsigned_fields_change_neither_steps_nor_bounds(engine: TestEngine) -> None:
    """W11"""
    form = engine.signed({"steps": UPLOAD_ONLY, "auth": {"max_size": 5}})
    steps = json.dumps(STORE_ORIGINAL)

    status = engine.client.post("/assemblies", data={**form, "steps": steps, "max_size": "99"}).get_json()

    assert json.loads(status["merged_params"])["steps"] == UPLOAD_ONLY
    assert json.loads(status["merged_params"])["auth"]["max_size"] == 5


def test_signed_params_with_a_nonce_count_once(engine: TestEngine) -> None:
    """W10"""
    form = engine.signed({"steps": UPLOAD_ONLY})

    assert engine.client.post("/assemblies", data=form).status_code == 200
    again = engine.client.post("/assemblies", data=form)
    assert (again.status_code, again.get_json()["error"]) == (400, "SIGNATURE_REUSE_DETECTED")


def test_refused_params_leave_their_nonce_unused(engine: TestEngine) -> None:
    form = engine.signed({"steps": UPLOAD_ONLY})

    assert (
        engine.client.post("/assemblies", data={**form, "num_expected_upload_files": "x"}).status_code == 400
    )
    assert engine.client.post("/assemblies", data=form).status_code == 200


def test_form_file_above_the_bound_is_refused_and_leaves_nothing(engine: TestEngine) -> None:
    """T05, M65"""
    form = {
        **engine.signed({"steps": UPLOAD_ONLY, "auth": {"max_size": 3}}),
        "f": (io.BytesIO(b"meow"), "cat"),
    }

    response = engine.client.post("/assemblies", data=form)

    answer = response.get_json()
    assert (response.status_code, answer["error"]) == (400, "MAX_SIZE_EXCEEDED")
    assert re.fullmatch(
        r'"cat" has more than the 3 bytes that are allowed; its form has [\d.]+ bytes\.', answer["message"]
    )
    assert files_below(engine.settings.uploads_dir) == []


def test_ten_thousand_form_fields_are_refused_quickly(engine: TestEngine) -> None:
    """T21"""
    field = b'--x\r\nContent-Disposition: form-data; name="field"\r\n\r\nmeow\r\n'

    response = engine.client.post(
        "/assemblies", data=field * 10_000 + b"--x--\r\n", content_type="multipart/form-data; boundary=x"
    )

    assert (response.status_code, response.get_json()["error"]) == (413, "INVALID_FORM_DATA")


def test_more_assemblies_than_a_minute_may_have_are_told_when_to_come_again(tmp_path: Path) -> None:
    """W21"""
    engine = open_test_engine(tmp_path, max_assemblies_per_minute=2)
    engine.assembly()
    engine.clock.advance(20)
    engine.assembly()

    refused = engine.create()

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")
    assert (refused.get_json()["error"], refused.get_json()["info"]) == (
        "RATE_LIMIT_REACHED",
        {"retryIn": 40},
    )
    engine.clock.advance(40)
    assert engine.create().status_code == 200
    engine.close()


def test_house_that_is_full_says_so_in_a_way_that_is_retried(tmp_path: Path) -> None:
    """T08"""
    engine = open_test_engine(tmp_path, max_waiting_assemblies=1)
    engine.assembly()

    response = engine.create()

    assert (response.status_code, response.headers["Retry-After"]) == (429, "5")
    assert (response.get_json()["error"], response.get_json()["info"]) == (
        "RATE_LIMIT_REACHED",
        {"retryIn": 5},
    )
    assert response.headers["Retry-After"]
    engine.close()


@pytest.mark.parametrize("host", ["evil.test/path", "a b", "user@host", ""])
def test_host_that_is_none_makes_no_addresses(engine: TestEngine, host: str) -> None:
    """T23"""
    form = engine.signed({"steps": UPLOAD_ONLY})

    response = engine.client.post("/assemblies", data=form, headers={"Host": host})

    assert response.status_code == 400


def test_forwarded_headers_of_a_client_are_not_believed(engine: TestEngine) -> None:
    """T23"""
    form = engine.signed({"steps": UPLOAD_ONLY})

    status = engine.client.post(
        "/assemblies", data=form, headers={"X-Forwarded-Host": "evil.test"}
    ).get_json()

    assert "evil" not in json.dumps(status)


def test_quiet_request_is_answered_shortly(engine: TestEngine) -> None:
    assert set(engine.create(quiet=True).get_json()) == {"ok", "message", "http_code", "assembly_id"}


@pytest.mark.parametrize(
    ("asked", "begin"),
    [
        pytest.param("https://example.org/done", "https://example.org/done?assembly_id=", id="bare"),
        pytest.param(
            "https://example.org/done?a=b#c", "https://example.org/done?a=b&assembly_id=", id="query"
        ),
    ],
)
def test_form_goes_on_to_where_it_was_told_to(engine: TestEngine, asked: str, begin: str) -> None:
    response = engine.create(redirect_url=asked)

    status = response.get_json()
    assert response.status_code == 302
    assert response.headers["Location"].startswith(begin + status["assembly_id"] + "&assembly_url=http%3A")


@pytest.mark.parametrize("asked", ["javascript:alert(1)", 7, None])
def test_form_goes_nowhere_but_to_a_web_address(engine: TestEngine, asked: object) -> None:
    """W08"""
    assert engine.create(redirect_url=asked).status_code == 200


def test_refused_form_goes_nowhere(engine: TestEngine) -> None:
    response = engine.create(redirect_url="https://example.org", steps={"a": {}})

    assert (response.status_code, response.headers.get("Location")) == (400, None)
