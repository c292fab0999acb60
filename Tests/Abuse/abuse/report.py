"""The table of what the attacks have done."""

import math


def endings(counts):
    return ", ".join(f"{count} {ending}" for ending, count in counts.most_common()) or "none"


def number(value):
    return "–" if math.isnan(value) else f"{value:.0f}"


def row(result):
    before, after = result["before"], result["during"]
    return [
        result["attack"],
        endings(result["endings"]),
        ", ".join(sorted(result["log"])) or "–",
        "/".join(number(result["rss_mib"][key]) for key in ("before", "peak", "after")),
        f"{number(before['p50_us'])}/{number(before['p99_us'])}",
        f"{number(after['p50_us'])}/{number(after['p99_us'])}",
        f"{result['ratios']['p99']:.1f}",
        f"{result['ratios']['new_p50']:.1f}",
        "; ".join(result["complaints"]) or "as it should",
    ]


HEADINGS = [
    "attack",
    "its connections",
    "server's log",
    "RSS MiB: before/peak/after",
    "p50/p99 µs without",
    "p50/p99 µs with",
    "p99 ratio",
    "new p50 ratio",
    "",
]


def table(results):
    rows = [HEADINGS] + [row(result) for result in results]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows
    )
