"""Tests run many programs in a site by one process, and each is as if it had its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.site import clean_environment
from e2e.site_shell import SiteShell


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[SiteShell]:
    shell = SiteShell(clean_environment(CATTUBE_DATA=str(tmp_path)))
    yield shell
    shell.close()


FACTS = """
import os
from django.conf import settings
print(os.getpid(), settings.DATA_FOLDER, "é")
"""


def test_programs_share_the_process_and_no_names_and_failing_ones_raise_with_their_trace(
    shell: SiteShell, tmp_path: Path
) -> None:
    first = shell.run(
        "import os\nfrom django.conf import settings\nprint(os.getpid(), settings.DATA_FOLDER, 'é')"
    )
    with pytest.raises(RuntimeError, match=r"(?s)nearly.*line 2.*ZeroDivisionError"):
        shell.run("print('nearly')\n1 / 0")
    with pytest.raises(RuntimeError, match="NameError: name 'os'"):
        shell.run("print(os.getpid())")
    second = shell.run("import os\nprint(os.getpid())\nprint('and more')")

    pid, data, letter = first.split()
    assert (data, letter) == (str(tmp_path), "é")
    assert second == f"{pid}\nand more\n"


def test_program_that_ends_the_process_is_told_of(shell: SiteShell) -> None:
    with pytest.raises(RuntimeError, match="ended with 3, amid this program:\nimport os"):
        shell.run("import os\nos._exit(3)")
