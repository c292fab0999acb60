"""Figures as each benchmark writes them, and a run that is made of them."""

import json
import os
from typing import Any

from summary.load import Load
from summary.machine import Machine
from summary.origin import Origin
from summary.outcome import BENCHMARKS, Outcome
from summary.record import Record

from . import HERE

MACHINE = Machine(
    cpu_model="Example 9000",
    cores=2,
    is_virtual=True,
    cpu_governor=None,
    memory_bytes=8 << 30,
    kernel="Linux 6.1.0 x86_64",
    system="Debian GNU/Linux 12 (bookworm)",
    filesystem="ext4",
)
ORIGIN = Origin(
    commit="0123456789abcdef0123456789abcdef01234567",
    is_dirty=False,
    versions={"Swift": "Swift version 6.3.1", "OpenSSL": "OpenSSL 3.0.19"},
)
QUIET = Load(others=0.004, stolen=0.0, load_averages=[0.2, 1.9, 2.1])


def figures(benchmark: str) -> dict[str, Any]:
    with open(os.path.join(HERE, "samples", f"{benchmark}.json"), encoding="utf-8") as file:
        return json.load(file)


def without_peers(benchmark: str, *peers: str) -> dict[str, Any]:
    """As it is where those are not installed."""
    found = figures(benchmark)
    for servers in [*found.get("load", {}).values(), *found.get("fanout", {}).values()]:
        for peer in peers:
            del servers[peer]
    for peer in peers:
        found.get("idle", {}).pop(peer, None)
        found["not_measured"][peer] = f"install {peer}-server"
    gone = {*peers, "broker"} if benchmark == "fanout" else set(peers)
    for named in ("ratios", "spreads"):
        found[named] = {
            name: value for name, value in found[named].items() if not gone & set(name.split("_"))
        }
    return found


def outcome(benchmark: str, found: Any = None, load: Load = QUIET) -> Outcome:
    return Outcome.of_figures(benchmark, 60.5, load, found or figures(benchmark))


def record(**instead: Any) -> Record:
    """A quiet run; with other outcomes, or other facts."""
    facts: dict[str, Any] = {
        "began": "2026-06-24T09:00:00Z",
        "seconds": 242.0,
        "is_quick": False,
        "machine": MACHINE,
        "origin": ORIGIN,
        "load_average_before": 0.05,
        "outcomes": [outcome(benchmark) for benchmark in BENCHMARKS],
    }
    return Record(**{**facts, **instead})
