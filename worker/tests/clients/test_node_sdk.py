"""The `transloadit` npm SDK, unmodified, with every answer checked against its own schemas."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from ..conftest import UPLOAD_ONLY
from ..server.conftest import Server
from .conftest import NodeSdk, Receiver, SdkError

SMALL: dict[str, Any] = {
    "small": {"robot": "/video/encode", "use": ":original", "preset": "web/mp4/240p", "result": True}
}


def create(sdk: NodeSdk, *paths: Path, **options: Any) -> dict[str, Any]:
    """The status of an assembly over these files when it has ended."""
    params = options.pop("params", {"steps": UPLOAD_ONLY})
    files = {f"file{number}": str(path) for number, path in enumerate(paths)}
    document = {"params": params, "files": files, "waitForCompletion": True, **options}
    status: dict[str, Any] = sdk.call("createAssembly", document)
    return status


def open_assembly(sdk: NodeSdk) -> dict[str, Any]:
    """An assembly that waits for a file."""
    status: dict[str, Any] = sdk.call(
        "createAssembly", {"params": {"steps": UPLOAD_ONLY}, "expectedUploads": 1}
    )
    return status


def test_video_is_sent_encoded_and_awaited(sdk: NodeSdk, clip: Path) -> None:
    status = create(sdk, clip, params={"steps": SMALL, "fields": {"cat": "Minka"}})

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert status["uploads"][0]["md5hash"] == hashlib.md5(clip.read_bytes()).hexdigest()
    assert status["results"]["small"][0]["meta"]["height"] == 240
    assert status["fields"] == {"cat": "Minka"}
    assert re.fullmatch("[0-9a-f]{32}", status["assembly_id"])


def test_several_files_come_side_by_side(sdk: NodeSdk, clip: Path, letter: Path) -> None:
    status = create(sdk, clip, letter, clip)

    assert sorted(file["field"] for file in status["uploads"]) == ["file0", "file1", "file2"]
    assert (status["expected_tus_uploads"], status["finished_tus_uploads"]) == (3, 3)


def test_stream_of_unknown_length_tells_it_at_the_end(sdk: NodeSdk, letter: Path) -> None:
    """T09"""
    options = {"params": {"steps": UPLOAD_ONLY}, "waitForCompletion": True}
    status = sdk.call("createFromStream", {"path": str(letter), **options})

    assert status["uploads"][0]["md5hash"] == hashlib.md5(letter.read_bytes()).hexdigest()


def test_assembly_without_uploads_ends_by_itself(sdk: NodeSdk) -> None:
    status = create(sdk, params={"steps": UPLOAD_ONLY})

    assert (status["ok"], status["uploads"], status["results"]) == ("ASSEMBLY_COMPLETED", [], {})


def test_id_is_the_clients_and_used_once(sdk: NodeSdk) -> None:
    own = uuid.uuid4().hex
    assert create(sdk, assemblyId=own)["assembly_id"] == own

    with pytest.raises(SdkError) as refused:
        create(sdk, assemblyId=own)

    assert refused.value.code == "DO_NOT_REUSE_ASSEMBLY_IDS"


def test_status_is_read_again(sdk: NodeSdk, letter: Path) -> None:
    ended = create(sdk, letter)

    assert sdk.call("getAssembly", ended["assembly_id"])["uploads"] == ended["uploads"]
    assert sdk.call("awaitAssemblyCompletion", ended["assembly_id"])["ok"] == "ASSEMBLY_COMPLETED"


def test_cancelled_assembly_stays_cancelled(sdk: NodeSdk) -> None:
    """W20"""
    assembly = open_assembly(sdk)

    assert sdk.call("cancelAssembly", assembly["assembly_id"])["ok"] == "ASSEMBLY_CANCELED"
    assert sdk.call("getAssembly", assembly["assembly_id"])["ok"] == "ASSEMBLY_CANCELED"


def test_uploads_go_on_where_they_were_cut(server: Server, sdk: NodeSdk, clip: Path, letter: Path) -> None:
    """T06: one file is complete, of one a part came, of one nothing."""
    assembly = server.assembly(expected=3)
    bodies = {"cat": clip, "mail": letter, "again": clip}
    done = server.open_upload(assembly, clip.stat().st_size, filename=clip.name, fieldname="cat")
    assert server.patch(done, clip.read_bytes()) == 204
    cut = server.open_upload(assembly, letter.stat().st_size, filename=letter.name, fieldname="mail")
    assert server.patch(cut, letter.read_bytes()[:70_000]) == 204

    sdk.call(
        "resumeAssemblyUploads",
        {
            "assemblyUrl": assembly["assembly_ssl_url"],
            "files": {name: str(path) for name, path in bodies.items()},
            "waitForCompletion": True,
        },
    )

    uploads = server.wait_for_end(assembly)["uploads"]
    digests = {file["field"]: file["md5hash"] for file in uploads}
    assert digests == {name: hashlib.md5(path.read_bytes()).hexdigest() for name, path in bodies.items()}
    assert {file["tus_upload_url"] for file in uploads} >= {server.url + done, server.url + cut}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        pytest.param({"steps": {"a": {"robot": "/cat/pet"}}}, "ASSEMBLY_STEP_UNKNOWN_ROBOT", id="robot"),
        pytest.param({"steps": {"a": {"use": ":original"}}}, "ASSEMBLY_STEP_NO_ROBOT", id="no robot"),
        pytest.param({"template_id": "0" * 32}, "TEMPLATE_NOT_FOUND", id="template"),
        pytest.param({"steps": {}}, "ASSEMBLY_EMPTY_STEPS", id="empty steps"),
        pytest.param(
            {"steps": {"small": {**SMALL["small"], "use": "nothing"}}}, "ASSEMBLY_STEP_UNKNOWN_USE", id="use"
        ),
        pytest.param(
            {"steps": {"small": {**SMALL["small"], "preset": "no such"}}},
            "VIDEO_ENCODE_VALIDATION",
            id="preset",
        ),
    ],
)
def test_bad_instructions_are_thrown_with_transloadits_code(
    sdk: NodeSdk, params: dict[str, Any], code: str
) -> None:
    with pytest.raises(SdkError) as refused:
        create(sdk, params=params)

    assert (refused.value.name, refused.value.code) == ("ApiError", code)


def test_unknown_assembly_is_thrown_as_not_found(sdk: NodeSdk) -> None:
    with pytest.raises(SdkError) as refused:
        sdk.call("getAssembly", "0" * 32)

    assert refused.value.code == "ASSEMBLY_NOT_FOUND"


def test_failed_assembly_is_thrown_with_its_code_and_id(sdk: NodeSdk, letter: Path, tmp_path: Path) -> None:
    """M05"""
    fake = tmp_path / "holiday.mp4"
    fake.write_bytes(letter.read_bytes())

    with pytest.raises(SdkError) as failed:
        create(sdk, fake, params={"steps": SMALL})

    assert (failed.value.name, failed.value.code) == ("ApiError", "INVALID_INPUT_ERROR")
    assert re.fullmatch("[0-9a-f]{32}", str(failed.value.assembly_id))


def test_empty_file_is_complete_at_once(sdk: NodeSdk, tmp_path: Path) -> None:
    """T20"""
    empty = tmp_path / "nothing.txt"
    empty.touch()

    assert create(sdk, empty)["uploads"][0]["size"] == 0


def test_notification_is_signed_as_the_sdks_own_helper_wants_it(
    sdk: NodeSdk, receiver: Receiver, letter: Path
) -> None:
    """W01, W02"""
    status = create(sdk, letter, params={"steps": UPLOAD_ONLY, "notify_url": receiver.url})
    note = receiver.next()

    told = {"rawBody": note["transloadit"], "signatureHeader": note["signature"]}
    assert sdk.call("verifyWebhookSignature", told) is True
    assert sdk.call("verifyWebhookSignature", {**told, "rawBody": note["transloadit"] + " "}) is False
    document = json.loads(note["transloadit"])
    assert (document["ok"], document["assembly_id"]) == ("ASSEMBLY_COMPLETED", status["assembly_id"])
    assert sdk.call("complaints", {"statuses": [document]}) == []


def test_w01_wrong_secret_is_thrown(sdk: NodeSdk) -> None:
    for method, arguments in (("createAssembly", {"params": {"steps": UPLOAD_ONLY}}), ("listAssemblies", {})):
        with pytest.raises(SdkError) as refused:
            sdk.call("withSecret", {"secret": "another", "method": method, "args": [arguments]})
        assert refused.value.code == "INVALID_SIGNATURE"


@pytest.mark.parametrize(
    ("auth", "code"),
    [
        pytest.param({"expires": "2020-01-01T00:00:00.000Z"}, "AUTH_EXPIRED", id="W09"),
        pytest.param({"expires": "soon"}, "INVALID_AUTH_EXPIRES_PARAMETER", id="no date"),
        pytest.param({"max_number_of_files": 1}, "MAX_NUMBER_OF_FILES_EXCEEDED", id="too many files"),
    ],
)
def test_what_the_signer_does_not_allow_is_thrown(
    sdk: NodeSdk, letter: Path, clip: Path, auth: dict[str, Any], code: str
) -> None:
    with pytest.raises(SdkError) as refused:
        create(sdk, letter, clip, params={"steps": UPLOAD_ONLY, "auth": auth})

    assert refused.value.code == code


def test_t05_file_larger_than_the_signer_allows_ends_the_upload(sdk: NodeSdk, letter: Path) -> None:
    with pytest.raises(SdkError) as refused:
        create(sdk, letter, params={"steps": UPLOAD_ONLY, "auth": {"max_size": 1000}})

    assert "MAX_SIZE_EXCEEDED" in str(refused.value)


def test_t14_same_signature_is_taken_once(sdk: NodeSdk) -> None:
    params = {"steps": UPLOAD_ONLY, "auth": {"nonce": uuid.uuid4().hex}}
    create(sdk, params=params)

    with pytest.raises(SdkError) as refused:
        create(sdk, params=params)

    assert refused.value.code == "SIGNATURE_REUSE_DETECTED"


def test_template_that_must_be_signed_for_takes_what_the_sdk_signs(sdk: NodeSdk) -> None:
    """W11"""
    name = f"signed-{uuid.uuid4().hex[:8]}"
    template = {"name": name, "template": {"steps": UPLOAD_ONLY}, "require_signature_auth": 1}
    made = sdk.call("createTemplate", template)

    assert create(sdk, params={"template_id": made["id"]})["template_id"] == made["id"]
    assert sdk.call("getTemplate", made["id"])["require_signature_auth"] == 1
