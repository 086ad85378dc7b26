"""Lists, replays, templates and credentials, as the npm SDK and pytransloadit ask for them."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from transloadit.client import Transloadit

from ..conftest import UPLOAD_ONLY
from .conftest import NodeSdk, Receiver, SdkError


def new_name() -> str:
    return f"cats-{uuid.uuid4().hex[:12]}"


def ended(sdk: NodeSdk, letter: Path, **params: Any) -> dict[str, Any]:
    """An assembly over one file that has ended."""
    document = {"params": {"steps": UPLOAD_ONLY, **params}, "files": {"mail": str(letter)}}
    status: dict[str, Any] = sdk.call("createAssembly", {**document, "waitForCompletion": True})
    return status


def test_assemblies_are_listed_newest_first(sdk: NodeSdk, python_sdk: Transloadit, letter: Path) -> None:
    older, newer = ended(sdk, letter), ended(sdk, letter)

    page = sdk.call("listAssemblies", {"pagesize": 2})
    listed = python_sdk.list_assemblies({"pagesize": 2}).data

    assert [item["id"] for item in page["items"]] == [newer["assembly_id"], older["assembly_id"]]
    assert [item["id"] for item in listed["items"]] == [newer["assembly_id"], older["assembly_id"]]
    assert page["count"] == listed["count"] >= 2


def test_assembly_is_replayed_with_the_same_file(sdk: NodeSdk, letter: Path) -> None:
    first = ended(sdk, letter)

    replay = sdk.call("replayAssembly", first["assembly_id"])

    again = sdk.call("awaitAssemblyCompletion", replay["assembly_id"])
    assert (replay["ok"], again["parent_id"]) == ("ASSEMBLY_REPLAYING", first["assembly_id"])
    assert again["uploads"][0]["md5hash"] == first["uploads"][0]["md5hash"]


def test_template_lives_from_creation_to_deletion(sdk: NodeSdk, letter: Path) -> None:
    name = new_name()
    made = sdk.call("createTemplate", {"name": name, "template": {"steps": UPLOAD_ONLY}})
    assert sdk.call("getTemplate", made["id"])["content"] == {"steps": UPLOAD_ONLY}
    assert ended(sdk, letter, steps={}, template_id=made["id"])["template_name"] == name

    sdk.call(
        "editTemplate", made["id"], {"name": f"{name}-2", "template": {"steps": UPLOAD_ONLY, "fields": {}}}
    )
    assert sdk.call("getTemplate", made["id"])["name"] == f"{name}-2"
    assert made["id"] in {item["id"] for item in sdk.call("listTemplates", {"pagesize": 100})["items"]}

    assert sdk.call("deleteTemplate", made["id"])["ok"] == "TEMPLATE_DELETED"
    with pytest.raises(SdkError) as gone:
        sdk.call("getTemplate", made["id"])
    assert gone.value.code == "TEMPLATE_NOT_FOUND"


def test_template_of_the_python_sdk_has_its_steps_at_the_top(python_sdk: Transloadit) -> None:
    template = python_sdk.new_template(new_name())
    template.add_step(":original", "/upload/handle", {})
    made = template.create().data

    assert made["ok"] == "TEMPLATE_CREATED"
    assert python_sdk.get_template(made["id"]).data["content"]["steps"] == UPLOAD_ONLY
    assert python_sdk.update_template(made["id"], {"name": new_name()}).data["ok"] == "TEMPLATE_UPDATED"
    assert made["id"] in {item["id"] for item in python_sdk.list_templates({"pagesize": 100}).data["items"]}
    assert python_sdk.delete_template(made["id"]).data["ok"] == "TEMPLATE_DELETED"
    assert python_sdk.get_template(made["id"]).data["error"] == "TEMPLATE_NOT_FOUND"


def test_credential_lives_from_creation_to_deletion(sdk: NodeSdk) -> None:
    name = new_name()
    content = {"bucket": "cats", "app_key_id": "id", "app_key": "canary-key"}
    made = sdk.call("createTemplateCredential", {"name": name, "type": "backblaze", "content": content})
    number = made["credential"]["id"]

    assert sdk.call("getTemplateCredential", number)["credential"]["content"] == content
    assert name in {credential["name"] for credential in sdk.call("listTemplateCredentials")["credentials"]}
    content["bucket"] = "kittens"
    edited = sdk.call(
        "editTemplateCredential", number, {"name": name, "type": "backblaze", "content": content}
    )
    assert edited["ok"] == "TEMPLATE_CREDENTIALS_UPDATED"

    assert sdk.call("deleteTemplateCredential", number)["ok"] == "TEMPLATE_CREDENTIALS_DELETED"
    with pytest.raises(SdkError) as gone:
        sdk.call("getTemplateCredential", number)
    assert gone.value.code == "TEMPLATE_CREDENTIALS_NOT_READ"


def test_streams_end_after_the_last_page(sdk: NodeSdk) -> None:
    names = [new_name() for _ in range(3)]
    for name in names:
        credential = {"name": name, "type": "http", "content": {"headers": "x: y"}}
        sdk.call("createTemplateCredential", credential)
        sdk.call("createTemplate", {"name": name, "template": {"steps": UPLOAD_ONLY}})
        sdk.call("createAssembly", {"params": {"steps": UPLOAD_ONLY, "fields": {"name": names[0]}}})

    def streamed(stream: str, **params: object) -> list[dict[str, Any]]:
        return list(sdk.call("all", {"stream": stream, "params": {"pagesize": 2, **params}}))

    for stream in ("streamTemplateCredentials", "streamTemplates"):
        found = [item["name"] for item in streamed(stream, sort="created", order="asc")]
        assert [name for name in found if name in names] == names
        assert len(found) == len(set(found))
    assert len({item["id"] for item in streamed("streamAssemblies", keywords=[names[0]])}) == 3


def test_replay_takes_other_steps_fields_and_receivers(
    sdk: NodeSdk, receiver: Receiver, letter: Path
) -> None:
    first = ended(sdk, letter, fields={"cat": "Minka", "mood": "fine"})
    wants_pictures = {"robot": "/file/filter", "use": ":original", "accepts": [["${file.ext}", "=", "png"]]}

    replay = sdk.call(
        "replayAssembly",
        first["assembly_id"],
        {"steps": {"pictures": wants_pictures}, "fields": {"mood": "hungry"}, "notify_url": receiver.url},
    )

    told = json.loads(receiver.next()["transloadit"])
    assert (told["assembly_id"], replay["notify_url"]) == (replay["assembly_id"], receiver.url)
    assert told["fields"] == {"cat": "Minka", "mood": "hungry"}
    assert json.loads(told["merged_params"])["steps"].keys() == {":original", "pictures"}


def test_replay_takes_the_template_as_it_is_now(sdk: NodeSdk, letter: Path) -> None:
    made = sdk.call("createTemplate", {"name": new_name(), "template": {"steps": UPLOAD_ONLY}})
    first = ended(sdk, letter, steps={}, template_id=made["id"])
    newer = {"template": {"steps": UPLOAD_ONLY, "fields": {"is": "newer"}}}
    sdk.call("editTemplate", made["id"], newer)

    def replayed(reparse: int) -> dict[str, Any]:
        child = sdk.call("replayAssembly", first["assembly_id"], {"reparse_template": reparse})
        return dict(sdk.call("awaitAssemblyCompletion", child["assembly_id"]))

    assert replayed(0)["fields"] == {}
    assert replayed(1)["fields"] == {"is": "newer"}
