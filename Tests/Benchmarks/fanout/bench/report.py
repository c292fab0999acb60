"""The tables, and the ratios that have targets."""

from common.targets import print_targets

TITLES = {
    "floor": "floor (C)",
    "ours": "e-Cabinet",
    "nats": "NATS",
    "mosquitto": "Mosquitto",
}

# What each ratio may be at most, and how it reads.
TARGETS = {
    "cpu_vs_floor_5000": (1.5, "server CPU ÷ floor, 5,000"),
    "cpu_vs_broker_5000": (1, "server CPU ÷ the cheaper broker, 5,000"),
    "records_vs_commits": (1, "TLS records ÷ commits, 27 ballots"),
}


def print_fanout(figures):
    for size, servers in figures["fanout"].items():
        print(f"\nOne event of {figures['event_bytes']} bytes to {int(size):,} subscribers")
        print(
            f"  {'':<12}{'CPU µs each':>12}{'CPU µs/event':>14}{'first p50 ms':>14}"
            f"{'last p50 ms':>13}{'last p99 ms':>13}{'events':>8}"
        )
        for name, figure in servers.items():
            cpu, last = figure["server_cpu_us"], figure["last_us"]
            print(
                f"  {TITLES[name]:<12}{cpu:>12.2f}{cpu * int(size):>14.0f}"
                f"{figure['first_us']['p50'] / 1e3:>14.2f}{last['p50'] / 1e3:>13.2f}"
                f"{last['p99'] / 1e3:>13.2f}{figure['events']:>8}"
            )
    print("\n27 ballots: TLS records with events that each subscriber got")
    print(f"  {'subscribers':>12}{'within ms':>11}{'commits':>9}{'records, most':>15}{'mean':>8}")
    for size, bursts in figures["bursts"].items():
        for burst in bursts:
            print(
                f"  {int(size):>12,}{burst['milliseconds']:>11}{burst['commits']:>9}"
                f"{burst['records_most']:>15}{burst['records_mean']:>8.2f}"
            )
    print("\nTargets, as ratios within this run; those of CPU are medians of rounds side by side,")
    print("with the vote and its commit in ours")
    print_targets(TARGETS, figures["ratios"])
