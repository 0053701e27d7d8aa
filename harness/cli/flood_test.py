#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""`sklab flood` for real: what it prints, what it leaves, and what it refuses.

Usage: flood_test.py PATH_TO_SKLAB [unittest arguments]
"""
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

SKLAB = None
FAMILIES = ["udp4", "udp6", "tcp4", "tcp6"]
USAGE, SKIP, INTERRUPTED = 2, 4, 130


class FloodTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.output = pathlib.Path(folder.name) / "runs"

    def arguments(self, *arguments):
        return [SKLAB, "flood", "--output", str(self.output), *arguments]

    def flood(self, *arguments, code=0):
        result = subprocess.run(self.arguments(*arguments), capture_output=True, text=True, check=False, timeout=100)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def test_every_row_of_every_family_has_a_number(self):
        record = json.loads(self.flood("--time", "1", "--json", "--seed", "7").stdout)
        self.assertEqual([family["name"] for family in record["families"]], FAMILIES)
        self.assertTrue(record["complete"])
        for family in record["families"]:
            rows = {row["name"]: row for row in family["rows"]}
            self.assertEqual({row["status"] for row in rows.values()}, {"ok"}, family)
            self.assertEqual("after_lookup" in rows, family["name"].startswith("tcp"))
            for name, row in rows.items():
                self.assertGreater(row["packets_per_second"]["value"], 1000, name)
                is_step = name in ("key_off", "untouched", "not_received", "before_lookup", "after_lookup")
                self.assertEqual(row["delta"] is None, is_step, name)
                self.assertEqual(row["probe"] is None, is_step, name)
            self.assertGreater(len(family["shares"]), 4)
        run = next(self.output.glob("2*"))
        self.assertEqual({path.name for path in run.iterdir()}, {"flood.json", "result.json", "table.md", "table.txt"})
        self.assertEqual(json.loads((run / "flood.json").read_text()), record)

    def test_another_generator(self):
        table = self.flood("--families", "udp6", "--generator", "raw", "--time", "0.3").stdout
        self.assertIn("generator raw", table)
        self.assertRegex(table, r"(?m)^  pass +[0-9,]+ ")
        self.assertRegex(table, r"(?m)^  untouched +skipped")

    def test_an_interrupt_leaves_what_was_measured(self):
        process = subprocess.Popen(self.arguments("--families", "udp4,tcp4", "--time", "60", "--json"),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        # Far enough for an interval: some per cent of the minute.
        while not (percent := re.search(r"flood (\d+) %", process.stderr.readline())) or int(percent[1]) < 5:
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, INTERRUPTED, stderr)
        record = json.loads(stdout)
        self.assertFalse(record["complete"])
        self.assertEqual([family["name"] for family in record["families"]], ["udp4"])
        self.assertIn("INTERRUPTED", next(self.output.glob("2*/table.txt")).read_text())

    def test_what_cannot_be_is_refused_in_one_line(self):
        for arguments in (["--families", "udp5"], ["--generator", "pigeon"], ["--time", "0"], ["--cpu", "999"]):
            result = self.flood(*arguments, code=USAGE)
            self.assertEqual(result.stdout, "")
            self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertFalse(list(self.output.glob("2*")))


if __name__ == "__main__":
    SKLAB = sys.argv.pop(1)
    unittest.main(verbosity=2)
