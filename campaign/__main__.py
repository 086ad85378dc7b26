"""python -m campaign: let faults fall on a site of several hosts until the time is over, and say what broke.

Ends with 1 if an invariant did not hold. `--fault NAME --seed N --rounds 1` repeats one round.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from itertools import product, takewhile
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from servers.processes import ServerUnavailable

from campaign.clips import Clips, make_clips
from campaign.faults import FAULTS
from campaign.network.commands import NamespacesRefused
from campaign.network.host_network import try_host_network
from campaign.outcome import Outcome, table
from campaign.rounds import keep_logs, run_round
from campaign.site import running_site
from campaign.small_disk import have_own_mounts

NAMESPACES, PROCESSES = "namespaces", "processes"


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    # Asked to end, it ends its site, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    have_own_mounts()
    options.hosts = _kind_of_hosts(options.hosts)
    print(f"seed {options.seed}", flush=True)
    deadline = time.monotonic() + 60 * options.minutes
    outcomes: list[Outcome] = []
    try:
        for outcome in _outcomes(options, deadline):
            outcomes.append(outcome)
            _print(outcome)
    except KeyboardInterrupt:
        print("ended before its time", file=sys.stderr)
    except ServerUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        print(f"\n{table(outcomes)}", flush=True)
    return 1 if any(outcome.breaches for outcome in outcomes) else 0


def _outcomes(options: argparse.Namespace, deadline: float) -> Iterator[Outcome]:
    """Rounds of all faults in turn. After one that broke something, the site is made anew."""
    faults = product(range(options.rounds), options.fault or FAULTS)
    rounds = takewhile(lambda _: time.monotonic() < deadline, faults)
    with TemporaryDirectory(prefix="cattube-campaign-") as name:
        folder, is_broken = Path(name), True
        clips = make_clips(folder)
        while is_broken:
            is_broken = False
            for outcome in _on_one_site(folder, clips, rounds, options):
                is_broken = bool(outcome.breaches)
                yield outcome


def _on_one_site(
    folder: Path, clips: Clips, rounds: Iterator[tuple[int, str]], options: argparse.Namespace
) -> Iterator[Outcome]:
    """Rounds up to the first that breaks something, on a new site. rounds: number and fault of each."""
    with (
        TemporaryDirectory(prefix="site-", dir=folder) as name,
        running_site(
            Path(name), by_queue=options.reports == "queue", in_namespaces=options.hosts == NAMESPACES
        ) as site,
    ):
        for number, fault in rounds:
            outcome = run_round(site, clips, fault=fault, seed=options.seed + number)
            yield outcome
            if outcome.breaches:
                keep_logs(site, outcome, options.logs)
                return
        site.rows.check_indexes()


def _kind_of_hosts(wish: str) -> str:
    """Namespaces, if they are wished for and this machine has them; if not, it is said why."""
    if wish == NAMESPACES:
        try:
            try_host_network()
        except NamespacesRefused as error:
            print(f"hosts are processes, for there are no network namespaces: {error}", flush=True)
            return PROCESSES
    return wish


def _print(outcome: Outcome) -> None:
    how = "; ".join(outcome.breaches) or ("right" if outcome.was_hit else "right, moment missed")
    how = f"left out, needs {outcome.cannot}" if outcome.cannot else how
    print(f"{outcome.fault} --seed {outcome.seed}: {how} ({outcome.seconds:.0f} s)", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m campaign", description=__doc__)
    parser.add_argument("--fault", action="append", choices=FAULTS, help="only this one, or several such")
    parser.add_argument("--rounds", type=int, default=20, help="of each fault (20)")
    parser.add_argument("--minutes", type=float, default=120, help="after which no round begins (120)")
    parser.add_argument("--reports", choices=("queue", "post"), default="queue", help="how engines report")
    hosts = "what worker hosts are: with a network of their own, if this machine allows it, or without"
    parser.add_argument("--hosts", choices=(NAMESPACES, PROCESSES), default=NAMESPACES, help=hosts)
    parser.add_argument("--seed", type=int, default=Random().randrange(10**6), help="of the first round")
    parser.add_argument("--logs", type=Path, default=Path("campaign-logs"), help="folder for logs of hosts")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
