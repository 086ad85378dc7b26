"""Transfer of large objects: from which size they go in parts, and how large those are. Pure."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 2**20
# The limits of S3 and of B2.
MOST_PARTS = 10_000
LARGEST_PART_BYTES = 5 * 2**30
# B2 means five thousand million where S3 means 5 GiB.
LARGEST_COPY_BYTES = 5 * 10**9


@dataclass(frozen=True, kw_only=True)
class TransferConfig:
    """Numbers of a transfer.

    threshold_bytes: files above it go in parts. part_bytes: of each part or range, as long as 10,000 are
    enough. threads: parts on their way at the same time.
    copy_threshold_bytes, copy_part_bytes: the same for copies that the service makes by itself.
    """

    threshold_bytes: int = 64 * MIB
    part_bytes: int = 32 * MIB
    threads: int = 4
    copy_threshold_bytes: int = LARGEST_COPY_BYTES
    copy_part_bytes: int = 512 * MIB

    def part_bytes_for(self, size_bytes: int) -> int:
        """Size of every part but the last, in whole MiB."""
        return max(self.part_bytes, _least_part_bytes(size_bytes))

    def copy_part_bytes_for(self, size_bytes: int) -> int:
        """The same for a copy."""
        return max(self.copy_part_bytes, _least_part_bytes(size_bytes))


def _least_part_bytes(size_bytes: int) -> int:
    return -(-size_bytes // (MOST_PARTS * MIB)) * MIB
