"""The ratios that have targets."""


def aims(targets: dict[str, tuple[float, str]]) -> dict[str, float]:
    """What each ratio may be at most, for those who read the figures."""
    return {name: most for name, (most, _) in targets.items()}


def print_targets(targets, ratios):
    """Targets by the names of their ratios: what each may be at most, and how it reads."""
    for name, (most, title) in targets.items():
        if name not in ratios:
            print(f"  {title:<40}{'—':>8}  at most {most:<6.3g} not measured")
            continue
        value = ratios[name]
        verdict = "met" if value <= most else "MISSED"
        print(f"  {title:<40}{value:>8.3f}  at most {most:<6.3g} {verdict}")


def print_missing(missing: dict[str, str], titles: dict[str, str]) -> None:
    for peer, remedy in missing.items():
        print(f"\n{titles[peer]} was not measured: {remedy}")
