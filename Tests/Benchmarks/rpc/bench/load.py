"""Processor time, rate, latency and bytes under load, in rounds that take turns."""

import json
import subprocess

from common.processes import Failure
from common.rounds import median, side_by_side

from . import h2load
from .load_fixture import PAYLOAD
from .programs import SERVERS

# Connections, and requests in flight on each.
SCENARIOS = {"50x1": (50, 1), "50x16": (50, 16)}


def subjects():
    return SERVERS + [f"{server}/{scenario}" for server in SERVERS for scenario in SCENARIOS]


def is_wanted(only, server, scenario):
    return only in (None, server, f"{server}/{scenario}")


def measure(programs, is_quick, only):
    """Medians by scenario and server, and the ratios of ours to the others by scenario, of each round.
    All servers run all the time; one at a time has work."""
    rounds, seconds = (7, 1) if is_quick else (15, 2)
    wanted = [
        (scenario, server)
        for scenario in SCENARIOS
        for server in programs.servers
        if is_wanted(only, server, scenario)
    ]
    runs = {subject: [] for subject in wanted}
    servers = {name: programs.server(name) for name in {server for _, server in wanted}}
    try:
        for number in range(rounds):
            for scenario, name in wanted:
                print(f"round {number + 1} of {rounds}: {name} {scenario}", flush=True)
                runs[scenario, name].append(
                    one(programs, servers[name], *SCENARIOS[scenario], seconds)
                )
        wire = {
            scenario: h2load.wire_bytes(programs, servers["grpc"], *SCENARIOS[scenario])
            for scenario, name in wanted
            if name == "grpc"
        }
    finally:
        for server in servers.values():
            server.__exit__()
    figures = {}
    for (scenario, name), results in runs.items():
        figures.setdefault(scenario, {})[name] = median(results)
        if name == "grpc":
            figures[scenario][name]["wire_bytes"] = wire[scenario]
    return figures, cpu_ratios(runs)


def cpu_ratios(runs):
    """The server's processor time for a request over that of the others in the same round."""
    ratios = {}
    for (scenario, name), results in runs.items():
        ours = runs.get((scenario, "ours"))
        if ours and name != "ours":
            ratios[f"cpu_vs_{name}_{scenario}"] = side_by_side(ours, results, "server_cpu_us")
    return ratios


def one(programs, server, connections, in_flight, seconds):
    if server.name == "grpc":
        # Whole seconds are all that h2load knows.
        return h2load.measure(programs, server, connections, in_flight, seconds, warm_up=1)
    command = programs.driver_command(
        server,
        *["--connections", str(connections), "--in-flight", str(in_flight)],
        *["--payload", str(len(PAYLOAD)), "--seconds", str(seconds), "--warm-up", "0.5"],
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"the driver failed against {server.name}: {done.stderr.strip()}")
    return json.loads(done.stdout)
