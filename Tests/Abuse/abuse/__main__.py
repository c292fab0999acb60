"""Attacks a server, and says what became of the attackers, of the server, and of a neighbour."""

import argparse
import collections
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time

from . import neighbour, report
from .attacks import ATTACKS
from .connections import Target
from .server import Failure, Server, descriptors, resident_mib

BASELINE_SECONDS = 2
# No attack takes longer.
MOST_SECONDS = 40
NEIGHBOUR_ADDRESS = "127.0.0.1"
FORK = multiprocessing.get_context("fork")


def in_process(function, *arguments):
    """Runs a function in a process of its own, whose interpreter it has for itself."""
    results, sender = multiprocessing.Pipe(duplex=False)

    def run():
        sender.send(function(*arguments))

    process = FORK.Process(target=run, daemon=True)
    process.start()
    sender.close()
    return process, results


def ended(process, results, seconds):
    if not results.poll(seconds):
        process.kill()
        raise Failure("an attack, or the neighbour, did not end in its time")
    try:
        return results.recv()
    except EOFError:
        raise Failure("an attack, or the neighbour, has failed: see above") from None
    finally:
        process.join()


def attacker(attack, target, scale):
    # The neighbour goes first where there is too little processor for both.
    os.nice(19)
    return attack.run(target, scale)


class Neighbour:
    """The neighbour, in a process of its own, until the end of a `with`."""

    def __init__(self, target):
        is_ready, self.is_over = FORK.Event(), FORK.Event()
        self.process, self.results = in_process(
            neighbour.measure, target, is_ready, self.is_over
        )
        if not is_ready.wait(MOST_SECONDS):
            raise Failure("the neighbour cannot connect")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.is_over.set()

    def figures(self):
        """What it has measured, and what failed. To be asked after the end."""
        latencies, news, errors = ended(self.process, self.results, MOST_SECONDS)
        return figures(latencies, news), errors


def figures(latencies, news):
    return {
        "p50_us": neighbour.percentile(latencies, 0.5),
        "p99_us": neighbour.percentile(latencies, 0.99),
        "new_p50_us": neighbour.percentile(news, 0.5),
        "calls": len(latencies),
    }


def perform(attack, number, options, pid, port, log):
    def target(source):
        return Target(NEIGHBOUR_ADDRESS, port, options.pki, source, pid)

    log()
    with Neighbour(target(NEIGHBOUR_ADDRESS)) as quiet:
        time.sleep(BASELINE_SECONDS)
    before, errors = quiet.figures()
    rss = [resident_mib(pid)]
    open_before = descriptors(pid)
    with Neighbour(target(NEIGHBOUR_ADDRESS)) as disturbed:
        # Each from an address of its own, so that none pays for the one before.
        process, results = in_process(
            attacker, attack, target(f"127.0.1.{number + 1}"), 20 if options.quick else 100
        )
        while process.is_alive() and not results.poll(0.05):
            rss.append(resident_mib(pid))
        endings = ended(process, results, MOST_SECONDS)
    during, more = disturbed.figures()
    time.sleep(1.5)
    reasons = log()
    errors += more
    complaints = [f"{endings[ending]} {ending}" for ending in set(endings) - attack.endings]
    if options.program and attack.log and not attack.log & set(reasons):
        complaints.append("no line in the log")
    if errors:
        complaints.append(f"{len(errors)} errors of the neighbour: {errors[0]}")
    if descriptors(pid) > open_before:
        complaints.append(f"{descriptors(pid) - open_before} descriptors more than before")
    return {
        "attack": attack.name,
        "endings": endings,
        "log": dict(reasons),
        "rss_mib": {"before": rss[0], "peak": max(rss), "after": resident_mib(pid)},
        "before": before,
        "during": during,
        "ratios": {
            "p99": during["p99_us"] / before["p99_us"],
            "new_p50": during["new_p50_us"] / before["new_p50_us"],
        },
        "complaints": complaints,
    }


def perform_all(options, pid, port, log):
    results = []
    for number, attack in enumerate(ATTACKS):
        if options.only and options.only not in attack.name:
            continue
        print(f"abuse: {attack.name}", file=sys.stderr)
        results.append(perform(attack, number, options, pid, port, log))
    if not results:
        raise Failure(f"no attack has {options.only!r} in its name")
    print(report.table(results))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=2, ensure_ascii=False)
    return results


def parse():
    parser = argparse.ArgumentParser(prog="scripts/abuse")
    parser.add_argument("--program")
    parser.add_argument("--target")
    parser.add_argument("--pki")
    parser.add_argument("--pid", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--json")
    return parser.parse_args()


def main():
    options = parse()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if options.target:
        _, port = options.target.rsplit(":", 1)
        results = perform_all(options, options.pid, int(port), collections.Counter)
    else:
        with tempfile.TemporaryDirectory(prefix="cabinet-abuse-") as folder:
            options.pki = os.path.join(folder, "pki")
            with Server(options.program, options.pki) as server:
                results = perform_all(options, server.pid, server.port, server.take_reasons)
                if not server.is_running:
                    raise Failure("the server has ended")
    return 1 if any(result["complaints"] for result in results) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"abuse: {failure}", file=sys.stderr)
        sys.exit(2)
