"""The table, and the ratios that have targets."""

from common.targets import print_targets

# What each ratio may be at most, and how it reads.
TARGETS = {
    "cpu_vs_verify_500": (1.5, "server CPU ÷ one verification, 500"),
    "p50_vs_parts_1": (3, "p50 ÷ (commit + verify + echo), 1"),
}


def print_tables(figures):
    print("\nMembers who vote at once, each with one signed ballot under way")
    print(
        f"  {'members':>8}{'votes/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'server CPU µs':>15}"
        f"{'÷ verify':>10}{'votes':>9}{'errors':>8}"
    )
    parts = figures["parts"]
    for members, figure in figures["votes"].items():
        latency, cpu = figure["latency_us"], figure["server_cpu_us"]
        print(
            f"  {members:>8}{figure['rate_per_s']:>10.0f}{latency['p50'] / 1e3:>9.2f}"
            f"{latency['p99'] / 1e3:>9.2f}{cpu:>15.1f}{cpu / parts['verify_us']:>10.2f}"
            f"{figure['votes']:>9}{figure['errors']:>8}"
        )
    print("\nWhat a vote is made of")
    print(f"  one P-256 verification (openssl speed)  {parts['verify_us']:>8.1f} µs")
    print(f"  a write and fdatasync, median           {parts['commit_us']:>8.1f} µs")
    print(f"  an echo over TLS on one connection, p50 {parts['echo_us']:>8.1f} µs")
    print("\nTargets, as ratios within this run; medians of rounds")
    print_targets(TARGETS, figures["ratios"])
