"""Parts of files on their way to clients that leave."""

import os
import socket
from pathlib import Path

import pytest

from cattube.web.files.file_slice import FileSlice
from cattube.web.files.ranges import ByteRange


@pytest.fixture
def connection() -> socket.socket:
    """Ours, whose other end is gone."""
    ours, theirs = socket.socketpair()
    theirs.close()
    return ours


def test_a_client_that_left_before_the_first_byte_is_a_broken_pipe_and_no_fault_of_ours(
    connection: socket.socket, tmp_path: Path
) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"0123456789")
    part = FileSlice(path.open("rb"), ByteRange(3, 6))

    with connection, pytest.raises(BrokenPipeError):
        # As gunicorn does.
        connection.sendfile(part, offset=os.lseek(part.fileno(), 0, os.SEEK_CUR), count=4)

    part.close()


def test_after_going_back_the_same_part_is_read(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"0123456789")
    part = FileSlice(path.open("rb"), ByteRange(3, 6))

    first = part.read(2)
    part.seek(3)
    again = part.read()
    part.close()

    assert (first, again) == (b"34", b"3456")
