from typing import Any

import pytest
from contract_files import golden

from cattube.processing.transloadit.account import Account
from cattube.processing.transloadit.signed_urls import signed_path

VECTORS: list[dict[str, Any]] = golden("signed_urls.json")["signed_urls"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_we_sign_urls_as_the_contract_does(vector: dict[str, Any]) -> None:
    account = Account(vector["key"], vector["secret"])

    assert signed_path(vector["path"], account=account, expires_ms=vector["expires_ms"]) == vector["url"]
