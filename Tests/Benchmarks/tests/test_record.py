import json
import unittest

from summary import terminal
from summary.outcome import Outcome

from . import golden, samples

HOSTILE = "no\x1b[2J\x07 \u202eend\nof <it>"


class Written(unittest.TestCase):
    def test_the_table_is_as_recorded(self) -> None:
        golden.check(self, "table.txt", "\n".join(terminal.lines(samples.record())) + "\n")

    def test_the_json_is_as_recorded(self) -> None:
        written = samples.record().json()
        for benchmark, outcome in written["benchmarks"].items():
            self.assertEqual(outcome.pop("figures"), samples.figures(benchmark))
        golden.check(self, "bench.json", json.dumps(written, indent=2, ensure_ascii=False) + "\n")

    def test_the_table_with_what_is_missing_is_as_recorded(self) -> None:
        record = samples.record(
            is_quick=True,
            load_average_before=1.9,
            outcomes=[
                Outcome("codec", 3.0, samples.QUIET, failure="CodecBenchmark does not build"),
                samples.outcome("rpc", samples.without_peers("rpc", "grpc")),
                samples.outcome("vote"),
                samples.outcome("fanout", samples.without_peers("fanout", "nats", "mosquitto")),
            ],
        )
        golden.check(self, "table-missing.txt", "\n".join(terminal.lines(record)) + "\n")
        self.assertTrue(record.has_failed)
        # JSON, although nothing is known of a benchmark.
        json.dumps(record.json(), allow_nan=False)

    def test_nothing_in_the_table_is_a_command_for_the_terminal(self) -> None:
        record = samples.record(outcomes=[Outcome("rpc", 1.0, failure=HOSTILE * 50)])
        text = "\n".join(terminal.lines(record))
        self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\u202e]")
        self.assertLess(max(map(len, text.splitlines())), 250)


class Aims(unittest.TestCase):
    def test_all_are_met_only_where_all_were_measured(self) -> None:
        met = samples.figures("rpc")
        met["aims"] = {"cpu_vs_floor_50x1": 2.0, "cpu_vs_grpc_50x1": 1.0}
        self.assertTrue(samples.record(outcomes=[samples.outcome("rpc", met)]).has_met_all)
        lacking = samples.without_peers("rpc", "grpc")
        lacking["aims"] = met["aims"]
        record = samples.record(outcomes=[samples.outcome("rpc", lacking)])
        self.assertFalse(record.has_met_all)
        self.assertFalse(record.has_failed)

    def test_the_sentence_counts_them(self) -> None:
        self.assertEqual(samples.record().sentence, "16 of 21 aims met, 5 missed")
