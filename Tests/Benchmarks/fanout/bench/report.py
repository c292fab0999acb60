"""The tables, and the ratios that have targets."""

from common.rounds import spread
from common.targets import print_missing, print_targets

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
    "stalled_p99": (1.2, "p99 with stalled readers ÷ without"),
    "stalled_kib": (256, "KiB for a stalled reader"),
}


def live_ratios(figures):
    stalled, storm = figures["stalled"], figures["storm"]
    return {
        "stalled_p99": stalled["p99_ratio"],
        "stalled_kib": stalled["kib_per_stalled"],
        "storm_vote_p99": storm["resuming"]["vote_us"]["p99"] / storm["quiet_vote_us"]["p99"],
    }


def live_spreads(figures):
    return {"stalled_p99": spread(figures["stalled"]["p99_ratios"])}


def print_tables(figures):
    print_fanout(figures)
    print_stalled(figures["stalled"])
    print_storm(figures["storm"])
    print_missing(figures["not_measured"], TITLES)
    print("\nTargets, as ratios within this run; those of CPU are medians of rounds side by side,")
    print("with the vote and its commit in ours")
    print_targets(TARGETS, figures["ratios"])


def print_stalled(figures):
    print(f"\n{figures['readers']} who read, beside {figures['stalled']} who have stopped")
    for title, name in (("without", "delivery_us_without"), ("with", "delivery_us_with")):
        print(
            f"  delivery {title + ' them':<14} p50 {figures[name]['p50'] / 1e3:.2f} ms, "
            f"p99 {figures[name]['p99'] / 1e3:.2f} ms"
        )
    print(
        f"  server memory {figures['resident_kib_before']} KiB, with them "
        f"{figures['resident_kib_stalled']} KiB: {figures['kib_per_stalled']} KiB each"
    )
    print(
        f"  all have everything {max(figures['caught_up_ms']):.0f} ms after they read again; no gap"
    )


def print_storm(figures):
    print(f"\n{figures['followers']} lose their connections at once, while members vote")
    print(f"  votes without a storm: p99 {figures['quiet_vote_us']['p99'] / 1e3:.1f} ms")
    for title, name in (("they go on", "resuming"), ("they begin anew", "anew")):
        kind = figures[name]
        print(
            f"  {title:<16} all live after {max(kind['live_ms']):.0f} ms; votes p99 "
            f"{kind['vote_us']['p99'] / 1e3:.1f} ms; {kind['snapshots']} snapshots, "
            f"{kind['different_snapshots']} different; {kind['resumed']} of {kind['connections']} "
            f"TLS sessions resumed, {kind['losses']} refused"
        )
        print(
            f"  {'':<16} server {kind['resident_kib_before']} KiB before, "
            f"{kind['resident_kib_peak']} at most, {kind['resident_kib_after']} after"
        )


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
        answer = servers["ours"]["answer_us"]
        print(
            f"  the vote is answered after p50 {answer['p50'] / 1e3:.2f} ms, "
            f"p99 {answer['p99'] / 1e3:.2f} ms"
        )
    print("\n27 ballots: TLS records with events that each subscriber got")
    print(f"  {'subscribers':>12}{'within ms':>11}{'commits':>9}{'records, most':>15}{'mean':>8}")
    for size, bursts in figures["bursts"].items():
        for burst in bursts:
            print(
                f"  {int(size):>12,}{burst['milliseconds']:>11}{burst['commits']:>9}"
                f"{burst['records_most']:>15}{burst['records_mean']:>8.2f}"
            )
