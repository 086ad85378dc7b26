"""In which order a robot takes the files of a bundle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from cattube_worker.robots.shared.input_files import InputFile, in_role


class Ordered(BaseModel):
    """The parameter that says so."""

    sort_by: Literal["basename", "import_order", "auto"] = "basename"

    def in_order(self, sources: Sequence[InputFile], *, role: str = "video") -> list[InputFile]:
        """By their numbered roles, else by name as people count: "part 2" before "part 10"."""
        numbered = in_role(sources, role)
        if numbered:
            return [
                *in_role(sources, "pre_roll"),
                *numbered,
                *[each for each in sources if each.role is None],
                *in_role(sources, "post_roll"),
            ]
        return list(sources) if self.sort_by == "import_order" else sorted(sources, key=_as_people_count)


def _as_people_count(source: InputFile) -> list[tuple[bool, int, str]]:
    words = re.findall(r"\d+|\D+", source.basename.lower())
    return [(not each.isdecimal(), int(each[:18]) if each.isdecimal() else 0, each) for each in words]
