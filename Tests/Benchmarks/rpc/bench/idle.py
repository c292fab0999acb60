"""Memory of idle connections."""

import resource
import subprocess

from common.processes import Failure

from .programs import SERVERS

CONNECTIONS = 5_000
# For everything but the connections, in the driver and in the servers.
SPARE_DESCRIPTORS = 300
# After the last connection, so that the servers come to rest.
SETTLE_SECONDS = 2


def subjects():
    return ["idle"] + [f"{server}/idle" for server in SERVERS]


def measure(programs, only):
    """Resident memory with one connection and with many, each of which has made a call (except on
    gRPC), and from that the memory of one."""
    wanted = [
        server for server in programs.servers if only in (None, "idle", f"{server}/idle")
    ]
    connections = allowed_connections()
    figures = {}
    for name in wanted:
        print(f"{connections} idle connections: {name}", flush=True)
        with programs.server(name, connections) as server:
            one = resident(programs, server, 1)
            many = resident(programs, server, connections)
        figures[name] = {
            "connections": connections,
            "resident_kib_of_1": one,
            "resident_kib": many,
            "kib_per_connection": (many - one) / (connections - 1),
        }
    return figures


def allowed_connections():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = CONNECTIONS + SPARE_DESCRIPTORS
    if hard != resource.RLIM_INFINITY and hard < needed:
        connections = hard - SPARE_DESCRIPTORS
        if connections < 100:
            raise Failure(f"only {hard} file descriptors are allowed: raise ulimit -Hn")
        print(
            f"The system allows {hard} file descriptors, so it is {connections} idle connections "
            f"instead of {CONNECTIONS}: raise ulimit -Hn to {needed} for all."
        )
        return connections
    # The servers and the driver inherit it.
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    return CONNECTIONS


def resident(programs, server, connections):
    """The server's memory while the driver holds that many connections."""
    driver = subprocess.Popen(
        programs.driver_command(
            server, "--idle", f"--connections={connections}", f"--seconds={SETTLE_SECONDS}"
        ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = driver.stdout.readline()
    if said != "idle\n":
        raise Failure(f"the driver failed against {server.name}: {driver.stderr.read().strip()}")
    kib = server.resident_kib()
    _, errors = driver.communicate()
    if driver.returncode != 0:
        raise Failure(f"the driver failed against {server.name}: {errors.strip()}")
    return kib
