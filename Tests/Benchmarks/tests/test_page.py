import re
import unittest
from dataclasses import replace
from html.parser import HTMLParser

from summary import page
from summary.chart import bars
from summary.load import Load
from summary.markup import element, escaped
from summary.outcome import Outcome
from summary.row import Row, Spread

from . import samples
from .test_record import HOSTILE

VOID = {"meta", "rect", "line", "path"}
ATTACK = "\"><script>alert(1)</script><img src=x onerror='y'>&amp;"


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            raise AssertionError(f"</{tag}> ends {self.open[-1:]}")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


class Page(unittest.TestCase):
    def test_every_element_is_closed_and_nothing_comes_from_elsewhere(self) -> None:
        text = page.html(samples.record())
        reader = Reader(text)
        self.assertEqual(reader.open, [])
        self.assertEqual(reader.count("script"), 0)
        for name, attributes in reader.elements:
            self.assertFalse({"src", "href", "srcset", "onload"} & set(attributes), name)
        self.assertNotRegex(text, r"url\((?!#)|@import|https?://")

    def test_each_row_is_in_the_table_and_each_aim_in_the_chart(self) -> None:
        record = samples.record()
        reader = Reader(page.html(record))
        cards = page.html(record).split('<table class="cards">')[1].split("</table>")[0]
        self.assertEqual(cards.count("<tr"), len(record.rows) + 1)
        drawn = [each for name, each in reader.elements if name == "svg" and each.get("role") == "img"]
        self.assertEqual(len(drawn), len(record.with_aim))

    def test_what_was_not_measured_says_why(self) -> None:
        record = samples.record(
            outcomes=[
                Outcome("codec", 3.0, failure="it does not build"),
                samples.outcome("rpc", samples.without_peers("rpc", "grpc")),
            ]
        )
        reader = Reader(page.html(record))
        text = " ".join(reader.texts)
        self.assertIn("codec could not be measured", text)
        self.assertIn("not measured: it does not build", text)
        self.assertIn("not measured: gRPC C++: install grpc-server", text)

    def test_a_busy_machine_is_the_first_thing_that_is_said(self) -> None:
        busy = samples.outcome("vote", load=Load(others=0.4))
        text = page.html(samples.record(outcomes=[busy]))
        self.assertIn("note busy", text)
        self.assertLess(text.index("The machine was busy"), text.index("<main>"))
        self.assertNotIn("note busy", page.html(samples.record()))

    def test_texts_of_others_are_texts(self) -> None:
        machine = replace(samples.MACHINE, cpu_model=ATTACK, kernel=ATTACK, system=HOSTILE)
        versions = {ATTACK: ATTACK}
        origin = replace(samples.ORIGIN, commit=ATTACK, versions=versions)
        found = samples.figures("codec")
        for each in found["figures"]:
            if each["operation"] == "decode_ballot" and each["implementation"] == "protobuf-c":
                each["operation"] = ATTACK
        lacking = samples.without_peers("rpc", "grpc")
        lacking["not_measured"]["grpc"] = ATTACK
        record = samples.record(
            began=ATTACK,
            machine=machine,
            origin=origin,
            outcomes=[
                samples.outcome("codec", found),
                samples.outcome("rpc", lacking),
                Outcome("vote", 1.0, failure=ATTACK + HOSTILE),
            ],
        )
        text = page.html(record)
        reader = Reader(text)
        self.assertEqual(reader.open, [])
        self.assertEqual((reader.count("script"), reader.count("img")), (0, 0))
        self.assertIn(f"could not be measured:{ATTACK}", "".join(reader.texts))
        self.assertNotRegex(text, "[\x00-\x08\x0b-\x1f\u202e]")

    def test_an_attribute_cannot_be_left(self) -> None:
        reader = Reader(element("rect", x='"/><script>', fill="'"))
        self.assertEqual(reader.elements, [("rect", {"x": '"/><script>', "fill": "'"})])

    def test_what_nobody_sees_is_shown(self) -> None:
        self.assertEqual(escaped("a\u202eb\x00c\n"), "a\ufffdb\ufffdc\n")


class Chart(unittest.TestCase):
    row = Row("rpc", "n", "what", "", 3.0, "floor", 2.0, 1.5, Spread(9, 1, 1.2, 1.8, 2), aim=1.5)

    def widths(self, row: Row) -> list[float]:
        drawn = bars([row], {"rpc": "rpc"})
        return [float(each) for each in re.findall(r'(?:width|x1|x2)="([\d.]+)%"', drawn)]

    def test_the_aim_is_in_the_middle_and_a_bar_that_reaches_it_as_well(self) -> None:
        widths = self.widths(self.row)
        self.assertEqual(widths[0], 100)
        self.assertEqual(widths[1:4], [50, 50, 50])
        self.assertEqual(widths[4:6], [40, 60])

    def test_nothing_is_drawn_outside(self) -> None:
        far = replace(self.row, ratio=40.0, spread=Spread(9, 1, 1.2, 80, 90))
        drawn = bars([far], {"rpc": "rpc"})
        self.assertLessEqual(max(self.widths(far)), 100)
        # An arrow says that it goes on.
        self.assertIn('class="over"', drawn)
        self.assertNotIn('class="over"', bars([self.row], {"rpc": "rpc"}))

    def test_what_is_missed_is_not_told_by_colour_alone(self) -> None:
        drawn = bars([replace(self.row, ratio=1.7)], {"rpc": "rpc"})
        self.assertIn('fill="url(#stripes)"', drawn)
        self.assertIn(">missed", drawn)
        self.assertNotIn('fill="url(#stripes)"', bars([self.row], {"rpc": "rpc"}))

    def test_what_was_not_measured_has_no_bar(self) -> None:
        drawn = bars([replace(self.row, not_measured="why", ratio=None)], {"rpc": "rpc"})
        self.assertEqual(drawn.count("<rect"), 1)
        self.assertIn("not measured", drawn)
