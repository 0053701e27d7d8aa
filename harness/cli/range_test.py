#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""`sklab range` for real: what it prints, what it leaves, and what it refuses.

Usage: range_test.py PATH_TO_SKLAB [unittest arguments]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SKLAB = None
USAGE = 2
METHODS = ["sockets", "wildcards", "reuseport", "tc_assign", "tproxy", "sk_lookup"]


class RangeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.output = pathlib.Path(folder.name) / "runs"

    def range(self, *arguments, code=0, environment=None):
        result = subprocess.run([SKLAB, "range", "--output", str(self.output), *arguments], capture_output=True,
                                text=True, check=False, timeout=100, env=environment)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def test_every_method_has_numbers_but_one_that_is_not_installed(self):
        with tempfile.TemporaryDirectory() as empty:
            record = json.loads(self.range("--families", "udp4", "--time", "1", "--json",
                                           environment={**os.environ, "PATH": empty}).stdout)
        self.assertTrue(record["complete"])
        rows = {row["name"]: row for row in record["families"][0]["rows"]}
        self.assertEqual(list(rows), METHODS)
        missing = rows.pop("tproxy")
        self.assertEqual(missing["status"], "skipped")
        self.assertIn("nftables", missing["reason"])
        for name, row in rows.items():
            self.assertEqual(row["status"], "ok", row)
            self.assertGreaterEqual(row["rounds"], 8)
            self.assertGreater(row["requests_per_second"]["value"], 1000, name)
            self.assertGreaterEqual(row["latency_ns_p99"]["value"], row["latency_ns_p50"]["value"])
            self.assertEqual(row["request_percent"] is None, name == "sk_lookup")
        self.assertEqual(rows["sockets"]["sockets"], 65536)
        for figure, times in (("setup_ms", 10), ("memory_bytes", 10)):
            self.assertGreater(rows["sockets"][figure]["value"], times * rows["sk_lookup"][figure]["value"], figure)
        run = next(self.output.glob("2*"))
        self.assertEqual({path.name for path in run.iterdir()}, {"range.json", "table.md", "table.txt"})
        self.assertEqual(json.loads((run / "range.json").read_text()), record)

    def test_what_cannot_be_is_refused_in_one_line(self):
        for arguments in (["--families", "udp5"], ["--time", "0"], ["--cpu", "999"]):
            result = self.range(*arguments, code=USAGE)
            self.assertEqual(result.stdout, "")
            self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertFalse(list(self.output.glob("2*")))


if __name__ == "__main__":
    SKLAB = sys.argv.pop(1)
    unittest.main(verbosity=2)
