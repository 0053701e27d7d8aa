#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""sklab report at the command line: where the page goes, and what is refused with one clear line.

Usage: report_test.py PATH_TO_SKLAB PATH_TO_REPORT_EXAMPLE
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SKLAB = None
EXAMPLE = None


class ReportTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        subprocess.run([EXAMPLE, folder.name], check=True)

    def report(self, *arguments):
        return subprocess.run([SKLAB, "report", *map(str, arguments)], cwd=self.folder, capture_output=True,
                              text=True, check=False, timeout=60)

    def expect_page(self, result, path):
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, f"{path}\n", ""))
        self.assertIn("</html>", (self.folder / path).read_text())

    def expect_refusal(self, result, code, *words):
        self.assertEqual((result.returncode, result.stdout), (code, ""), result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_the_page_stands_beside_the_first_result(self):
        self.expect_page(self.report("plain"), "plain/report.html")
        self.expect_page(self.report("hostile/gate.json", "plain"), "hostile/report.html")
        self.expect_page(self.report("plain", "--output", "page.html"), "page.html")
        self.expect_page(self.report("plain/gate.json", "--history", "history"), "plain/report.html")

    def test_the_last_run_is_shown_unless_another_is_named(self):
        self.expect_refusal(self.report(), 2, "results/runs/latest", "sklab bench")
        runs = self.folder / "results" / "runs"
        runs.mkdir(parents=True)
        (self.folder / "plain").rename(runs / "1")
        (runs / "latest").symlink_to("1")
        self.expect_page(self.report(), "results/runs/latest/report.html")
        self.assertTrue((runs / "1" / "report.html").exists())
        # A page in the folder is no result, and is replaced by the next.
        self.expect_page(self.report("--history", "results/runs"), "results/runs/latest/report.html")

    def test_what_cannot_be_shown_is_named(self):
        whole = (self.folder / "plain" / "result.json").read_text()
        for name, text in (("cut.json", whole[:5000]), ("empty.json", ""), ("foreign.json", '{"rows": []}'),
                           ("later.json", json.dumps({**json.loads(whole), "schema_version": 2}))):
            (self.folder / name).write_text(text)
            self.expect_refusal(self.report("plain", name), 2, name)
        self.assertEqual(list(self.folder.glob("**/report.html*")), [])
        self.expect_refusal(self.report("missing"), 2, "missing")
        self.expect_refusal(self.report("plain", "--history", "missing"), 2, "missing")
        self.expect_refusal(self.report("plain", "--nonsense"), 2, "--nonsense")

    def test_a_page_that_cannot_be_written_leaves_nothing(self):
        self.expect_refusal(self.report("plain", "--output", "no/such/page.html"), 70, "no/such/page.html", "--output")
        (self.folder / "taken").mkdir()
        self.expect_refusal(self.report("plain", "--output", "taken"), 70, "taken", "--output")
        self.assertEqual(list(self.folder.glob("taken*")), [self.folder / "taken"])


if __name__ == "__main__":
    SKLAB, EXAMPLE = (os.path.abspath(path) for path in sys.argv[1:3])
    del sys.argv[1:3]
    unittest.main()
