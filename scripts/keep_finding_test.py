#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""scripts/keep_finding, in a copy of the folders that it works in."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent
SCENARIO = "scenario 1\ndialect pass_drop\npacket udp4 127.0.0.9:1 -> 127.0.0.1:2\n"
FINDING = {"schema_version": 1, "target": "semantics_fuzzer", "rules": "kernel",
           "signature": "pass_drop: no socket instead of\na connected socket",
           "expected": ["socket a", "program 0 ran 0"], "actual": ["socket none", "program 0 ran 1"],
           "scenario_file": "finding.scenario", "kernel_release": "6.18.1"}


class KeepFinding(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name)
        (self.top / "scripts").mkdir()
        for name in ("keep_finding", "lib.sh"):
            shutil.copy(SCRIPTS / name, self.top / "scripts")
        self.regressions = self.top / "fuzz" / "regressions"
        self.regressions.mkdir(parents=True)
        self.finding = self.top / "findings" / "semantics_fuzzer-0123"
        self.finding.mkdir(parents=True)
        (self.finding / "input").write_bytes(b"\0\1\xff")
        (self.finding / "finding.scenario").write_text("# rules:  x\n# kernel: y\n" + SCENARIO)
        self.write_json()

    def write_json(self, **changes):
        (self.finding / "finding.json").write_text(json.dumps({**FINDING, **changes}))

    def keep(self, *arguments):
        # From another folder than the top one, with a relative path.
        return subprocess.run([self.top / "scripts" / "keep_finding", *arguments],
                              cwd=self.top / "findings", capture_output=True, text=True, check=False)

    def assert_refused(self, result, reason):
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertIn(reason, result.stderr)

    def kept(self):
        return sorted(str(path.relative_to(self.regressions)) for path in self.regressions.rglob("*")
                      if path.is_file())

    def test_a_scenario_gets_a_head_that_says_what_it_is_about(self):
        result = self.keep("semantics_fuzzer-0123", "lost_connection")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("git add fuzz/regressions/lost_connection.scenario", result.stdout)
        self.assertEqual((self.regressions / "lost_connection.scenario").read_text(),
                         "# pass_drop: no socket instead of a connected socket\n"
                         "# Seen by semantics_fuzzer on Linux 6.18.1, with the rules: kernel.\n"
                         "# By the rules:  socket a; program 0 ran 0\n"
                         "# By the kernel: socket none; program 0 ran 1\n" + SCENARIO)
        self.assertEqual(self.kept(), ["lost_connection.scenario"])

    def test_what_only_the_fuzzer_can_run_goes_to_its_folder(self):
        self.write_json(target="program_fuzzer", scenario_file="")
        result = self.keep(self.finding)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("git add fuzz/regressions/program_fuzzer/semantics_fuzzer-0123", result.stdout)
        self.assertEqual(self.kept(), ["program_fuzzer/semantics_fuzzer-0123"])
        self.assertEqual((self.regressions / self.kept()[0]).read_bytes(), b"\0\1\xff")

    def test_nothing_is_overwritten(self):
        for changes, existing in ({}, "old.scenario"), ({"scenario_file": ""}, "semantics_fuzzer/old"):
            with self.subTest(existing=existing):
                self.write_json(**changes)
                path = self.regressions / existing
                path.parent.mkdir(exist_ok=True)
                path.write_text("old")
                self.assert_refused(self.keep(self.finding, "old"), "exists")
                self.assertEqual(path.read_text(), "old")

    def test_what_is_no_finding_is_refused(self):
        self.assert_refused(self.keep(), "usage")
        self.assert_refused(self.keep(self.top), "finding.json")
        self.assert_refused(self.keep(self.finding, "../name"), "a name has")
        self.write_json(target="../fuzzer")
        self.assert_refused(self.keep(self.finding), "names no fuzzer")
        self.write_json(scenario_file="lost.scenario")
        self.assert_refused(self.keep(self.finding), "no lost.scenario")
        self.assertEqual(self.kept(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
