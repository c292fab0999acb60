"""What was measured: the commit, and the versions of what it was built with and compared with."""

import os
import re
from dataclasses import dataclass

from .commands import first_line, output
from .machine import text, value

# The names of packages for pkg-config, and commands.
LIBRARIES = {"protobuf-c": "libprotobuf-c", "gRPC C++": "grpc++"}
COMMANDS = {
    "Swift": ["swift", "--version"],
    "C compiler": ["cc", "--version"],
    "OpenSSL": ["openssl", "version"],
    "h2load": ["h2load", "--version"],
    "NATS": ["nats-server", "--version"],
}


@dataclass(frozen=True)
class Origin:
    # Nothing where this is not a clone.
    commit: str | None
    is_dirty: bool | None
    versions: dict[str, str]

    @property
    def commit_text(self) -> str:
        if self.commit is None:
            return "unknown: not a clone"
        return self.commit + (", with changes that are not committed" if self.is_dirty else "")


def origin(root: str) -> Origin:
    state = output(["git", "status", "--porcelain"], folder=root)
    return Origin(
        commit=output(["git", "rev-parse", "HEAD"], folder=root),
        is_dirty=None if state is None else state != "",
        versions=versions(root),
    )


def versions(root: str) -> dict[str, str]:
    found = {name: first_line(command) for name, command in COMMANDS.items()}
    for name, package in LIBRARIES.items():
        found[name] = first_line(["pkg-config", "--modversion", package])
    found["Mosquitto"] = mosquitto()
    found["SwiftProtobuf"] = swift_protobuf(root)
    return {name: version for name, version in found.items() if version}


def mosquitto() -> str | None:
    """It has no option for its version; the package manager knows it."""
    return first_line(["dpkg-query", "-W", "-f=${Version}", "mosquitto"])


def swift_protobuf(root: str) -> str | None:
    package = text(os.path.join(root, "Tests/Benchmarks/codec/Package.swift"))
    return value(package, r'swift-protobuf\.git",\s*exact: "([^"]+)"')


def short(commit: str | None) -> str:
    return re.sub(r"^([0-9a-f]{12})[0-9a-f]+$", r"\1", commit or "unknown")
