"""Votes, and what they are made of, in rounds that take turns."""

import contextlib
import random
import statistics

from common.rounds import median, spread

from . import programs as measured
from .disk import Disk

# Members, and polls of a round: in each, every member casts 20 ballots.
LOADS = {1: 25, 27: 5, 500: 1}


def subjects():
    return [str(members) for members in LOADS]


def measure(programs, is_quick, only):
    rounds, echo_seconds = (3, 0.5) if is_quick else (11, 1)
    wanted = [members for members in LOADS if only in (None, str(members))]
    seed = random.getrandbits(48)
    print(f"seed {seed}", flush=True)
    with contextlib.ExitStack() as running:
        echo = running.enter_context(programs.echo_server())
        server = running.enter_context(programs.cabinet())
        disk = running.enter_context(contextlib.closing(Disk(programs.folder)))
        voters = {}
        for members in wanted:
            print(f"{members} members come together", flush=True)
            voters[members] = running.enter_context(
                programs.voters(server, seed + members, members, LOADS[members])
            )
        # What is done for the first time takes longer.
        for members in wanted:
            voters[members].vote()
        parts, votes = [], {members: [] for members in wanted}
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", flush=True)
            parts.append(
                {
                    "verify_us": measured.verify_us(),
                    "commit_us": disk.commit_us(),
                    "echo_us": programs.echo_us(echo, echo_seconds),
                }
            )
            for members in wanted:
                votes[members].append(voters[members].vote())
    figures = {
        "seed": seed,
        "votes": {str(members): median(results) for members, results in votes.items()},
        "parts": median(parts),
    }
    if not only:
        by_round = ratios(votes, parts)
        figures["ratios"] = {name: statistics.median(each) for name, each in by_round.items()}
        figures["spreads"] = {name: spread(each) for name, each in by_round.items()}
    return figures


def ratios(votes, parts):
    """Of each round, from its own figures."""
    found = {
        f"cpu_vs_verify_{members}": [
            vote["server_cpu_us"] / part["verify_us"] for vote, part in zip(results, parts)
        ]
        for members, results in votes.items()
    }
    found["p50_vs_parts_1"] = [
        vote["latency_us"]["p50"] / sum(part.values()) for vote, part in zip(votes[1], parts)
    ]
    return found
