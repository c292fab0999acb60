"""The table, and the ratios that have targets."""

import statistics

from common.targets import print_missing, print_targets

TITLES = {"floor": "floor (C)", "ours": "e-Cabinet", "grpc": "gRPC C++"}

# What each ratio may be at most, and how it reads.
TARGETS = {
    "cpu_vs_floor_50x1": (1.6, "server CPU ÷ floor, 50 × 1"),
    "cpu_vs_floor_50x16": (2.5, "server CPU ÷ floor, 50 × 16"),
    "cpu_vs_grpc_50x1": (1 / 4, "server CPU ÷ gRPC C++, 50 × 1"),
    "cpu_vs_grpc_50x16": (1 / 12, "server CPU ÷ gRPC C++, 50 × 16"),
    "idle_connection_kib": (32, "KiB for an idle connection"),
    "wire_bytes_vs_grpc": (0.75, "bytes on the wire ÷ gRPC C++, 50 × 1"),
}


def ratios(figures, cpu):
    lone, idle = figures["load"]["50x1"], figures["idle"]
    found = {name: statistics.median(of_rounds) for name, of_rounds in cpu.items()}
    found["idle_connection_kib"] = idle["ours"]["kib_per_connection"]
    if "grpc" in lone:
        found["wire_bytes_vs_grpc"] = lone["ours"]["wire_bytes"] / lone["grpc"]["wire_bytes"]
    return found


def print_tables(figures):
    for scenario, servers in figures["load"].items():
        connections, in_flight = scenario.split("x")
        print(f"\n{connections} connections, {in_flight} in flight on each; payload of 60 bytes")
        print(
            f"  {'':<12}{'requests/s':>11}{'p50 µs':>9}{'p99 µs':>9}{'p99.9 µs':>10}"
            f"{'server CPU µs':>15}{'wire bytes':>12}{'errors':>8}"
        )
        for name, figure in servers.items():
            latency = figure["latency_us"]
            print(
                f"  {TITLES[name]:<12}{figure['rate_per_s']:>11.0f}{latency['p50']:>9.0f}"
                f"{latency['p99']:>9.0f}{latency['p999']:>10.0f}{figure['server_cpu_us']:>15.2f}"
                f"{figure['wire_bytes']:>12.1f}{figure['errors']:>8}"
            )
    print("\nResident memory of the server with idle connections")
    print(f"  {'':<12}{'one, KiB':>11}{'many, KiB':>11}{'many':>8}{'KiB each':>11}")
    for name, figure in figures["idle"].items():
        print(
            f"  {TITLES[name]:<12}{figure['resident_kib_of_1']:>11}{figure['resident_kib']:>11}"
            f"{figure['connections']:>8}{figure['kib_per_connection']:>11.1f}"
        )
    print_missing(figures["not_measured"], TITLES)
    print("\nTargets, as ratios within this run; those of CPU are medians of rounds side by side")
    print_targets(TARGETS, figures["ratios"])
