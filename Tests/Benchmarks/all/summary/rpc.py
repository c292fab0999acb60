"""What the figures of the echo say."""

from typing import Any, Iterator

from .figures import Figures, Table
from .numbers import figure
from .row import Row

TITLE = "rpc: an echo of 60 bytes over mutual TLS 1.3"
MEANING = (
    "Processor time of the server for one call: this project's runtime over the floor, which is epoll and "
    "OpenSSL in C that sends the same bytes back and does nothing else, and over gRPC C++ with the same "
    "payload and the same cipher. The servers take turns in each round; server and client have a core each. "
    "50 × 16 are 50 connections with 16 calls in flight on each."
)

TITLES = {"floor": "floor (C)", "ours": "e-Cabinet", "grpc": "gRPC C++"}
PEERS = ("floor", "grpc")


def rows(values: dict[str, Any]) -> Iterator[Row]:
    figures = Figures("rpc", values)
    for scenario, servers in values["load"].items():
        ours = servers["ours"]
        what = f"server CPU for a call, {scenario.replace('x', ' × ')}"
        for peer in PEERS:
            name = f"cpu_vs_{peer}_{scenario}"
            if peer not in servers:
                yield figures.missing(name, what, "µs", TITLES[peer], [peer])
                continue
            cpu = servers[peer]["server_cpu_us"]
            yield figures.row(name, what, "µs", ours["server_cpu_us"], TITLES[peer], cpu)
    yield from wire(figures, values["load"]["50x1"])
    idle = values["idle"]
    yield figures.row(
        "idle_connection_kib",
        "memory of an idle connection",
        "KiB",
        idle["ours"]["kib_per_connection"],
        TITLES["floor"],
        idle["floor"]["kib_per_connection"],
        is_aim_of_ours=True,
    )


def wire(figures: Figures, servers: dict[str, Any]) -> Iterator[Row]:
    name, what, unit = "wire_bytes_vs_grpc", "bytes on the wire for a call, 50 × 1", ""
    if "grpc" not in servers:
        yield figures.missing(name, what, unit, TITLES["grpc"], ["grpc"])
        return
    ours, theirs = (servers[server]["wire_bytes"] for server in ("ours", "grpc"))
    yield figures.row(name, what, unit, ours, TITLES["grpc"], theirs)


def tables(values: dict[str, Any]) -> list[Table]:
    load = [
        Table(
            f"{scenario.split('x')[0]} connections, {scenario.split('x')[1]} in flight on each",
            ("", "calls/s", "p50 µs", "p99 µs", "p99.9 µs", "server CPU µs", "bytes", "errors"),
            tuple(
                (
                    TITLES[name],
                    figure(each["rate_per_s"]),
                    figure(each["latency_us"]["p50"]),
                    figure(each["latency_us"]["p99"]),
                    figure(each["latency_us"]["p999"]),
                    figure(each["server_cpu_us"]),
                    figure(each["wire_bytes"]),
                    f"{each['errors']:,}",
                )
                for name, each in servers.items()
            ),
        )
        for scenario, servers in values["load"].items()
    ]
    idle = Table(
        "Resident memory of the server",
        ("", "with one, KiB", "with many, KiB", "many", "KiB each"),
        tuple(
            (
                TITLES[name],
                f"{each['resident_kib_of_1']:,}",
                f"{each['resident_kib']:,}",
                f"{each['connections']:,}",
                figure(each["kib_per_connection"]),
            )
            for name, each in values["idle"].items()
        ),
    )
    return [*load, idle]
