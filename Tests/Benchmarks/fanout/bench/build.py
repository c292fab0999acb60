"""Builds the floor, the subscribers and our server, and finds the brokers."""

import os

from common import build
from common.build import check_packages, check_peers, compile_c, swift_product

from .programs import Programs

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUTPUT = os.path.join(build.OUTPUT, "fanout")

# What scripts/setup does not install: the command or file that shows that it is there.
PACKAGES = {"util-linux": "taskset"}
PEERS = {
    "nats": {"nats-server": "nats-server"},
    "mosquitto": {"mosquitto": "/usr/sbin/mosquitto"},
}


def everything(may_lack_peers):
    check_packages(PACKAGES)
    missing = check_peers(PEERS, may_lack_peers)
    os.makedirs(OUTPUT, exist_ok=True)
    floor, sink = (os.path.join(OUTPUT, name) for name in ("floor-server", "sink"))
    compile_c(floor, in_folder(["floor_server.c"]))
    compile_c(sink, in_folder(["sink.c", "connection.c", "protocols.c", "cwp.c"]))
    return Programs(
        missing=missing,
        load=swift_product("ecabinet-load"),
        server=swift_product("ecabinetd"),
        floor=floor,
        sink=sink,
    )


def in_folder(names):
    return [os.path.join(HERE, "c", name) for name in names]
