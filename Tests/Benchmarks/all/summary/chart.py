"""Bars of the ratios against their aims.

A bar is as long as the ratio is, as a part of its aim, so that ratios of all sizes have one line that
they should not pass. It is drawn in per cent of the width that there is; its texts are HTML beside it,
so that they are as large on a telephone as elsewhere.
"""

from .markup import Markup, element, joined
from .numbers import beside
from .row import MISSED, NOT_MEASURED, Row

# Where the drawing ends, as a part of the aim: what goes on beyond has an arrow.
END = 2.0
HEIGHT = 22
THICKNESS = 12
STRIPE_PIXELS = 7
# As wide as a drawing ever is.
MOST_PIXELS = 800

STRIPES = "stripes"


def bars(rows: list[Row], titles: dict[str, str]) -> Markup:
    """Of the rows that have aims, grouped by benchmark."""
    parts = [definitions()]
    for benchmark, title in titles.items():
        of_benchmark = [row for row in rows if row.benchmark == benchmark and row.aim is not None]
        if of_benchmark:
            parts.append(element("div", title, class_="group"))
            parts += [bar(row) for row in of_benchmark]
    return element("div", *parts, scale(), class_="bars")


def definitions() -> Markup:
    """What is missed has stripes, also for those who see no colours. An SVG of no size."""
    stripe = element("line", x1="0", y1="0", x2="0", y2=str(STRIPE_PIXELS), class_="stripes")
    pattern = element(
        "pattern",
        stripe,
        id=STRIPES,
        width=str(STRIPE_PIXELS),
        height=str(STRIPE_PIXELS),
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    svg = element("svg", pattern, width="0", height="0", aria_hidden="true", style="position:absolute")
    return svg


def bar(row: Row) -> Markup:
    peer = f"÷ {row.against}" if row.against and not row.is_aim_of_ours else row.unit
    name = element("span", row.what, class_="name")
    what = element("div", name, element("small", peer, class_="peer"), class_="what")
    return element("div", what, element("div", drawing(row), class_="drawn"), value(row), class_="bar")


def value(row: Row) -> Markup:
    if row.verdict == NOT_MEASURED:
        return element("div", "not measured", class_="value quiet")
    measured = beside(row.ours if row.is_aim_of_ours else row.ratio, row.aim)
    if row.is_aim_of_ours:
        measured = f"{measured} {row.unit}"
    verdict = element("span", row.verdict_text, class_=row.verdict)
    aim = element("span", f" (aim {row.aim:.3g}) ", class_="quiet")
    return element("div", element("strong", measured), aim, verdict, class_="value")


def drawing(row: Row) -> Markup:
    if row.judged is None or row.aim is None or row.verdict == NOT_MEASURED:
        return element("svg", track(), aim_line(), role="img", aria_label="not measured")
    part = row.judged / row.aim
    drawn = [track(), block(min(part, END), row.verdict)]
    if row.verdict == MISSED:
        drawn.append(block(min(part, END), fill=f"url(#{STRIPES})"))
    if part > END:
        drawn.append(arrow())
    drawn += [aim_line(), *whiskers(row)]
    label = f"{row.what}: {part * 100:.0f} % of the aim, {row.verdict}"
    return element("svg", *drawn, role="img", aria_label=label)


def track() -> Markup:
    return element("rect", x="0", y=top(), width="100%", height=str(THICKNESS), class_="track")


def block(part: float, verdict: str | None = None, fill: str | None = None) -> Markup:
    return element(
        "rect",
        x="0",
        y=top(),
        width=at(part),
        height=str(THICKNESS),
        class_=verdict,
        fill=fill,
    )


def arrow() -> Markup:
    """At the end of a bar that is longer than the drawing; in an SVG of its own, which is placed there."""
    inner = element("path", d=f"M1 1 L9 {HEIGHT / 2:g} L1 {HEIGHT - 1} Z", class_="over")
    return element("svg", inner, x="100%", width="10", height=str(HEIGHT), overflow="visible")


def aim_line() -> Markup:
    return element("line", x1=at(1), y1="1", x2=at(1), y2=str(HEIGHT - 1), class_="aim")


def whiskers(row: Row) -> list[Markup]:
    """From the lowest quarter of the rounds to the highest."""
    if row.spread is None or row.aim is None:
        return []
    ends = [
        min(quartile / row.aim, END)
        for quartile in (row.spread.lower_quartile, row.spread.upper_quartile)
    ]
    middle, half = HEIGHT / 2, 3
    across = element(
        "line", x1=at(ends[0]), y1=f"{middle:g}", x2=at(ends[1]), y2=f"{middle:g}", class_="rounds"
    )
    marks = [
        element(
            "line",
            x1=at(end),
            y1=f"{middle - half:g}",
            x2=at(end),
            y2=f"{middle + half:g}",
            class_="rounds",
        )
        for end in ends
    ]
    return [across, *marks]


def scale() -> Markup:
    """What the lengths mean, below."""
    marks = [
        element("text", text, x=at(part), y="12", text_anchor=anchor)
        for part, text, anchor in (
            (0, "0", "start"),
            (0.5, "half", "middle"),
            (1, "the aim", "middle"),
            (1.5, "1.5 ×", "middle"),
            (END, "2 ×", "end"),
        )
    ]
    space = element("div", class_="space")
    drawn = element("div", element("svg", *marks, aria_hidden="true"), class_="drawn")
    return element("div", space, drawn, space, class_="scale")


def legend() -> Markup:
    height = {"height": "12"}
    met = element("rect", x="0", y="0", width="30", class_="met", **height)
    missed = element("rect", x="0", y="0", width="30", class_="missed", **height)
    stripes = element("rect", x="0", y="0", width="30", fill=f"url(#{STRIPES})", **height)
    aim = element("line", x1="15", y1="0", x2="15", y2="12", class_="aim")
    across = element("line", x1="3", y1="6", x2="27", y2="6", class_="rounds")
    return element(
        "ul",
        entry("met", met),
        entry("missed", missed, stripes),
        entry("the aim", aim),
        entry("the middle half of the rounds", across),
        class_="legend",
    )


def entry(text: str, *drawn: Markup) -> Markup:
    return element("li", element("svg", *drawn, aria_hidden="true"), text)


def top() -> str:
    return f"{(HEIGHT - THICKNESS) / 2:g}"


def at(part: float) -> str:
    """Along the drawing."""
    return f"{part / END * 100:.2f}%"
