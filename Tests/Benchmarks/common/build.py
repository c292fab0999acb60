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


def check_packages(packages):
    """Packages by name, each with the command or file that shows that it is there."""
    missing = [
        package
        for package, proof in packages.items()
        if not (os.path.exists(proof) or shutil.which(proof))
    ]
    if missing:
        raise Failure(
            "packages are missing. Install them, as root, and try again:\n"
            f"  apt-get update && apt-get install -y --no-install-recommends {' '.join(missing)}"
        )


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
