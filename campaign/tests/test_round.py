"""One round of the campaign, of the fault that is most like a machine that is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from campaign.clips import make_clips
from campaign.network.commands import NamespacesRefused
from campaign.network.host_network import try_host_network
from campaign.rounds import run_round
from campaign.site import running_site

pytestmark = [pytest.mark.cluster, pytest.mark.ffmpeg]


def test_f114_videos_are_whole_though_a_host_was_cut_off_from_all_amid_them(tmp_path: Path) -> None:
    try:
        try_host_network()
    except NamespacesRefused as error:
        pytest.skip(f"needs network namespaces: {error}")
    if shutil.which("ffprobe") is None:
        pytest.skip("needs ffprobe")
    clips = make_clips(tmp_path)

    with running_site(tmp_path, by_queue=True, in_namespaces=True) as site:
        outcome = run_round(site, clips, fault="cut-from-all", seed=1)

    assert (outcome.cannot, outcome.breaches) == ("", ())
