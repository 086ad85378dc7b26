"""Rules of Landlock for kernels of each version."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.media.process.fence.landlock import READ, RUN, WRITE, Right, ruleset

PROGRAM, SOURCE, FOLDER = Path("/opt/ffmpeg"), Path("/data/uploads/cat"), Path("/data/tmp/job")


@pytest.mark.parametrize(
    ("version", "files", "network", "scopes", "size"),
    [
        pytest.param(1, 0x1FFF, 0, 0, 8, id="5.13"),
        pytest.param(2, 0x3FFF, 0, 0, 8, id="5.19"),
        pytest.param(3, 0x7FFF, 0, 0, 8, id="6.2"),
        pytest.param(4, 0x7FFF, 3, 0, 16, id="6.7"),
        pytest.param(5, 0xFFFF, 3, 0, 16, id="6.10"),
        pytest.param(6, 0xFFFF, 3, 3, 24, id="6.12"),
        pytest.param(7, 0xFFFF, 3, 3, 24, id="6.15"),
        pytest.param(99, 0xFFFF, 3, 3, 24, id="later"),
    ],
)
def test_a_kernel_is_asked_for_what_its_version_knows(
    version: int, files: int, network: int, scopes: int, size: int
) -> None:
    rules = ruleset(version, program=PROGRAM, writes=[FOLDER])

    assert (rules.files, rules.network, rules.scopes, rules.size) == (files, network, scopes, size)
    assert all(rights & ~files == 0 for _, rights in rules.rules)


def test_m23_each_file_has_the_rights_that_it_needs_and_no_other() -> None:
    rules = dict(ruleset(7, program=PROGRAM, reads=[SOURCE], writes=[FOLDER]).rules)

    assert rules[str(PROGRAM)] == RUN
    assert rules[str(SOURCE)] == READ
    assert rules[str(FOLDER)] == WRITE
    writable = {path for path, rights in rules.items() if rights & Right.WRITE_FILE}
    assert writable == {str(FOLDER), "/dev/null"}
    assert not any(
        rights & (Right.MAKE_SOCKET | Right.MAKE_PIPE | Right.MAKE_LINK) for rights in rules.values()
    )


def test_a_file_that_is_read_and_written_has_both_rights() -> None:
    rules = dict(ruleset(7, program=PROGRAM, reads=[FOLDER], writes=[FOLDER]).rules)

    assert rules[str(FOLDER)] == WRITE


OPEN_TO_NOBODY = "/ /usr /usr/local /usr/src /etc /opt /home /root /srv /var /tmp /run /proc /dev /sys"


@pytest.mark.parametrize("folder", OPEN_TO_NOBODY.split())
def test_m23_no_folder_in_which_people_keep_secrets_is_open(folder: str) -> None:
    rules = dict(ruleset(7, program=PROGRAM).rules)

    assert folder not in rules
