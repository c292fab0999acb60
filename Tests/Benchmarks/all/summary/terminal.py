"""The one table, for a terminal."""

import unicodedata
from typing import Iterator

from .noise import is_wide
from .numbers import beside, figure, limit, percent
from .record import Record
from .row import NOT_MEASURED, Row

COLUMNS = ("", "measured", "ours", "floor or peer", "", "ratio", "rounds", "aim", "")
# Those with numbers end at the same place.
RIGHT = {2, 4, 5, 6, 7}
# More than any text of ours has: others' may not make the table wide without end.
LONGEST = 120

EXPLANATION = """\
Ratios are ours ÷ theirs, so less is better; those with rounds are medians of rounds side by side, and not
exactly what the two figures beside them give. Rounds: half the width of their middle half; «!»: they are
far apart. «~»: the aim lies within it, so the next run may say the opposite. «≤ 32 of ours»: the aim is for
our figure itself."""


def lines(record: Record) -> Iterator[str]:
    table = [COLUMNS, *(cells(row) for row in record.rows)]
    reasons = [row.reason for row in record.rows]
    widths = [max(len(line[column]) for line in table) for column in range(len(COLUMNS))]
    for line, reason in zip(table, [None, *reasons]):
        yield aligned(line, widths, reason)
    yield ""
    yield EXPLANATION
    yield ""
    yield f"{record.sentence}."
    load = figure(record.load_average_before)
    yield f"Load average before: {load} on {record.machine.cores} cores; then, by benchmark:"
    for outcome in record.outcomes:
        others, highest = outcome.load.others, outcome.load.highest_average
        yield (
            f"  {outcome.benchmark:<8}{outcome.seconds:>5.0f} s, load average up to {figure(highest)}"
            f", others had {percent(others) or 'an unknown part'} of the processor time"
        )
    for warning in record.warnings:
        yield plain(f"Note: {warning}.")
    if record.is_busy:
        yield "THE MACHINE WAS BUSY: measure again when it is quiet before you believe this."


def cells(row: Row) -> tuple[str, ...]:
    what = plain(f"{row.what}, {row.unit}" if row.unit else row.what)
    if row.verdict == NOT_MEASURED:
        return (row.benchmark, what, "", "", "", "", "", "", "")
    aim = limit(row.aim) + (" of ours" if row.is_aim_of_ours else "")
    return (
        row.benchmark,
        what,
        beside(row.ours, row.aim) if row.is_aim_of_ours else figure(row.ours),
        row.against,
        figure(row.theirs),
        figure(row.ratio) if row.is_aim_of_ours else beside(row.ratio, row.aim),
        rounds(row),
        aim,
        row.verdict_text,
    )


def rounds(row: Row) -> str:
    if row.half_width is None:
        return ""
    width = f"± {percent(row.half_width)}"
    return f"{width}!" if is_wide(row) else width


def aligned(line: tuple[str, ...], widths: list[int], reason: str | None) -> str:
    padded = [
        text.rjust(width) if column in RIGHT else text.ljust(width)
        for column, (text, width) in enumerate(zip(line, widths))
    ]
    if reason is not None:
        # In place of all that there is no figure for.
        padded[2:] = [f"not measured: {plain(reason)}"]
    return "  ".join(padded).rstrip()


def plain(text: str) -> str:
    """Without what a terminal takes for a command."""
    cleaned = "".join(" " if unicodedata.category(each)[0] == "C" else each for each in text)
    return cleaned if len(cleaned) <= LONGEST else f"{cleaned[: LONGEST - 1]}…"
