from typing import Any

import pytest
from contract_files import golden

from cattube.videos.qualities import quality_label


@pytest.mark.parametrize(
    "size", golden("qualities.json")["qualities"], ids=lambda size: f"{size['width']}x{size['height']}"
)
def test_a_quality_has_the_name_that_players_give_it(size: dict[str, Any]) -> None:
    assert quality_label(size["width"], size["height"]) == size["label"]


def test_a_file_of_unknown_size_is_a_video() -> None:
    assert quality_label(None, None) == "Video"
