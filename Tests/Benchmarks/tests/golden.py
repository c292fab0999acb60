"""Texts that are compared as a whole. CABINET_UPDATE_GOLDEN=1 writes them instead."""

import os
import unittest

from . import HERE


def check(test: unittest.TestCase, name: str, text: str) -> None:
    path = os.path.join(HERE, "golden", name)
    if os.environ.get("CABINET_UPDATE_GOLDEN") == "1":
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return
    with open(path, encoding="utf-8") as file:
        test.assertEqual(text, file.read())
