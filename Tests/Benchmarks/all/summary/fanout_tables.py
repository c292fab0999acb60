"""The figures of the live stream that stand beside its ratios."""

from typing import Any

from .figures import Table
from .numbers import figure, milliseconds

TITLES = {"floor": "floor (C)", "ours": "e-Cabinet", "nats": "NATS", "mosquitto": "Mosquitto"}


def tables(values: dict[str, Any]) -> list[Table]:
    return [
        *(delivery(size, servers) for size, servers in values["fanout"].items()),
        bursts(values["bursts"]),
        stalled(values["stalled"]),
        storm(values["storm"]),
    ]


def delivery(size: str, servers: dict[str, Any]) -> Table:
    plural = "" if size == "1" else "s"
    return Table(
        f"One event to {int(size):,} subscriber{plural}",
        ("", "CPU µs each", "first p50 ms", "last p50 ms", "last p99 ms", "events"),
        tuple(
            (
                TITLES[name],
                figure(each["server_cpu_us"]),
                milliseconds(each["first_us"]["p50"]),
                milliseconds(each["last_us"]["p50"]),
                milliseconds(each["last_us"]["p99"]),
                f"{each['events']:,}",
            )
            for name, each in servers.items()
        ),
    )


def bursts(by_size: dict[str, Any]) -> Table:
    return Table(
        "27 ballots: TLS records with events that each subscriber got",
        ("subscribers", "within ms", "commits", "records, most", "records, mean"),
        tuple(
            (
                f"{int(size):,}",
                f"{burst['milliseconds']:,}",
                f"{burst['commits']:,}",
                f"{burst['records_most']:,}",
                figure(burst["records_mean"]),
            )
            for size, of_size in by_size.items()
            for burst in of_size
        ),
    )


def stalled(values: dict[str, Any]) -> Table:
    return Table(
        f"{values['readers']:,} who read, beside {values['stalled']:,} who have stopped",
        ("delivery", "p50 ms", "p99 ms"),
        tuple(
            (title, milliseconds(values[name]["p50"]), milliseconds(values[name]["p99"]))
            for title, name in (
                ("without the stalled", "delivery_us_without"),
                ("with them", "delivery_us_with"),
            )
        ),
    )


def storm(values: dict[str, Any]) -> Table:
    return Table(
        f"{values['followers']:,} lose their connections at once, while members vote",
        ("", "all live after ms", "votes p99 ms", "snapshots", "TLS resumed", "memory at most, KiB"),
        tuple(
            (
                title,
                figure(max(values[name]["live_ms"])),
                milliseconds(values[name]["vote_us"]["p99"]),
                f"{values[name]['snapshots']:,}",
                f"{values[name]['resumed']:,} of {values[name]['connections']:,}",
                f"{values[name]['resident_kib_peak']:,}",
            )
            for title, name in (("they go on", "resuming"), ("they begin anew", "anew"))
        ),
    )
