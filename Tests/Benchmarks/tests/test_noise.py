import unittest

from summary.load import Load, Reading, between, stat
from summary.noise import is_busy, is_wide, warnings

from . import samples


class Processor(unittest.TestCase):
    def test_what_others_had_is_what_the_benchmarks_had_not(self) -> None:
        begin = Reading(at=0, all_work=100, stolen=5, own_work=10)
        end = Reading(at=10, all_work=117, stolen=6, own_work=25)
        load = between(begin, end, cores=2, averages=[1.0, 3.0, 2.0])
        self.assertAlmostEqual(load.others or 0, 2 / 20)
        self.assertAlmostEqual(load.stolen or 0, 1 / 20)
        self.assertEqual(load.highest_average, 3.0)

    def test_coarse_clocks_do_not_make_it_less_than_nothing(self) -> None:
        load = between(Reading(0, 100, 0, 0), Reading(1, 101, 0, 1.1), 2, [])
        self.assertEqual(load.others, 0)

    def test_it_is_unknown_where_the_system_does_not_say(self) -> None:
        self.assertIsNone(between(Reading(0, 0, 0, 0), Reading(1, 0, 0, 1), 2, []).others)
        self.assertEqual(stat(""), {})
        self.assertEqual(stat("intr 1 2 3\n"), {})

    def test_the_first_line_of_stat_has_all_cores(self) -> None:
        ticks = stat("cpu  200 100 300 1 2 3 4 400 0 0\ncpu0 1 1 1 1\n")
        self.assertEqual(ticks["system"], 3 * ticks["nice"])
        self.assertEqual(ticks["steal"], 4 * ticks["nice"])


class Warnings(unittest.TestCase):
    def test_a_quiet_whole_run_has_none(self) -> None:
        record = samples.record()
        self.assertEqual(record.warnings, [])
        self.assertFalse(record.is_busy)

    def test_load_before_it_is_told(self) -> None:
        record = samples.record(load_average_before=1.5)
        self.assertIn("load average 1.50 on 2 cores", record.warnings[0])
        self.assertTrue(record.is_busy)

    def test_others_are_told_with_the_benchmark_that_they_disturbed(self) -> None:
        busy = samples.outcome("vote", load=Load(others=0.3, stolen=0.1))
        found = warnings(0, 2, [samples.outcome("rpc"), busy], [], is_quick=False)
        self.assertEqual(len(found), 2)
        self.assertTrue(all(warning.startswith("vote: ") for warning in found))
        self.assertIn("30 %", found[0])
        self.assertTrue(is_busy(0, 2, [busy]))

    def test_rounds_that_differ_are_counted(self) -> None:
        found = samples.figures("vote")
        found["spreads"]["cpu_vs_verify_500"]["upper_quartile"] = 5
        outcome = samples.outcome("vote", found)
        self.assertEqual(sum(map(is_wide, outcome.rows)), 1)
        record = samples.record(outcomes=[outcome])
        self.assertIn("1 of 4 ratios", record.warnings[0])
        # That is for the reader to weigh; nobody else need have been there.
        self.assertFalse(record.is_busy)

    def test_a_quick_run_says_so(self) -> None:
        self.assertIn("quick", samples.record(is_quick=True).warnings[0])
