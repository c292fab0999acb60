"""Builds what is measured."""

import os
import shutil
import subprocess

from .processes import Failure

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
OUTPUT = os.path.join(ROOT, ".build-bench")
C_FLAGS = ["-O2", "-g", "-Wall", "-Wextra", "-Werror"]
# What the C programs have in common.
COMMON_C = os.path.join(os.path.dirname(os.path.abspath(__file__)), "c")


def missing_packages(packages: dict[str, str]) -> list[str]:
    """Packages by name, each with the command or file that shows that it is there."""
    return [
        package
        for package, proof in packages.items()
        if not (os.path.exists(proof) or shutil.which(proof))
    ]


def check_packages(packages: dict[str, str]) -> None:
    missing = missing_packages(packages)
    if missing:
        raise Failure(
            "packages are missing. Install them, as root, and try again:\n"
            f"  apt-get update && apt-get install -y --no-install-recommends {' '.join(missing)}"
        )


def check_peers(peers: dict[str, dict[str, str]], may_lack: bool) -> dict[str, str]:
    """Packages of each peer. What is to be installed for the peers that are not there: where none may
    be lacking, they are a failure."""
    if not may_lack:
        check_packages({name: proof for packages in peers.values() for name, proof in packages.items()})
    missing = {peer: missing_packages(packages) for peer, packages in peers.items()}
    return {peer: f"install {' '.join(names)}" for peer, names in missing.items() if names}


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def swift_product(name):
    # With Swift's runtime in it, as for a machine that has no toolchain.
    options = ["-c", "release", "--static-swift-stdlib", "--package-path", ROOT]
    options += ["--scratch-path", os.path.join(OUTPUT, "swift")]
    print(f"building {name}", flush=True)
    run(["swift", "build", *options, "--product", name])
    return os.path.join(run(["swift", "build", *options, "--show-bin-path"]).strip(), name)


def compile_c(output, sources):
    sources += [os.path.join(COMMON_C, name) for name in ("histogram.c", "machine.c", "tls.c")]
    run(["cc", *C_FLAGS, f"-I{COMMON_C}", "-o", output, *sources, "-lssl", "-lcrypto"])
