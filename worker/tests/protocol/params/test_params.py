import json
from collections.abc import Callable
from typing import Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.protocol.dates import read_expires, status_date
from cattube_worker.protocol.params.account import Account, check_auth
from cattube_worker.protocol.params.params import read_expected_uploads, read_params
from cattube_worker.protocol.signature import sign

NOW = read_expires("2026/01/31 12:00:00+00:00")
ACCOUNT = Account(key="key", secret="secret", max_signature_seconds=24 * 3600)


def code_of(call: Callable[..., object], *args: object, **kwargs: object) -> str:
    with pytest.raises(AssemblyError) as caught:
        call(*args, **kwargs)
    assert caught.value.status == 400
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(None, "NO_PARAMS_FIELD", id="nothing"),
        pytest.param("", "NO_PARAMS_FIELD", id="empty"),
        pytest.param("{", "INVALID_PARAMS_FIELD", id="no JSON"),
        pytest.param("[" * 100_000, "INVALID_PARAMS_FIELD", id="very deep"),
        pytest.param("[]", "NO_OBJECT_PARAMS_FIELD", id="list"),
        pytest.param("{}", "NO_AUTH_PARAMETER", id="no auth"),
        pytest.param('{"auth": "key"}', "NO_OBJECT_AUTH_PARAMETER", id="auth is text"),
        pytest.param('{"auth": {}}', "NO_AUTH_KEY_PARAMETER", id="no key"),
        pytest.param('{"auth": {"key": 1}}', "INVALID_AUTH_KEY_PARAMETER", id="key is a number"),
        pytest.param(
            '{"auth": {"key": "k", "expires": "soon"}}', "INVALID_AUTH_EXPIRES_PARAMETER", id="date"
        ),
        pytest.param('{"auth": {"key": "k", "max_size": -1}}', "INVALID_AUTH_MAX_SIZE_PARAMETER", id="size"),
    ],
)
def test_invalid_params_are_refused_with_transloadits_code(text: str | None, code: str) -> None:
    assert code_of(read_params, text) == code


@pytest.mark.parametrize(
    ("auth", "signed", "code"),
    [
        pytest.param({"key": "else"}, True, "GET_ACCOUNT_UNKNOWN_AUTH_KEY", id="unknown key"),
        pytest.param({"key": "key"}, False, "NO_AUTH_EXPIRES_PARAMETER", id="neither expires nor signature"),
        pytest.param({"expires": "2026/01/31 13:00:00+00:00"}, False, "NO_SIGNATURE_FIELD", id="unsigned"),
        pytest.param({"expires": "2026/01/31 11:59:59+00:00"}, True, "AUTH_EXPIRED", id="expired"),
        pytest.param(
            {"expires": "2036-01-31T12:00:00.000Z"}, True, "INVALID_AUTH_EXPIRES_PARAMETER", id="far"
        ),
    ],
)
def test_invalid_auth_is_refused_with_transloadits_code(
    auth: dict[str, str], signed: bool, code: str
) -> None:
    """W09, W11"""
    params = read_params(json.dumps({"auth": {"key": "key"} | auth}))
    signature = sign(params.text, secret="secret") if signed else None

    assert code_of(check_auth, params, signature, account=ACCOUNT, now=NOW) == code


def test_params_changed_after_signing_are_refused() -> None:
    """W02"""
    text = '{"auth": {"key": "key", "expires": "2026/01/31 13:00:00+00:00"}}'
    signature = sign(text, secret="secret")

    assert (
        code_of(check_auth, read_params(text + " "), signature, account=ACCOUNT, now=NOW)
        == "INVALID_SIGNATURE"
    )


@pytest.mark.parametrize(
    "expires", ["2026/01/31 12:30:00+00:00", "2026-01-31T12:30:00.000Z", "2026-01-31 12:30"]
)
def test_expires_is_read_in_the_spellings_of_all_clients(expires: str) -> None:
    text = json.dumps({"auth": {"key": "key", "expires": expires}})

    check_auth(read_params(text), sign(text, secret="secret"), account=ACCOUNT, now=NOW)
    assert read_params(text).auth.expires == NOW + 1800


def test_status_date_is_written_as_by_transloadit() -> None:
    assert status_date(NOW) == "2026/01/31 12:00:00 GMT"


@pytest.mark.parametrize(
    ("form", "document", "expected"),
    [
        ({}, {}, 0),
        ({"num_expected_upload_files": "2"}, {}, 2),
        ({"tus_num_expected_upload_files": "3"}, {}, 3),
        ({}, {"num_expected_upload_files": 4}, 4),
    ],
)
def test_expected_uploads_are_read_in_all_three_spellings(
    form: dict[str, str], document: dict[str, Any], expected: int
) -> None:
    assert read_expected_uploads(form, document) == expected


@pytest.mark.parametrize("count", ["-1", "many", "1.5", "99999999", ""])
def test_expected_uploads_must_be_a_number(count: str) -> None:
    code = code_of(read_expected_uploads, {"num_expected_upload_files": count}, {})

    assert code == "ASSEMBLY_INVALID_NUM_EXPECTED_UPLOAD_FILES_PARAM"
