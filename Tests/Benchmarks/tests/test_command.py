"""The command as a user runs it; the benchmarks themselves are a script in their place."""

import json
import os
import signal
import stat
import subprocess
import tempfile
import unittest
from typing import Any

from . import HERE, samples

ALL = os.path.join(os.path.dirname(HERE), "all/run")
BENCH = os.path.join(HERE, "../../../scripts/bench")

# It is called with a benchmark's name, --json and a file.
STAND_IN = f"""#!/bin/sh
cp "{HERE}/samples/$1.json" "$3"
"""


class Command(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name

    def run_all(self, stand_in: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = os.path.join(self.folder, "bench")
        with open(path, "w", encoding="utf-8") as file:
            file.write(stand_in)
        os.chmod(path, stat.S_IRWXU)
        return run([ALL, "--bench", path, *arguments])

    def file(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def written(self) -> dict[str, Any]:
        with open(self.file("bench.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_it_runs_all_and_writes_both_files(self) -> None:
        files = ["--json", self.file("bench.json"), "--html", self.file("bench.html")]
        done = self.run_all(STAND_IN, *files)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("16 of 21 aims met, 5 missed.", done.stdout)
        written = self.written()
        self.assertEqual(written["schema_version"], 1)
        self.assertEqual(list(written["benchmarks"]), ["codec", "rpc", "vote", "fanout"])
        self.assertEqual(written["benchmarks"]["vote"]["figures"], samples.figures("vote"))
        with open(self.file("bench.html"), encoding="utf-8") as file:
            self.assertTrue(file.read().startswith("<!DOCTYPE html>"))

    def test_it_asks_for_peers_only_where_there_are_any(self) -> None:
        done = self.run_all('#!/bin/sh\necho "called: $*" >&2\n' + STAND_IN, "--quick")
        calls = [line.split() for line in done.stderr.splitlines() if line.startswith("called")]
        self.assertEqual([call[1] for call in calls], ["codec", "rpc", "vote", "fanout"])
        self.assertTrue(all("--quick" in call for call in calls))
        lenient = [call[1] for call in calls if "--without-missing-peers" in call]
        self.assertEqual(lenient, ["rpc", "fanout"])

    def test_strict_ends_with_1_where_an_aim_is_missed(self) -> None:
        self.assertEqual(self.run_all(STAND_IN, "--strict").returncode, 1)

    def test_one_that_fails_does_not_end_the_others(self) -> None:
        failing = '#!/bin/sh\nif [ $1 = rpc ]; then echo "bench: no luck\n  today" >&2; exit 1; fi\n'
        done = self.run_all(failing + STAND_IN, "--json", self.file("bench.json"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("not measured: no luck today", done.stdout)
        self.assertIn("could not run: rpc", done.stdout)
        # What it said is shown as it was said.
        self.assertIn("bench: no luck\n  today\n", done.stderr)
        written = self.written()["benchmarks"]
        self.assertEqual(written["rpc"]["failure"], "no luck today")
        self.assertIsNone(written["rpc"]["figures"])
        self.assertIsNotNone(written["fanout"]["figures"])

    def test_told_to_end_it_ends_the_benchmark_that_runs(self) -> None:
        # As a benchmark does, this one ends its own when it is told to.
        running = '#!/bin/sh\ntrap "echo ended >&2; exit 1" TERM\necho runs >&2\n'
        path = os.path.join(self.folder, "bench")
        with open(path, "w", encoding="utf-8") as file:
            file.write(running + "while :; do sleep 0.1; done\n")
        os.chmod(path, stat.S_IRWXU)
        # Whoever runs the tests may have blocked it, and programs inherit that.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        command = subprocess.Popen(
            [ALL, "--bench", path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.assertEqual(command.stderr.readline(), "runs\n")
        command.send_signal(signal.SIGTERM)
        said = command.communicate(timeout=60)[1]
        self.assertEqual(command.returncode, 130)
        self.assertEqual(said, "ended\n")

    def test_missing_packages_are_what_to_install(self) -> None:
        said = (
            "bench: packages are missing. Install them, as root, and try again:\n"
            "  apt-get update && apt-get install -y --no-install-recommends util-linux"
        )
        done = self.run_all(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout.count("not measured: install util-linux"), 4)

    def test_one_that_writes_no_figures_or_others_is_named(self) -> None:
        for written, reason in (("", "it wrote no figures"), ("{}", "its figures are not as")):
            done = self.run_all(f"#!/bin/sh\nprintf '%s' '{written}' >\"$3\"\n")
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stdout.count(f"not measured: {reason}"), 4, done.stdout)
        self.assertIn("exit code 7", self.run_all("#!/bin/sh\nexit 7\n").stdout)

    def test_a_file_that_cannot_be_written_is_said_before_anything_runs(self) -> None:
        for path in (self.file("none/bench.html"), self.folder):
            done = self.run_all("#!/bin/sh\necho called\n", "--html", path)
            self.assertEqual(done.returncode, 73)
            self.assertNotIn("called", done.stdout)
            self.assertIn("cannot be written", done.stderr)


class CommandLine(unittest.TestCase):
    mistakes = {
        "bogus": "Usage:",
        "--bogus": "what is --bogus?",
        "all --only ours": "--only is for codec rpc vote fanout, not for all",
        "codec --html page.html": "--html is for all, not for codec",
        "vote --strict": "--strict is for all, not for vote",
        "vote --without-missing-peers": "is for rpc fanout, not for vote",
        "--json": "--json needs a value",
    }

    def test_a_mistake_is_explained(self) -> None:
        for arguments, said in self.mistakes.items():
            done = run([BENCH, *arguments.split()])
            self.assertEqual(done.returncode, 64, arguments)
            self.assertIn(said, done.stderr)

    def test_help_has_options_and_exit_codes(self) -> None:
        done = run([BENCH, "--help"])
        self.assertEqual(done.returncode, 0)
        for part in ("--quick", "--json", "--html", "--strict", "--only", "Exit codes"):
            self.assertIn(part, done.stdout)


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
