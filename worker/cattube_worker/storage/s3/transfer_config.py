"""Transfer of large objects: from which size they go in parts, and how large those are. Pure."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 2**20
# The limits of S3 and of B2.
MOST_PARTS = 10_000
LARGEST_PART_BYTES = 5 * 2**30


@dataclass(frozen=True, kw_only=True)
class TransferConfig:
    """Numbers of a transfer.

    threshold_bytes: files above it go in parts. part_bytes: of each part or range, as long as 10,000 are
    enough. threads: parts on their way at the same time.
    """

    threshold_bytes: int = 64 * MIB
    part_bytes: int = 32 * MIB
    threads: int = 4

    def part_bytes_for(self, size_bytes: int) -> int:
        """Size of every part but the last, in whole MiB."""
        needed = -(-size_bytes // (MOST_PARTS * MIB)) * MIB
        return max(self.part_bytes, needed)
