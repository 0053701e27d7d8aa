#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Reads the files of an example of a gate as those do who they are for, and compares them with golden/.

Usage: gate_files_test.py PROGRAM_THAT_WRITES_THE_EXAMPLE [--update]

With --update golden/ becomes what is written now.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"
COMPARE = "/usr/share/benchmark/compare.py"
PROGRAM = None


class GateFilesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        subprocess.run([PROGRAM, folder.name], check=True)
        cls.record = json.loads(cls.text("plain", "gate.json"))

    @classmethod
    def text(cls, example, name):
        return (cls.folder / example / name).read_bytes().decode()

    def both(self, name):
        """The file's text, without and with text that a format could stumble over."""
        return [self.text(example, name) for example in ("plain", "hostile")]

    def test_files_are_as_ever(self):
        # What is in gate.json is checked against its schema.
        written = {path.name for path in (self.folder / "plain").iterdir()} - {"gate.json"}
        self.assertEqual(written, {path.name for path in GOLDEN.iterdir()})
        for name in written:
            with self.subTest(name):
                self.assertEqual(self.text("plain", name), (GOLDEN / name).read_text())

    def test_every_json_file_can_be_read(self):
        for path in self.folder.glob("*/*.json"):
            if path.parent.name == "plain":
                self.assertIsNotNone(json.loads(path.read_text()))
            else:
                self.assertEqual(type(json.loads(path.read_text())),
                                 type(json.loads(self.text("plain", path.name))))

    def test_tables_in_markdown_have_six_columns(self):
        for text in self.both("gate.md"):
            lines = [line for line in text.splitlines() if line.startswith("|")]
            # Of nine rows one is about a size that did not change; and two heads of two lines.
            self.assertEqual(len(lines), 8 + 4)
            for line in lines:
                self.assertEqual(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)), 7, line)
                self.assertNotRegex(line, r"(?<!\\)(?:\\\\)*<")

    def test_annotations_are_lines_of_their_own(self):
        for text in self.both("github_annotations.txt"):
            lines = text.splitlines()
            self.assertEqual(len(lines), 6)
            for line in lines:
                self.assertRegex(line, r"^::(error|warning|notice) title=[^:,]+::.+$")

    # https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    def test_gitlab_finds_what_it_needs(self):
        for text in self.both("gitlab_code_quality.json"):
            findings = json.loads(text)
            self.assertEqual([finding["severity"] for finding in findings],
                             ["critical", "major", "info", "major", "info"])
            self.assertEqual(len({finding["fingerprint"] for finding in findings}), len(findings))
            for finding in findings:
                self.assertEqual(list(finding), ["description", "check_name", "fingerprint", "severity", "location"])
                self.assertRegex(finding["location"]["path"], r"^[^./]")
                self.assertEqual(finding["location"]["lines"], {"begin": 1})
                self.assertNotIn("\n", finding["description"])

    def test_junit_counts_its_tests(self):
        for text in self.both("junit.xml"):
            suite, = xml.etree.ElementTree.fromstring(text.encode())
            tests = suite.findall("testcase")
            self.assertEqual(len({test.get("name") for test in tests}), len(self.record["rows"]))
            for count, found in (("tests", tests), ("failures", suite.findall("testcase/failure")),
                                 ("skipped", suite.findall("testcase/skipped"))):
                self.assertEqual(int(suite.get(count)), len(found), count)
            self.assertEqual([element.tag for test in tests for element in test],
                             ["failure", "failure", "skipped", "skipped", "failure", "skipped"])
        self.assertIn('| <b>&amp; 100 % "\'', suite.find("testcase/failure").text)

    def test_ktap_has_a_line_for_every_test(self):
        for text in self.both("results.ktap"):
            head, plan, *lines = text.splitlines()
            self.assertEqual((head, plan), ("KTAP version 1", f"1..{len(self.record['rows'])}"))
            results = [line for line in lines if not line.startswith("# ")]
            for number, line in enumerate(results, 1):
                self.assertRegex(line, rf"^(not )?ok {number} udp4[a-z0-9_/ ]+( # SKIP .+)?$")
            self.assertEqual("".join("F" if line.startswith("not") else "S" if "# SKIP" in line else "."
                                     for line in results), "FFS..SF.S")

    def test_compare_py_tests_the_processes(self):
        for example in ("plain", "hostile"):
            report = self.folder / f"{example}.json"
            subprocess.run(["/usr/bin/python3", COMPARE, "--dump_to_json", report, "benchmarks",
                            self.folder / example / "google_benchmark_base.json",
                            self.folder / example / "google_benchmark_candidate.json"], check=True, capture_output=True)
            compared = {row["name"]: row for row in json.loads(report.read_text())}
            for row in self.record["rows"]:
                if row["quantity"] != "latency_ns" or row["samples"] == 0:
                    continue
                processes = compared[row["name"]]
                self.assertEqual(len(processes["measurements"]), row["samples"])
                self.assertEqual(processes["utest"]["nr_of_repetitions"], row["samples"])
                self.assertTrue(processes["utest"]["have_optimal_repetitions"])
                self.assertEqual(processes["utest"]["time_pvalue"] < 0.001,
                                 row["verdict"] in ("regression", "improvement"), row["name"])
                self.assertAlmostEqual(compared[row["name"] + "_median"]["measurements"][0]["time"],
                                       row["change"]["value"], places=2)
            self.assertIn("OVERALL_GEOMEAN", compared)

    # https://bencher.dev/docs/reference/bencher-metric-format
    def test_bencher_gets_numbers(self):
        for text in self.both("bencher.json"):
            metrics = [metric for benchmark in json.loads(text).values() for metric in benchmark.values()]
            self.assertEqual(len(metrics), 6)
            for metric in metrics:
                self.assertEqual(list(metric), ["value", "lower_value", "upper_value"])
                self.assertLessEqual(metric["lower_value"], metric["value"])
                self.assertLessEqual(metric["value"], metric["upper_value"])

    # src/extract.ts of github-action-benchmark takes these over as they are.
    def test_github_action_benchmark_gets_entries(self):
        for text in self.both("github_action_benchmark.json"):
            entries = json.loads(text)
            self.assertEqual(len({entry["name"] for entry in entries}), 6)
            for entry in entries:
                self.assertEqual(list(entry), ["name", "unit", "value", "range", "extra"])
                self.assertIsInstance(entry["value"], float)
                self.assertIn(entry["unit"], ("ns/lookup", "instructions", "bytes"))


def update():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PROGRAM, folder], check=True)
        shutil.rmtree(GOLDEN, ignore_errors=True)
        shutil.copytree(pathlib.Path(folder) / "plain", GOLDEN, ignore=shutil.ignore_patterns("gate.json"))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        unittest.main()
