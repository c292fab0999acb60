"""The samples have what the benchmarks write: names that one of them no longer has would not be found."""

import unittest
from typing import Any

from fanout.bench import fanout as fanout_bench
from fanout.bench import report as fanout_report
from rpc.bench import load as rpc_load
from rpc.bench import report as rpc_report
from vote.bench import report as vote_report
from vote.bench import votes

from . import samples


def run(cpu: float) -> dict[str, Any]:
    return {"server_cpu_us": cpu, "latency_us": {"p50": 10 * cpu}, "last_us": [cpu]}


class Contract(unittest.TestCase):
    def test_rpc(self) -> None:
        runs = {
            (scenario, server): [run(2), run(4)]
            for scenario in rpc_load.SCENARIOS
            for server in ("floor", "ours", "grpc")
        }
        by_round = rpc_load.cpu_ratios(runs)
        sample = samples.figures("rpc")
        self.assertEqual(set(by_round), set(sample["spreads"]))
        self.assertEqual(set(rpc_report.ratios(sample, by_round)), set(sample["ratios"]))
        self.assertEqual(set(rpc_report.TARGETS), set(sample["aims"]))

    def test_rpc_without_grpc(self) -> None:
        sample = samples.without_peers("rpc", "grpc")
        ratios = rpc_report.ratios(sample, {name: [1.0] for name in sample["spreads"]})
        self.assertEqual(set(ratios), set(sample["ratios"]))

    def test_vote(self) -> None:
        parts = [{"verify_us": 1, "commit_us": 2, "echo_us": 2}]
        by_round = votes.ratios({members: [run(3)] for members in votes.LOADS}, parts)
        self.assertEqual(by_round["cpu_vs_verify_500"], [3])
        self.assertEqual(by_round["p50_vs_parts_1"], [6])
        sample = samples.figures("vote")
        self.assertEqual(set(by_round), set(sample["spreads"]))
        self.assertEqual(set(vote_report.TARGETS), set(sample["aims"]))

    def test_fanout(self) -> None:
        sample = samples.figures("fanout")
        by_round = fanout_bench.cpu_ratios(self.runs(["floor", "ours", "nats", "mosquitto"]))
        live = fanout_report.live_spreads(sample)
        self.assertEqual({*by_round, *live}, set(sample["spreads"]))
        self.assertEqual(set(fanout_report.TARGETS), set(sample["aims"]))

    def test_the_cheaper_broker_is_unknown_with_one_alone(self) -> None:
        by_round = fanout_bench.cpu_ratios(self.runs(["floor", "ours", "nats"]))
        self.assertIn("cpu_vs_nats_5000", by_round)
        self.assertNotIn("cpu_vs_broker_5000", by_round)

    def test_the_cheaper_broker_counts(self) -> None:
        runs = self.runs(["ours", "nats", "mosquitto"])
        runs[100]["mosquitto"] = [run(1)]
        by_round = fanout_bench.cpu_ratios(runs)
        self.assertEqual(by_round["cpu_vs_broker_100"], by_round["cpu_vs_mosquitto_100"])

    @staticmethod
    def runs(servers: list[str]) -> dict[int, Any]:
        return {size: {name: [run(2)] for name in servers} for size in fanout_bench.SIZES}
