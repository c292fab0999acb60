"""What the commands of scripts/bench have in common."""

import argparse
import json
import signal
import sys

from .processes import Failure


class Terminated(KeyboardInterrupt):
    """SIGTERM, which reaches one process, where an interruption from the terminal reaches all."""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        print(f"bench: {message}", file=sys.stderr)
        sys.exit(64)


def arguments(name, subjects, has_peers=False):
    parser = Parser(prog=f"scripts/bench {name}", allow_abbrev=False)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--only", metavar="SUBJECT")
    if has_peers:
        parser.add_argument("--without-missing-peers", action="store_true")
    chosen = parser.parse_args()
    if chosen.only and chosen.only not in subjects:
        parser.error(f"--only is one of {', '.join(subjects)}")
    return chosen


def write_json(path, figures):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(figures, file, indent=2)
        file.write("\n")


def end_when_told():
    """Has SIGTERM end what is under way, as an interruption does, and so its servers."""

    def end(_number, _frame):
        # Once is enough, and a second would cut short what the first has begun.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Terminated

    signal.signal(signal.SIGTERM, end)


def reporting(main):
    end_when_told()
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except Failure as failure:
        print(f"bench: {failure}", file=sys.stderr)
        sys.exit(1)
