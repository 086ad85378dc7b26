import json
from typing import Any

import pytest
from contract_files import golden

from cattube.processing.transloadit.signature import ACCEPTED, InvalidSignature, sign, verify

VECTORS: list[dict[str, Any]] = golden("signatures.json")["signatures"]


def is_taken(vector: dict[str, Any]) -> bool:
    return bool(vector["is_valid"]) and vector["signature"].partition(":")[0] in ACCEPTED


@pytest.mark.parametrize("vector", [v for v in VECTORS if is_taken(v)], ids=lambda v: v["name"])
def test_signature_of_the_contract_is_taken(vector: dict[str, Any]) -> None:
    verify(vector["text"], vector["signature"], secret=vector["secret"])


@pytest.mark.parametrize("vector", [v for v in VECTORS if not is_taken(v)], ids=lambda v: v["name"])
def test_wrong_or_sha1_signature_of_the_contract_is_refused_w01(vector: dict[str, Any]) -> None:
    with pytest.raises(InvalidSignature):
        verify(vector["text"], vector["signature"], secret=vector["secret"])


SHA384 = [v for v in VECTORS if is_taken(v) and v["signature"].startswith("sha384:")]


@pytest.mark.parametrize("vector", SHA384, ids=lambda v: v["name"])
def test_we_sign_as_the_contract_does(vector: dict[str, Any]) -> None:
    assert sign(vector["text"], secret=vector["secret"]) == vector["signature"]


def test_same_json_written_differently_has_another_signature_w02() -> None:
    text = '{"a": 1}'
    signature = sign(text, secret="s")

    with pytest.raises(InvalidSignature):
        verify(json.dumps(json.loads(text), separators=(",", ":")), signature, secret="s")


@pytest.mark.parametrize("signature", ["", "sha384:", "sha384", "sha384:é", "md5:00", ":", "SHA384:00"])
def test_signature_of_no_known_form_is_refused_w01(signature: str) -> None:
    with pytest.raises(InvalidSignature):
        verify("text", signature, secret="s")
