"""The ratios that have targets."""


def print_targets(targets, ratios):
    """Targets by the names of their ratios: what each may be at most, and how it reads."""
    for name, (most, title) in targets.items():
        value = ratios[name]
        verdict = "met" if value <= most else "MISSED"
        print(f"  {title:<40}{value:>8.3f}  at most {most:<6.3g} {verdict}")
