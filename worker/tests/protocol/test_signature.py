import json
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.protocol.signature import InvalidSignature, sign, verify

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "contract" / "signatures.json").read_text()
)


@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["name"]) for vector in VECTORS])
def test_signature_is_verified_as_the_contract_says(vector: dict[str, Any]) -> None:
    """W01, W02, W03"""
    if vector["is_valid"]:
        verify(vector["text"], vector["signature"], secret=vector["secret"])
    else:
        with pytest.raises(InvalidSignature):
            verify(vector["text"], vector["signature"], secret=vector["secret"])


@pytest.mark.parametrize("algorithm", ["sha384", "sha256", "sha1", "sha1-bare"])
def test_own_signature_is_accepted(algorithm: str) -> None:
    signature = sign("text", secret="secret", algorithm=algorithm)

    verify("text", signature, secret="secret")


def test_bare_sha1_signature_has_forty_characters() -> None:
    assert len(sign("text", secret="secret", algorithm="sha1-bare")) == 40
