#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The program fuzzer as it is run: this kernel keeps the rules, a wrong rule is found in seconds.

Usage: program_test.py PROGRAM_FUZZER
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

FUZZER = None
CRASHED = 77  # libFuzzer's exit code for a finding
# Of each part of the rules: return codes, access, arguments, references, and what a program does.
CANARIES = ["load: return code 2 is allowed",
            "load: a reference may be kept",
            "load: what may be read of the context may be written",
            "load: an unchecked socket may be assigned",
            "load: a socket may be used after its release",
            "load: bpf_sk_lookup_udp is there",
            "assign: a selection may be replaced without the flag"]


class ProgramFuzzer(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "corpus").mkdir()

    def fuzz(self, *flags, corpus="corpus", **environment):
        return subprocess.run([FUZZER, "-print_final_stats=1", "-max_len=480", *flags, corpus],
                              cwd=self.folder, env={**os.environ, **environment}, timeout=200,
                              capture_output=True, text=True, errors="replace", check=False)

    def test_this_kernel_keeps_the_rules(self):
        result = self.fuzz("-max_total_time=8")
        self.assertEqual(result.returncode, 0, result.stderr[-3000:])
        counts = {name: int(re.search(rf"stat::{name}: (\d+)", result.stderr)[1])
                  for name in ("checked", "loaded", "run_and_compared")}
        print(f"\n  {counts}", end="", flush=True)
        self.assertGreater(counts["checked"], 1000)
        # Both sides of the boundary, and what loads is run.
        self.assertGreater(counts["loaded"], 0.2 * counts["checked"])
        self.assertLess(counts["loaded"], 0.9 * counts["checked"])
        self.assertGreater(counts["run_and_compared"], 0.5 * counts["loaded"])

    def test_a_wrong_rule_is_found_and_its_reproducer_shows_it(self):
        for rule in CANARIES:
            with self.subTest(rule=rule):
                self.setUp()
                start = time.monotonic()
                # A few seconds, with the sanitizers; a machine that does other things needs more.
                result = self.fuzz("-max_total_time=80", "-seed=1", SKLAB_MODEL_MUTANT=rule)
                print(f"\n  {time.monotonic() - start:5.1f} s  {rule}", end="", flush=True)
                self.assertEqual(result.returncode, CRASHED, result.stderr[-3000:])
                (finding,) = (self.folder / "findings").iterdir()
                steps = re.findall(r"^ *\d+:", (finding / "program.txt").read_text(), re.MULTILINE)
                self.assertLessEqual(len(steps), 8)
                again = self.fuzz(corpus=finding / "input", SKLAB_MODEL_MUTANT=rule,
                                  SKLAB_FINDINGS="again")
                self.assertEqual(again.returncode, CRASHED, again.stderr[-3000:])
                # The kernel does other than the wrong rule, wherever it is asked.
                subprocess.run(["cc", "-Wall", "-Werror", "-o", "reproducer", "reproducer.c", "-lbpf"],
                               cwd=finding, check=True)
                shown = subprocess.run(["./reproducer"], cwd=finding, capture_output=True, text=True,
                                       check=False)
                self.assertEqual(shown.returncode, 1, shown.stdout + shown.stderr)


if __name__ == "__main__":
    FUZZER = pathlib.Path(sys.argv[1]).resolve()
    del sys.argv[1]
    unittest.main(verbosity=2)
