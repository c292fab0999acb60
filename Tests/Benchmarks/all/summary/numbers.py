"""Numbers as people read them."""


def figure(value: float | None) -> str:
    """Three digits that count, and all those before the point. What is counted has no others."""
    if value is None:
        return ""
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.3f}"


def beside(value: float | None, aim: float | None) -> str:
    """With as many digits as show on which side of the aim it is."""
    if value is None:
        return ""
    text = figure(value)
    if aim is None:
        return text
    for places in range(3, 7):
        if (float(text.replace(",", "")) <= aim) == (value <= aim):
            break
        text = f"{value:,.{places}f}"
    return text


def limit(aim: float | None) -> str:
    return "" if aim is None else f"≤ {aim:.3g}"


def percent(part: float | None) -> str:
    return "" if part is None else f"{part * 100:.0f} %"


def milliseconds(us: float) -> str:
    return figure(us / 1e3)


def gibibytes(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"
