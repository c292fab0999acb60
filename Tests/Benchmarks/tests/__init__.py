"""Tests of what the benchmarks have in common, and of the table and the page that are made of them.

    python3 -B -m unittest discover -s Tests/Benchmarks/tests -t Tests/Benchmarks

EcabinetLoadTests runs them as well.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "all"))
