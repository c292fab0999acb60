"""Followers who stop reading, and followers who all come back at once, on a server of their own."""

import json
import subprocess

from common.processes import Failure, on_client_core

# Rounds, and how many follow.
STALLED = {True: ["--rounds", "3", "--events", "60"], False: ["--rounds", "11"]}
STORM = {True: ["--rounds", "1"], False: ["--rounds", "5"]}
MOST_CONNECTIONS = 5_000


def subjects():
    return ["stalled", "storm"]


def stalled(programs, is_quick):
    print("followers stop reading", flush=True)
    return measure(programs, "stalled", STALLED[is_quick])


def storm(programs, is_quick):
    print("followers come back all at once", flush=True)
    return measure(programs, "comeback", STORM[is_quick])


def measure(programs, command, arguments):
    with programs.cabinet_server(MOST_CONNECTIONS, data=command) as server:
        done = subprocess.run(
            on_client_core([programs.load, command, "--target", f"127.0.0.1:{server.port}"])
            + ["--pki", programs.pki, "--server-process", str(server.pid), "--json", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise Failure(f"ecabinet-load {command} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)
