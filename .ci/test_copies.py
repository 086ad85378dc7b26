"""What both rooms have word for word stays so."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_house import ROOT
from copies import COPIES, differing

SITE = "from cattube.queues.queue import Message\n\nNAME = 'cattube.work'\n"


@pytest.mark.parametrize(
    ("engine", "is_same"),
    [
        pytest.param(SITE.replace("from cattube.", "from cattube_worker."), True, id="another room"),
        pytest.param(SITE.replace("Message", "Sender"), False, id="another name"),
        pytest.param(SITE.replace("cattube.work", "cattube_worker.work"), False, id="another text"),
    ],
)
def test_copy_differs_by_its_room_alone(engine: str, is_same: bool, tmp_path: Path) -> None:
    for room, text in {"site": SITE, "engine": engine}.items():
        (tmp_path / room).mkdir()
        (tmp_path / room / "line.py").write_text(text)

    found = list(differing(tmp_path / "site", tmp_path / "engine", of_one_alone=frozenset()))

    assert found == ([] if is_same else [tmp_path / "engine" / "line.py"])


@pytest.mark.parametrize("room", ["site", "engine"])
def test_module_that_one_room_has_lost_is_told(room: str, tmp_path: Path) -> None:
    for name in ("site", "engine"):
        (tmp_path / name).mkdir()
    (tmp_path / room / "line.py").write_text("")

    found = differing(tmp_path / "site", tmp_path / "engine", of_one_alone={"state.py"})

    assert [path.name for path in found] == ["line.py"]


def test_module_of_the_first_room_alone_is_no_copy(tmp_path: Path) -> None:
    for name in ("site", "engine"):
        (tmp_path / name).mkdir()
    (tmp_path / "site" / "state.py").write_text("")

    assert list(differing(tmp_path / "site", tmp_path / "engine", of_one_alone={"state.py"})) == []


def test_folders_of_copies_share_modules() -> None:
    for one, other, of_one_alone in COPIES:
        names = [{path.name for path in (ROOT / folder).glob("*.py")} for folder in (one, other)]

        assert len(names[0] & names[1]) > 1
        assert of_one_alone <= names[0] - names[1]
