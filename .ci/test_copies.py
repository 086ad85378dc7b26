"""What both rooms have word for word stays so."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_house import ROOT
from copies import COPIES, differing, module_paths

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
@pytest.mark.parametrize("module", ["line.py", "broker/line.py"])
def test_module_that_one_room_has_lost_is_told(module: str, room: str, tmp_path: Path) -> None:
    for name in ("site", "engine"):
        (tmp_path / name / "broker").mkdir(parents=True)
    (tmp_path / room / module).write_text("")

    found = differing(tmp_path / "site", tmp_path / "engine", of_one_alone={"state.py", "broker/state.py"})

    assert list(found) == [tmp_path / "engine" / module]


@pytest.mark.parametrize("module", ["state.py", "broker/state.py"])
def test_module_of_the_first_room_alone_is_no_copy(module: str, tmp_path: Path) -> None:
    for name in ("site", "engine"):
        (tmp_path / name / "broker").mkdir(parents=True)
    (tmp_path / "site" / module).write_text("")

    assert list(differing(tmp_path / "site", tmp_path / "engine", of_one_alone={module})) == []


def test_folders_of_copies_share_modules() -> None:
    for one, other, of_one_alone in COPIES:
        names = [module_paths(ROOT / folder) for folder in (one, other)]

        assert len(names[0] & names[1]) > 1
        assert of_one_alone <= names[0] - names[1]
