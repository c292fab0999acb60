"""Builds the servers and the driver."""

import os
import shutil

from common import build
from common.build import C_FLAGS, ROOT, check_packages, check_peers, compile_c, run, swift_product

from .programs import Programs

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUTPUT = os.path.join(build.OUTPUT, "rpc")
PROTOS = ["cabinet/rpc/options.proto", "cabinet/v1/diagnostics.proto"]

# What scripts/setup does not install: the command or header that shows that it is there.
PACKAGES = {"util-linux": "taskset"}
PEERS = {
    "grpc": {
        "libgrpc++-dev": "/usr/include/grpcpp/grpcpp.h",
        "protobuf-compiler-grpc": "grpc_cpp_plugin",
        "nghttp2-client": "h2load",
    }
}


def everything(may_lack_peers):
    check_packages(PACKAGES)
    missing = check_peers(PEERS, may_lack_peers)
    os.makedirs(OUTPUT, exist_ok=True)
    floor, driver = (os.path.join(OUTPUT, name) for name in ("floor-server", "driver"))
    compile_c(floor, in_folder("c", ["floor_server.c"]))
    compile_c(driver, in_folder("c", ["driver.c", "protocol.c"]))
    if "grpc" not in missing:
        compile_grpc()
    return Programs(
        missing=missing,
        ours=swift_product("ecabinet-load"),
        floor=floor,
        grpc=os.path.join(OUTPUT, "grpc-server"),
        driver=driver,
        shim=os.path.join(OUTPUT, "h2load_shim.so"),
    )


def is_current(output, sources):
    return os.path.exists(output) and all(
        os.path.getmtime(source) <= os.path.getmtime(output) for source in sources
    )


def in_folder(folder, names):
    return [os.path.join(HERE, folder, name) for name in names]


def compile_grpc():
    shim = in_folder("grpc", ["h2load_shim.c"])
    run(
        ["cc", *C_FLAGS, "-shared", "-fPIC", "-o", os.path.join(OUTPUT, "h2load_shim.so")]
        + shim
        + ["-lssl", "-ldl"]
    )
    protos = os.path.join(ROOT, "proto")
    server = os.path.join(OUTPUT, "grpc-server")
    sources = in_folder("grpc", ["grpc_server.cc"])
    # Half a minute, so not again for nothing.
    if is_current(server, sources + [os.path.join(protos, name) for name in PROTOS]):
        return
    print("building the gRPC server", flush=True)
    generated = os.path.join(OUTPUT, "generated")
    os.makedirs(generated, exist_ok=True)
    plugin = shutil.which("grpc_cpp_plugin")
    run(
        ["protoc", f"-I{protos}", f"--cpp_out={generated}", f"--grpc_out={generated}"]
        + [f"--plugin=protoc-gen-grpc={plugin}", *PROTOS]
    )
    for proto in PROTOS:
        sources.append(os.path.join(generated, proto.replace(".proto", ".pb.cc")))
    sources.append(os.path.join(generated, "cabinet/v1/diagnostics.grpc.pb.cc"))
    libraries = run(["pkg-config", "--cflags", "--libs", "grpc++", "protobuf"]).split()
    run(["g++", "-O2", "-std=c++17", f"-I{generated}", "-o", server, *sources, *libraries])
