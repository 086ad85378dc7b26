"""Bearer tokens: minted by the SDK, and in place of the secret from then on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..conftest import UPLOAD_ONLY
from .conftest import NodeSdk, SdkError


def token_for(sdk: NodeSdk, *scopes: str) -> str:
    minted = sdk.call("mintBearerToken", {"aud": "api2", **({"scope": list(scopes)} if scopes else {})})
    return str(minted["access_token"])


def with_token(sdk: NodeSdk, token: str, method: str, *arguments: Any) -> Any:
    return sdk.call("withToken", {"token": token, "method": method, "args": arguments})


def test_token_stands_in_for_the_secret(sdk: NodeSdk, letter: Path) -> None:
    token = token_for(sdk)
    asked = {"params": {"steps": UPLOAD_ONLY}, "files": {"mail": str(letter)}, "waitForCompletion": True}

    status = with_token(sdk, token, "createAssembly", asked)
    listed = with_token(sdk, token, "listAssemblies", {"pagesize": 1})
    replayed = with_token(sdk, token, "replayAssembly", status["assembly_id"])

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [item["id"] for item in listed["items"]] == [status["assembly_id"]]
    assert replayed["ok"] == "ASSEMBLY_REPLAYING"


def test_w19_token_is_good_for_its_scopes_alone(sdk: NodeSdk) -> None:
    token = token_for(sdk, "assemblies:read")

    assert "items" in with_token(sdk, token, "listAssemblies", {})
    with pytest.raises(SdkError) as refused:
        with_token(sdk, token, "listTemplates", {})

    assert refused.value.code == "INSUFFICIENT_AUTH_SCOPE"


def test_token_of_nobody_is_refused(sdk: NodeSdk) -> None:
    """W01"""
    with pytest.raises(SdkError) as refused:
        with_token(sdk, "bm9ib2R5.0", "listAssemblies", {})

    assert refused.value.code == "BEARER_TOKEN_INVALID"
