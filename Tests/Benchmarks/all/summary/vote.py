"""What the figures of votes say."""

from typing import Any, Iterator

from .figures import Figures, Table
from .numbers import figure, milliseconds
from .row import Row

TITLE = "vote: signed ballots, durable on a disk"
MEANING = (
    "A vote counts from the signing of the ballot to the verified receipt, which the server gives when the "
    "ballot is synced to the disk. Each member has a connection of its own and one ballot under way. The "
    "floor of the processor time is the one P-256 verification that a ballot needs, as openssl speed does "
    "it on the same core; the floor of the latency is that verification, a write with its fdatasync and "
    "an echo of as many bytes, added up. All are measured in the same rounds."
)


def rows(values: dict[str, Any]) -> Iterator[Row]:
    figures = Figures("vote", values)
    parts = values["parts"]
    for members, votes in values["votes"].items():
        yield figures.row(
            f"cpu_vs_verify_{members}",
            f"server CPU for a vote, {of_members(members)}",
            "µs",
            votes["server_cpu_us"],
            "one verification",
            parts["verify_us"],
        )
    yield figures.row(
        "p50_vs_parts_1",
        "p50 to the receipt, one member",
        "ms",
        values["votes"]["1"]["latency_us"]["p50"] / 1e3,
        "sum of its parts",
        sum(parts[part] for part in ("verify_us", "commit_us", "echo_us")) / 1e3,
    )


def of_members(count: str) -> str:
    return "one member" if count == "1" else f"{count} members"


def tables(values: dict[str, Any]) -> list[Table]:
    parts = values["parts"]
    votes = Table(
        "Members who vote at once",
        ("members", "votes/s", "p50 ms", "p99 ms", "server CPU µs", "votes", "errors"),
        tuple(
            (
                members,
                figure(each["rate_per_s"]),
                milliseconds(each["latency_us"]["p50"]),
                milliseconds(each["latency_us"]["p99"]),
                figure(each["server_cpu_us"]),
                f"{each['votes']:,}",
                f"{each['errors']:,}",
            )
            for members, each in values["votes"].items()
        ),
    )
    made_of = Table(
        "What a vote is made of",
        ("", "µs"),
        (
            ("one P-256 verification (openssl speed)", figure(parts["verify_us"])),
            ("a write and its fdatasync, median", figure(parts["commit_us"])),
            ("an echo over TLS on one connection, p50", figure(parts["echo_us"])),
        ),
    )
    return [votes, made_of]
