import unittest
from dataclasses import replace

from summary.numbers import beside, figure
from summary.row import MET, MISSED, NO_AIM, NOT_MEASURED, Row, Spread

from . import samples


def rows(benchmark: str, found: dict | None = None) -> dict[str, Row]:
    return {row.name: row for row in samples.outcome(benchmark, found).rows}


class Verdicts(unittest.TestCase):
    row = Row("rpc", "name", "what", ours=3.0, theirs=2.0, ratio=1.5, aim=1.5)

    def test_an_aim_is_met_up_to_its_value(self) -> None:
        self.assertEqual(self.row.verdict, MET)
        self.assertEqual(replace(self.row, ratio=1.5001).verdict, MISSED)
        self.assertEqual(replace(self.row, aim=None).verdict, NO_AIM)
        self.assertEqual(replace(self.row, ratio=None).verdict, NOT_MEASURED)

    def test_an_aim_can_be_for_ours_alone(self) -> None:
        ours = replace(self.row, is_aim_of_ours=True, aim=3)
        self.assertEqual(ours.verdict, MET)
        self.assertEqual(replace(ours, ours=3.1).verdict, MISSED)

    def test_the_fastest_rounds_have_to_meet_it_as_well(self) -> None:
        row = replace(self.row, fastest_ratio=1.6)
        self.assertEqual(row.verdict, MISSED)
        self.assertEqual(row.verdict_text, "missed, fastest rounds")

    def test_rounds_on_both_sides_of_the_aim_are_close(self) -> None:
        around, below = Spread(9, 1.0, 1.4, 1.6, 2.0), Spread(9, 1.0, 1.2, 1.4, 2.0)
        self.assertEqual(replace(self.row, spread=around).verdict_text, "met ~")
        self.assertEqual(replace(self.row, spread=below).verdict_text, "met")


class Rows(unittest.TestCase):
    def test_less_is_better_in_every_row(self) -> None:
        row = rows("codec")["encode_ballot_vs_swift_protobuf"]
        self.assertAlmostEqual(row.ratio or 0, 905 / 2806, places=3)
        self.assertEqual(row.aim, 0.5)
        spread = row.spread
        assert spread is not None
        self.assertLess(spread.lower_quartile, row.ratio or 0)
        self.assertLess(row.ratio or 0, spread.upper_quartile)

    def test_memory_has_an_aim_of_its_own_and_a_ratio_to_the_floor(self) -> None:
        row = rows("rpc")["idle_connection_kib"]
        self.assertEqual((row.judged, row.aim, row.verdict), (25.7, 32, MET))
        self.assertAlmostEqual(row.ratio or 0, 25.7 / 30.9)

    def test_the_cheaper_broker_is_named(self) -> None:
        found = rows("fanout")
        self.assertEqual(found["cpu_vs_broker_100"].against, "Mosquitto")
        self.assertEqual(found["cpu_vs_broker_5000"].against, "NATS")

    def test_what_has_an_aim_in_the_figures_has_a_row_with_it(self) -> None:
        for benchmark in ("codec", "rpc", "vote", "fanout"):
            with_aim = {name for name, row in rows(benchmark).items() if row.aim is not None}
            self.assertEqual(with_aim, set(samples.figures(benchmark)["aims"]), benchmark)

    def test_a_missing_peer_leaves_the_other_rows(self) -> None:
        found = rows("rpc", samples.without_peers("rpc", "grpc"))
        self.assertEqual(found["cpu_vs_floor_50x1"].verdict, MISSED)
        for name in ("cpu_vs_grpc_50x1", "cpu_vs_grpc_50x16", "wire_bytes_vs_grpc"):
            self.assertEqual(found[name].verdict, NOT_MEASURED)
            self.assertEqual(found[name].not_measured, "install grpc-server")
        self.assertEqual(set(found), set(rows("rpc")))

    def test_one_broker_alone_is_not_the_cheaper_one(self) -> None:
        found = rows("fanout", samples.without_peers("fanout", "mosquitto"))
        self.assertEqual(found["cpu_vs_broker_5000"].not_measured, "install mosquitto-server")
        self.assertEqual(found["cpu_vs_floor_5000"].verdict, MET)

    def test_figures_that_lack_something_are_a_failure(self) -> None:
        for broken in ([1], {"ratios": {}}, {**samples.figures("vote"), "votes": {}}):
            outcome = samples.outcome("vote", broken)
            self.assertIn("not as expected", outcome.failure or "")
            self.assertEqual([row.verdict for row in outcome.rows], [NOT_MEASURED])

    def test_a_ratio_that_is_no_number_is_a_failure(self) -> None:
        found = samples.figures("vote")
        found["ratios"]["p50_vs_parts_1"] = float("nan")
        self.assertIn("p50_vs_parts_1 is nan", samples.outcome("vote", found).failure or "")


class Numbers(unittest.TestCase):
    def test_three_digits_count(self) -> None:
        cases = {41: "41", 1234.5: "1,234", 12.34: "12.3", 1.234: "1.23", 0.0512: "0.051", 0: "0"}
        for value, text in cases.items():
            self.assertEqual(figure(value), text)
        self.assertEqual(figure(None), "")

    def test_as_many_digits_as_show_the_side_of_the_aim(self) -> None:
        self.assertEqual(beside(1.601, 1.6), "1.601")
        self.assertEqual(beside(0.2504, 0.25), "0.2504")
        self.assertEqual(beside(1.604, 2), "1.60")
        self.assertEqual(beside(1.599, 1.6), "1.60")
