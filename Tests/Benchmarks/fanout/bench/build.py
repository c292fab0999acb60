"""Builds the floor, the subscribers and our server, and finds the brokers."""

import os

from common import build
from common.build import check_packages, compile_c, swift_product

from .programs import Programs

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUTPUT = os.path.join(build.OUTPUT, "fanout")

# What scripts/setup does not install: the command or file that shows that it is there.
PACKAGES = {
    "nats-server": "nats-server",
    "mosquitto": "/usr/sbin/mosquitto",
    "util-linux": "taskset",
}


def everything():
    check_packages(PACKAGES)
    os.makedirs(OUTPUT, exist_ok=True)
    floor, sink = (os.path.join(OUTPUT, name) for name in ("floor-server", "sink"))
    compile_c(floor, in_folder(["floor_server.c"]))
    compile_c(sink, in_folder(["sink.c", "connection.c", "protocols.c", "cwp.c"]))
    return Programs(
        load=swift_product("ecabinet-load"),
        server=swift_product("ecabinetd"),
        floor=floor,
        sink=sink,
    )


def in_folder(names):
    return [os.path.join(HERE, "c", name) for name in names]
