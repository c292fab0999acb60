"""What the figures of the live stream say."""

from typing import Any, Iterator

from .fanout_tables import TITLES, tables
from .figures import Figures
from .row import Row

__all__ = ["MEANING", "TITLE", "rows", "tables"]

TITLE = "fanout: one event to thousands of subscribers"
MEANING = (
    "Processor time of the server for one delivery of the event of a ballot, over mutual TLS 1.3; in "
    "ours with the vote itself and its commit, which weigh with few subscribers. The floor is epoll and "
    "OpenSSL in C that encrypts and sends as many bytes to as many sockets; the peers are NATS and "
    "Mosquitto with their default settings, of which the cheaper one counts. The servers take turns in "
    "each round. Then: what a follower who stops reading costs the others and the server, and what a "
    "storm of lost connections does to votes."
)

SIZES = ("100", "1000", "5000")
BROKERS = ("nats", "mosquitto")


def rows(values: dict[str, Any]) -> Iterator[Row]:
    figures = Figures("fanout", values)
    for size in SIZES:
        yield from deliveries(figures, size)
    servers = values["fanout"]["5000"]
    yield figures.row(
        "last_p50_vs_floor_5000",
        "the last of 5,000 has the event, p50",
        "ms",
        servers["ours"]["last_us"]["p50"] / 1e3,
        TITLES["floor"],
        servers["floor"]["last_us"]["p50"] / 1e3,
    )
    yield records(figures)
    yield from live(figures)


def deliveries(figures: Figures, size: str) -> Iterator[Row]:
    servers = figures.values["fanout"][size]
    cpu = {name: each["server_cpu_us"] for name, each in servers.items()}
    what, unit = f"server CPU for a delivery, {int(size):,}", "µs"
    name = f"cpu_vs_floor_{size}"
    yield figures.row(name, what, unit, cpu["ours"], TITLES["floor"], cpu["floor"])
    name = f"cpu_vs_broker_{size}"
    if name in figures.values["ratios"]:
        cheaper = max(BROKERS, key=lambda peer: figures.values["ratios"][f"cpu_vs_{peer}_{size}"])
        yield figures.row(name, what, unit, cpu["ours"], TITLES[cheaper], cpu[cheaper])
    else:
        yield figures.missing(name, what, unit, "the cheaper broker", BROKERS)


def records(figures: Figures) -> Row:
    """Of all bursts the one with the most records for its commits."""
    worst = max(
        (burst for of_size in figures.values["bursts"].values() for burst in of_size),
        key=lambda burst: burst["records_most"] / burst["commits"],
    )
    return figures.row(
        "records_vs_commits",
        "TLS records for 27 ballots",
        "",
        worst["records_most"],
        "commits",
        worst["commits"],
    )


def live(figures: Figures) -> Iterator[Row]:
    stalled, storm = figures.values["stalled"], figures.values["storm"]
    yield figures.row(
        "stalled_p99",
        f"p99 of delivery beside {stalled['stalled']} stalled",
        "ms",
        stalled["delivery_us_with"]["p99"] / 1e3,
        "without them",
        stalled["delivery_us_without"]["p99"] / 1e3,
    )
    yield figures.row(
        "stalled_kib",
        "memory for a stalled reader",
        "KiB",
        stalled["kib_per_stalled"],
        "",
        None,
        is_aim_of_ours=True,
    )
    yield figures.row(
        "storm_vote_p99",
        f"p99 of votes while {storm['followers']:,} come back",
        "ms",
        storm["resuming"]["vote_us"]["p99"] / 1e3,
        "without a storm",
        storm["quiet_vote_us"]["p99"] / 1e3,
    )
