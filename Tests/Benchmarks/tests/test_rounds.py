import unittest

from common.processes import Failure
from common.build import check_peers
from common.rounds import side_by_side, spread

HERE_ALWAYS = {"a-shell": "sh"}
NEVER_HERE = {"no-such-package": "/no/such/file"}


class Rounds(unittest.TestCase):
    def test_ratios_are_those_of_the_same_round(self) -> None:
        ours, others = [{"us": 2}, {"us": 9}], [{"us": 1}, {"us": 3}]
        self.assertEqual(side_by_side(ours, others, "us"), [2, 3])

    def test_spread_has_quartiles_and_ends(self) -> None:
        self.assertEqual(
            spread([5, 1, 4, 2, 3]),
            {"rounds": 5, "lowest": 1, "lower_quartile": 2, "upper_quartile": 4, "highest": 5},
        )

    def test_one_round_has_no_width(self) -> None:
        found = spread([1.5])
        self.assertEqual(found["rounds"], 1)
        self.assertEqual({found["lowest"], found["lower_quartile"], found["highest"]}, {1.5})


class Peers(unittest.TestCase):
    def test_missing_peers_are_named_with_what_to_install(self) -> None:
        missing = check_peers({"here": HERE_ALWAYS, "gone": NEVER_HERE}, may_lack=True)
        self.assertEqual(missing, {"gone": "install no-such-package"})

    def test_by_itself_a_benchmark_fails_without_its_peers(self) -> None:
        with self.assertRaisesRegex(Failure, "no-such-package"):
            check_peers({"here": HERE_ALWAYS, "gone": NEVER_HERE}, may_lack=False)


if __name__ == "__main__":
    unittest.main()
