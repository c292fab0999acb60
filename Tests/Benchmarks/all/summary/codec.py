"""What the codec's figures say."""

from dataclasses import replace
from typing import Any, Iterator

from .figures import Figures, Table
from .numbers import figure
from .row import Row

TITLE = "codec: a signed ballot and the snapshot of a meeting"
MEANING = (
    "Processor time to decode or encode one message: the codec of this project over that of bare "
    "protobuf-c, called from C in the same process, on which it is built; and over SwiftProtobuf. A ratio "
    "of 2.5 to protobuf-c is an aim since decoding here makes safe Swift values of what protobuf-c leaves "
    "as pointers. It is held by the medians and by the fastest rounds."
)

OURS = "e-cabinet"
OPERATIONS = {
    "decode_ballot": "decode a signed ballot",
    "encode_ballot": "encode a signed ballot",
    "decode_snapshot": "decode a meeting's snapshot",
    "encode_snapshot": "encode a meeting's snapshot",
}
# By their names in the figures: the key of the ratio, whether that says how many times as fast we are,
# and how it reads.
OTHERS = {
    "protobuf-c": ("vs_protobuf_c", False, "protobuf-c"),
    "protobuf-c, arena": ("vs_protobuf_c_arena", False, "protobuf-c, arena"),
    "SwiftProtobuf": ("vs_swift_protobuf", True, "SwiftProtobuf"),
}


def rows(values: dict[str, Any]) -> Iterator[Row]:
    figures = Figures("codec", values)
    times = {
        (each["operation"], each["implementation"]): each["median_nanoseconds"]
        for each in values["figures"]
    }
    for operation, what in OPERATIONS.items():
        for other, (key, is_speedup, title) in OTHERS.items():
            if (operation, other) not in times:
                continue
            name = f"{operation}_{key}"
            row = figures.row(
                name, what, "ns", times[operation, OURS], title, times[operation, other]
            )
            row = replace(row, fastest_ratio=values["minimum_ratios"][name])
            yield of_time(row) if is_speedup else row


def of_time(row: Row) -> Row:
    """Here less is better in every row, so «twice as fast» is half of the time."""
    return replace(
        row,
        ratio=inverse(row.ratio),
        fastest_ratio=inverse(row.fastest_ratio),
        aim=inverse(row.aim),
        spread=row.spread.inverted() if row.spread else None,
    )


def inverse(value: float | None) -> float | None:
    return None if value is None else 1 / value


def tables(values: dict[str, Any]) -> list[Table]:
    return [
        Table(
            "Processor time for an operation",
            ("", "of", "bytes", "median ns", "fastest round ns"),
            tuple(
                (
                    OPERATIONS.get(each["operation"], each["operation"]),
                    each["implementation"],
                    figure(each["bytes"]),
                    figure(each["median_nanoseconds"]),
                    figure(each["minimum_nanoseconds"]),
                )
                for each in values["figures"]
            ),
        )
    ]
