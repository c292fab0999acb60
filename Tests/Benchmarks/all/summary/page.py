"""The page: one file, which needs no other and no script."""

from .chart import bars, legend
from .figures import Table
from .markup import Markup, element, joined
from .noise import is_wide
from .numbers import beside, figure, limit, percent
from .origin import short
from .outcome import BENCHMARKS, Outcome
from .record import Record
from .row import MET, MISSED, NOT_MEASURED, Row
from .style import CSS

PEER_PACKAGES = "libgrpc++-dev protobuf-compiler-grpc nghttp2-client nats-server mosquitto"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
TITLE = "e-Cabinet beside floors and peers"


def html(record: Record) -> str:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{TITLE}: {record.began[:10]}, {short(record.origin.commit)}"),
        element("style", Markup(CSS)),
    )
    body = element(
        "body",
        header(record),
        element(
            "main",
            section("Against the aims", *against_aims(record)),
            section("All ratios", *all_ratios(record)),
            *(benchmark(outcome) for outcome in record.outcomes),
            section("How noisy it was", *noise(record)),
            section("Machine and programs", *machine(record)),
            section("Run it again", *again(record)),
        ),
        element("footer", "Written by scripts/bench of e-Cabinet. Tests/Benchmarks/README.md explains it."),
    )
    return "<!DOCTYPE html>\n" + element("html", head, body, lang="en") + "\n"


def section(title: str, *content: str) -> Markup:
    return element("section", element("h2", title), *content)


def header(record: Record) -> Markup:
    kind = "quick run" if record.is_quick else "whole run"
    under = f"{record.began.replace('T', ' ').rstrip('Z')} UTC · commit {short(record.origin.commit)}"
    if record.origin.is_dirty:
        under += " with changes that are not committed"
    under += f" · {record.machine.cpu_model}, {record.machine.cores} cores · {kind}"
    tiles = [("aims met", MET), ("missed", MISSED), ("not measured", NOT_MEASURED)]
    return element(
        "header",
        element("p", "e-Cabinet · measured by scripts/bench", class_="kind"),
        element("h1", TITLE),
        element("p", under, class_="under"),
        element(
            "dl",
            *(
                element(
                    "div",
                    element("dt", text),
                    element("dd", str(record.count(verdict)), class_=verdict.replace(" ", "-")),
                )
                for text, verdict in tiles
            ),
            class_="tiles",
        ),
        warnings(record),
    )


def warnings(record: Record) -> Markup:
    failed = [f"{each.benchmark} could not be measured" for each in record.outcomes if each.failure]
    if not failed and not record.warnings:
        return note("The machine was quiet, and the rounds agree.", [])
    first = (
        "The machine was busy. Measure again when it is quiet before you believe this:"
        if record.is_busy
        else "Read this with some care:"
    )
    return note(first, failed + record.warnings, is_busy=record.is_busy)


def note(first: str, items: list[str], is_busy: bool = False) -> Markup:
    return element(
        "div",
        element("p", element("strong", first)),
        element("ul", *(element("li", item) for item in items)) if items else "",
        class_="note busy" if is_busy else "note",
    )


def against_aims(record: Record) -> list[Markup]:
    titles = {name: each.TITLE for name, each in BENCHMARKS.items()}
    return [
        element(
            "p",
            "Each bar is what was measured as a part of its aim: what ends left of the line meets it. Times "
            "are no measure, since machines differ and are shared. So everything here is a ratio to a "
            "floor, which cannot be passed, or to what people use, in the same run.",
        ),
        legend(),
        bars(record.rows, titles),
        *missing(record),
    ]


def missing(record: Record) -> list[Markup]:
    if not record.missing:
        return []
    items = [f"{benchmark}: {reason}" for benchmark, reason in record.missing]
    return [note("Not measured:", items)]


# MARK: the table


def all_ratios(record: Record) -> list[Markup]:
    heads = ("measured", "ours", "floor or peer", "", "ratio", "rounds", "aim", "")
    numbers = {"ours", "ratio", "rounds", "aim"}
    head = [element("th", text, class_="n" if text in numbers else None, scope="col") for text in heads]
    head[3] = element("th", "theirs", class_="n", scope="col")
    lines = []
    previous = None
    for row in record.rows:
        lines.append(line(row, is_first=row.benchmark != previous))
        previous = row.benchmark
    table = element(
        "table",
        element("thead", element("tr", *head)),
        element("tbody", *lines),
        class_="cards",
    )
    words = (
        "Ratios are ours ÷ theirs, so less is better in every line. Those with rounds are the medians of "
        "rounds side by side, and so not exactly what the two figures beside them give. «Rounds» is half "
        "the width of their middle half, as a part of the ratio. «~»: the aim lies within it, and the "
        "next run may say the opposite. Where an aim is for our figure itself it says so."
    )
    return [element("p", words), table]


def line(row: Row, is_first: bool) -> Markup:
    what = element(
        "th",
        element("span", f"{row.benchmark} ", class_="quiet"),
        f"{row.what}, {row.unit}" if row.unit else row.what,
        scope="row",
    )
    if row.verdict == NOT_MEASURED:
        reason = f"not measured: {row.reason}"
        cells = [element("td", reason, colspan="7", class_="wide quiet")]
    else:
        cells = measured_cells(row)
    return element("tr", what, *cells, class_="first" if is_first else None)


def measured_cells(row: Row) -> list[Markup]:
    ours = beside(row.ours, row.aim) if row.is_aim_of_ours else figure(row.ours)
    ratio = figure(row.ratio) if row.is_aim_of_ours else beside(row.ratio, row.aim)
    width = "" if row.half_width is None else f"± {percent(row.half_width)}"
    return [
        cell(ours, "ours", "n"),
        element("td", row.against, class_="peer"),
        cell(figure(row.theirs), "theirs", "n"),
        cell(ratio, "ratio", "n ratio"),
        cell(width, "rounds", "n missed" if is_wide(row) else "n"),
        cell(limit(row.aim) + (" of ours" if row.is_aim_of_ours else ""), "aim", "n"),
        cell(row.verdict_text, "verdict", row.verdict if row.aim is not None else "quiet"),
    ]


def cell(text: str, label: str, class_: str | None = None) -> Markup:
    return element("td", text, class_=class_, data_label=label)


# MARK: a benchmark


def benchmark(outcome: Outcome) -> Markup:
    content: list[Markup] = [element("p", outcome.meaning)]
    if outcome.failure:
        content.append(note("It could not be measured:", [outcome.failure]))
    content += [element("div", of_figures(table), class_="scroll figures") for table in outcome.tables]
    return section(outcome.title, *content)


def of_figures(table: Table) -> Markup:
    texts = text_columns(table)
    head = [
        element("th", text, class_=None if column in texts else "n", scope="col")
        for column, text in enumerate(table.columns)
    ]
    lines = [
        element(
            "tr",
            *(
                element("td", text, class_=None if column in texts else "n")
                if column > 0
                else element("th", text, class_=None if column in texts else "n", scope="row")
                for column, text in enumerate(cells)
            ),
        )
        for cells in table.rows
    ]
    return element(
        "table",
        element("caption", table.title),
        element("thead", element("tr", *head)),
        element("tbody", *lines),
    )


def text_columns(table: Table) -> set[int]:
    """Those in which there is a cell that is no number."""
    return {
        column
        for column in range(len(table.columns))
        if any(not cells[column][:1].isdigit() for cells in table.rows)
    }


# MARK: what it was measured on


def noise(record: Record) -> list[Markup]:
    table = Table(
        "What else the machine did",
        ("", "seconds", "load average, highest", "others had", "host took"),
        tuple(
            (
                outcome.benchmark,
                figure(outcome.seconds),
                figure(outcome.load.highest_average),
                percent(outcome.load.others) or "—",
                percent(outcome.load.stolen) or "—",
            )
            for outcome in record.outcomes
        ),
    )
    words = (
        f"The load average of the minute before was {figure(record.load_average_before)} on "
        f"{record.machine.cores} cores. While it measures, that of a quiet machine is about two: server and "
        "clients have a core each. So it says little; what other programs had of all processor time, "
        "beside the benchmarks and what they have built, says more."
    )
    return [element("p", words), element("div", of_figures(table), class_="scroll figures")]


def machine(record: Record) -> list[Markup]:
    lines = [*record.machine.lines, ("commit", record.origin.commit_text)]
    lines += record.origin.versions.items()
    return [
        element(
            "dl",
            *(joined(element("dt", name), element("dd", text)) for name, text in lines),
            class_="facts",
        )
    ]


def again(record: Record) -> list[Markup]:
    quick = " --quick" if record.is_quick else ""
    commands = (
        f"git checkout {record.origin.commit or 'COMMIT'}\n"
        "scripts/setup\n"
        "apt-get update\n"
        f"apt-get install -y --no-install-recommends {PEER_PACKAGES}\n"
        f"scripts/bench{quick} --json bench.json --html bench.html\n"
    )
    words = (
        "In a clone, on Debian 12 with Swift, two processor cores and a disk; the packages are the peers, "
        "and what is not there is left out and named. Servers are built in .build-bench at first, which "
        "takes some minutes. Nothing else should run meanwhile."
    )
    return [element("p", words), element("pre", commands)]
