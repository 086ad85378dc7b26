"""What an engine lacks to recognise speech, and what its operator is told to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.media.speech.model import SpeechModel, SpeechModelMissing

INSTALLED = (Path("/site-packages"),)


@pytest.mark.parametrize(
    ("name", "packages", "advice"),
    [
        pytest.param("small", (), "pip install -r requirements/captions.txt", id="package"),
        pytest.param("small", INSTALLED, "Set CAPTIONS_DOWNLOAD=true", id="model-by-name"),
        pytest.param("/models/mine", INSTALLED, '"mine" of CAPTIONS_MODEL holds no model.bin', id="path"),
    ],
)
def test_m94_what_is_missing_is_said_with_what_to_do(
    tmp_path: Path, name: str, packages: tuple[Path, ...], advice: str
) -> None:
    """M94"""
    with pytest.raises(SpeechModelMissing, match=advice) as caught:
        SpeechModel(name=name, folder=tmp_path, packages=packages).check()
    assert "/models" not in str(caught.value)


def test_model_that_is_there_or_may_be_fetched_is_right(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model.bin").write_bytes(b"weights")

    SpeechModel(name="mine", folder=tmp_path, packages=INSTALLED).check()
    SpeechModel(name=str(tmp_path / "mine"), folder=tmp_path / "models", packages=INSTALLED).check()
    SpeechModel(name="small", folder=tmp_path, may_fetch=True, packages=INSTALLED).check()


def test_m94_model_with_a_path_is_never_fetched(tmp_path: Path) -> None:
    """M94"""
    with pytest.raises(SpeechModelMissing):
        SpeechModel(name="./mine", folder=tmp_path, may_fetch=True, packages=INSTALLED).check()


def test_path_of_a_model_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox begins in another folder."""
    monkeypatch.chdir(tmp_path)

    assert SpeechModel(name="./mine", folder=tmp_path, packages=INSTALLED).path == tmp_path / "mine"
