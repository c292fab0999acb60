"""Runs the benchmarks one after the other. One that cannot run does not end the others."""

import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from typing import IO

from common.commands import Terminated

from .load import Load, between, load_average, reading
from .outcome import BENCHMARKS, Outcome

# Those that can be measured without the peers that are not installed.
WITH_PEERS = ("rpc", "fanout")
SAMPLE_SECONDS = 5
# Of what a benchmark says of its failure: lines that are kept, and letters that are told.
KEPT_LINES = 100
TOLD_LETTERS = 300


def run_all(bench: str, is_quick: bool) -> list[Outcome]:
    """bench: the script that runs each of them."""
    return [run(bench, benchmark, is_quick) for benchmark in BENCHMARKS]


def run(bench: str, benchmark: str, is_quick: bool) -> Outcome:
    print(f"\n== {benchmark}", flush=True)
    with tempfile.TemporaryDirectory(prefix="cabinet-bench-") as folder:
        path = os.path.join(folder, "figures.json")
        command = [bench, benchmark, "--json", path]
        if is_quick:
            command.append("--quick")
        if benchmark in WITH_PEERS:
            command.append("--without-missing-peers")
        begin = reading()
        status, averages, said = watched(command)
        end = reading()
        load = between(begin, end, os.cpu_count() or 1, averages)
        seconds = end.at - begin.at
        if status != 0:
            return Outcome(benchmark, seconds, load, failure=reason(said, status))
        return outcome(benchmark, seconds, load, path)


def outcome(benchmark: str, seconds: float, load: Load, path: str) -> Outcome:
    try:
        with open(path, encoding="utf-8") as file:
            figures = json.load(file)
    except (OSError, ValueError) as error:
        return Outcome(benchmark, seconds, load, failure=f"it wrote no figures: {error}")
    return Outcome.of_figures(benchmark, seconds, load, figures)


def watched(command: list[str]) -> tuple[int, list[float], list[str]]:
    """How it ended, the load averages meanwhile, and what it complained of, which is shown as well."""
    said: collections.deque[str] = collections.deque(maxlen=KEPT_LINES)
    averages = []
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace")
    reader = threading.Thread(target=pass_on, args=(process.stderr, said), daemon=True)
    reader.start()
    try:
        while True:
            averages.append(load_average())
            try:
                process.wait(SAMPLE_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
    except KeyboardInterrupt as interruption:
        # From the terminal it has been interrupted as well. It stops its servers.
        if isinstance(interruption, Terminated):
            process.terminate()
        process.wait()
        reader.join(SAMPLE_SECONDS)
        raise
    # What it has left behind may hold the pipe.
    reader.join(SAMPLE_SECONDS)
    return process.returncode, averages, list(said)


def pass_on(lines: IO[str], said: "collections.deque[str]") -> None:
    for line in lines:
        sys.stderr.write(line)
        sys.stderr.flush()
        said.append(line)


def reason(said: list[str], status: int) -> str:
    """The last complaint of a benchmark, which may have several lines."""
    complaint = re.split(r"^bench: ", "".join(said), flags=re.MULTILINE)
    words = " ".join(complaint[-1].split()) if len(complaint) > 1 else ""
    # That it should be done by root is for whoever runs it alone.
    words = re.sub(
        r"^packages are missing\. .* --no-install-recommends ", "install ", words
    )
    return words[:TOLD_LETTERS] or f"it ended with exit code {status}"
