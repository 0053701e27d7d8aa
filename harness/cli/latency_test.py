#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""`sklab latency` for real: what it prints, what it leaves, and what it refuses.

Usage: latency_test.py PATH_TO_SKLAB [unittest arguments]
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

SKLAB = None
USAGE, INTERRUPTED = 2, 130
CHURN = ["link", "attach", "key", "sockmap", "lpm"]


class LatencyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.output = pathlib.Path(folder.name) / "runs"

    def arguments(self, *arguments):
        return [SKLAB, "latency", "--output", str(self.output), *arguments]

    def latency(self, *arguments, code=0, prefix=()):
        result = subprocess.run([*prefix, *self.arguments(*arguments)], capture_output=True, text=True, check=False,
                                timeout=100)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def check_row(self, row):
        self.assertEqual(row["status"], "ok", row)
        self.assertEqual(sum(row["histogram_counts"]), row["requests"])
        values = [one["latency_ns"]["value"] for one in row["percentiles"]]
        self.assertEqual(values, sorted(values))
        self.assertGreaterEqual(len(values), 2)
        for one in row["percentiles"]:
            self.assertLessEqual(one["latency_ns"]["low"], one["latency_ns"]["high"])
            self.assertLessEqual(one["since_sent_ns"], one["latency_ns"]["value"] * 1.01 + 1)
            self.assertEqual(one["difference_ns"] is None, row["reference"] == "")

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "churn takes a CPU of its own")
    def test_every_row_has_a_number(self):
        record = json.loads(self.latency("--families", "udp4,tcp6", "--sockets", "300", "--churn", "all", "--churn-rate",
                                         "2000", "--time", "1", "--json", "--seed", "7").stdout)
        self.assertTrue(record["complete"])
        self.assertEqual([(one["family"], one["sockets"]) for one in record["sections"]],
                         [("udp4", 0), ("udp4", 300), ("tcp6", 0), ("tcp6", 300)])
        for section in record["sections"]:
            rows = {row["name"]: row for row in section["rows"]}
            for row in rows.values():
                self.check_row(row)
            churned = [name for name, row in rows.items() if row["churn"]]
            self.assertEqual(churned, [] if section["sockets"] else [f"{kind}_2000" for kind in CHURN])
            for name in churned:
                self.assertGreater(rows[name]["churn"]["operations"], 50)
                self.assertGreater(rows[name]["churn"]["operation_ns_p50"], 100)
            empty, base = (rows[name]["percentiles"][0]["latency_ns"]["value"] for name in ("empty_loop", "key_off"))
            self.assertLess(empty, base)
        run = next(self.output.glob("2*"))
        self.assertEqual(json.loads((run / "latency.json").read_text()), record)
        self.assertEqual(len(list(run.glob("*.hgrm"))), sum(len(one["rows"]) for one in record["sections"]))
        picture = xml.etree.ElementTree.parse(run / "percentiles.svg").getroot()
        self.assertEqual(len(picture.findall("{*}g")), 4 + 2 * len(CHURN))

    def test_more_than_one_cpu_can_do_is_told(self):
        table = self.latency("--families", "udp4", "--sockets", "0", "--rate", "400000", "--time", "0.1").stdout
        self.assertRegex(" ".join(table.split()), r"down to \d+ requests/s are what one CPU can do")

    def test_on_one_cpu_there_is_no_churn(self):
        table = self.latency("--families", "udp4", "--sockets", "0", "--churn", "link", "--churn-rate", "10", "--time",
                             "0.1", prefix=("taskset", "--cpu-list", str(min(os.sched_getaffinity(0))))).stdout
        self.assertRegex(table, r"link_10 +skipped\n +churn takes a CPU of its own")

    def test_an_interrupt_leaves_what_was_measured(self):
        process = subprocess.Popen(self.arguments("--families", "udp4,tcp4", "--sockets", "0", "--time", "6", "--json"),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        # In the second section.
        while not (percent := re.search(r"latency (\d+) % tcp4", process.stderr.readline())):
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, INTERRUPTED, stderr)
        record = json.loads(stdout)
        self.assertFalse(record["complete"])
        self.assertEqual(record["sections"][0]["family"], "udp4")
        self.assertIn("INTERRUPTED", next(self.output.glob("2*/table.txt")).read_text())

    def test_what_cannot_be_is_refused_in_one_line(self):
        for arguments in (["--families", "udp5"], ["--churn", "everything"], ["--churn-rate", "0"], ["--rate", "2000000"],
                          ["--sockets", "50000"], ["--time", "0"], ["--cpu", "999"]):
            result = self.latency(*arguments, code=USAGE)
            self.assertEqual(result.stdout, "")
            self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertFalse(list(self.output.glob("2*")))


if __name__ == "__main__":
    SKLAB = sys.argv.pop(1)
    unittest.main(verbosity=2)
