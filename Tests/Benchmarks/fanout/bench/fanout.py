"""One event to many subscribers: processor time and delivery, in rounds that take turns."""

import contextlib
import statistics

from common.rounds import side_by_side, spread

from .programs import SERVERS

# Subscribers. What an event costs at one of them is for the most part not its delivery.
SIZES = (1, 100, 1_000, 5_000)
MOST = SIZES[-1]
# Rounds, and events of a round, for each number of subscribers: many short ones, so that those that are
# compared had the same machine.
ROUNDS = {1: (15, 50), 100: (15, 50), 1_000: (25, 12), 5_000: (40, 4)}
QUICK_ROUNDS = {1: (5, 30), 100: (7, 30), 1_000: (9, 6), 5_000: (11, 3)}
WARM_UP_EVENTS = 12
BROKERS = ("nats", "mosquitto")
# The members of a meeting vote: all within a second, and all at once.
BALLOTS = 27
BURSTS = (1_000, 0)


def subjects():
    return SERVERS


def measure(programs, is_quick, only):
    """Figures by subscribers and server, those of ballots within a second, and the ratios with how far
    their rounds are apart."""
    plan = QUICK_ROUNDS if is_quick else ROUNDS
    names = [name for name in programs.servers if only in (None, name)]
    runs, bursts = {}, {}
    with contextlib.ExitStack() as running:
        setting = Setting(programs, names, running)
        for size in SIZES:
            setting.connect(size)
            # What is done for the first time takes longer.
            for name in names:
                setting.publish(name, WARM_UP_EVENTS)
            rounds, events = plan[size]
            runs[size] = {name: [] for name in names}
            for number in range(rounds):
                print(f"{size} subscribers, round {number + 1} of {rounds}", flush=True)
                for name in names:
                    runs[size][name].append(setting.publish(name, events))
            if "ours" in names:
                bursts[size] = [
                    setting.burst(milliseconds)
                    for _ in range(1 if is_quick else 3)
                    for milliseconds in BURSTS
                ]
    figures = {
        "event_bytes": setting.event_bytes,
        "fanout": {
            str(size): {name: summary(results) for name, results in by_name.items()}
            for size, by_name in runs.items()
        },
        "bursts": {str(size): results for size, results in bursts.items()},
    }
    if not only:
        by_round = cpu_ratios(runs)
        figures["ratios"] = ratios(runs, bursts, by_round)
        figures["spreads"] = {name: spread(each) for name, each in by_round.items()}
    return figures


class Setting:
    """Servers that run all the time, with as many subscribers each. One at a time has work."""

    def __init__(self, programs, names, running):
        servers = {
            name: running.enter_context(programs.server(name, MOST)) for name in names
        }
        self.stage = None
        if "ours" in names:
            print("a meeting comes together", flush=True)
            self.stage = running.enter_context(programs.stage(servers["ours"], MOST))
        self.subscribers = {
            name: running.enter_context(
                programs.subscribers(
                    server, MOST, self.stage if name == "ours" else None
                )
            )
            for name, server in servers.items()
        }
        # Until ours says what it is.
        self.event_bytes = 80
        self.is_agreed = False
        self.ballots_left = 0

    def connect(self, size):
        print(f"{size} subscribers connect", flush=True)
        for subscribers in self.subscribers.values():
            subscribers.begin(f"connect {size}")
        for subscribers in self.subscribers.values():
            subscribers.figures()
        if not self.is_agreed:
            self.agree_on_size()

    def agree_on_size(self):
        """All publish what is as long as the event of a ballot, with its header."""
        self.is_agreed = True
        if self.stage is None:
            return
        self.event_bytes = self.publish("ours", 1)["event_bytes"]
        for name, subscribers in self.subscribers.items():
            if name != "ours":
                subscribers.ask(f"size {self.event_bytes}")

    def publish(self, name, events):
        if name == "ours":
            self.take_ballots(events)
        return self.subscribers[name].ask(f"measure {events}")

    def burst(self, milliseconds):
        self.take_ballots(BALLOTS)
        return self.subscribers["ours"].ask(f"burst {BALLOTS} {milliseconds}")

    def take_ballots(self, count):
        """Opens the next poll where the one that is open has too few left."""
        if self.ballots_left < count:
            path, self.ballots_left = self.stage.next_poll()
            self.subscribers["ours"].ask(f"ballots {path}")
        self.ballots_left -= count


def summary(results):
    """Times over all events; medians of the rounds otherwise."""
    found = {
        "events": sum(result["events"] for result in results),
        "server_cpu_us": statistics.median(result["server_cpu_us"] for result in results),
        "client_cpu_us": statistics.median(result["client_cpu_us"] for result in results),
        "first_us": quantiles(results, "first_us"),
        "last_us": quantiles(results, "last_us"),
    }
    # Of the call that publishes, where it is a call.
    if "answer_us" in results[0]:
        found["answer_us"] = quantiles(results, "answer_us")
    return found


def quantiles(results, name):
    times = sorted(time for result in results for time in result[name])

    def part(quantile):
        return times[min(len(times) - 1, int(quantile * len(times)))]

    return {"p50": part(0.5), "p90": part(0.9), "p99": part(0.99), "max": times[-1]}


def cpu_ratios(runs):
    """Ours over the others in the same round, of each. The commit is in ours."""
    found = {}
    for size in SIZES[1:]:
        for name, results in runs[size].items():
            if name != "ours":
                found[f"cpu_vs_{name}_{size}"] = side_by_side(
                    runs[size]["ours"], results, "server_cpu_us"
                )
        names = [f"cpu_vs_{name}_{size}" for name in BROKERS]
        brokers = [found[name] for name in names if name in found]
        # The one that costs less: it is the one to be measured against. Who has one alone does not
        # know which that is.
        if len(brokers) == len(BROKERS):
            found[f"cpu_vs_broker_{size}"] = max(brokers, key=statistics.median)
    return found


def ratios(runs, bursts, by_round):
    """Medians of those, and what has no rounds. The commit is not in the further subscriber."""
    found = {name: statistics.median(each) for name, each in by_round.items()}
    for size in SIZES[1:]:
        ours = runs[size]["ours"]
        found[f"further_subscriber_cpu_vs_floor_{size}"] = further(runs, "ours", size) / further(
            runs, "floor", size
        )
        found[f"last_p50_vs_floor_{size}"] = (
            quantiles(ours, "last_us")["p50"]
            / quantiles(runs[size]["floor"], "last_us")["p50"]
        )
    found["records_vs_commits"] = max(
        burst["records_most"] / burst["commits"] for of_size in bursts.values() for burst in of_size
    )
    return found


def further(runs, name, size):
    """What each subscriber but the first adds."""
    many, one = (
        statistics.median(result["server_cpu_us"] for result in runs[of][name]) for of in (size, 1)
    )
    return (many * size - one) / (size - 1)
