#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The fuzzers as they are run: what is right stays quiet, what is wrong is found, and can be replayed.

Usage: fuzz_test.py FOLDER_OF_FUZZERS SKLAB SOURCES
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

FUZZERS = SKLAB = SOURCES = EXAMPLES = None
CRASHED = 77  # libFuzzer's exit code for a finding

# Wrong models that need different things: one assign, two, two programs, a group, connected sockets,
# another dialect.
CANARIES = ["assign: the family is checked before the protocol",
            "assign: a selection may be replaced without the flag",
            "pass_drop: a later program can clear the selection",
            "pass_drop: a drop outweighs a selection",
            "redirect: a selection counts without REDIRECT",
            "ok_drop: a program that drops discards the selection",
            "lookup: the hook runs before connected sockets",
            "reuseport: the selected socket receives itself"]


class FuzzTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "corpus").mkdir()

    def fuzz(self, name, *flags, corpus="corpus", **environment):
        return subprocess.run([FUZZERS / name, "-print_final_stats=1", *flags, corpus],
                              cwd=self.folder, env={**os.environ, **environment}, timeout=100,
                              capture_output=True, text=True, errors="replace", check=False)

    def assert_reproducer_shows_it(self, finding):
        reproducer = self.folder / "reproducer"
        subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-o", reproducer,
                        finding / "reproducer.c", "-lbpf"], check=True)
        result = subprocess.run([reproducer], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertRegex(result.stdout, r"(?m)^! \S")


class Semantics(FuzzTest):
    def test_this_kernel_keeps_the_rules(self):
        result = self.fuzz("semantics_fuzzer", "-max_total_time=5", "-max_len=1200")
        self.assertEqual(result.returncode, 0, result.stderr[-3000:])
        checked = int(re.search(r"stat::checked: (\d+)", result.stderr)[1])
        self.assertGreater(checked, 20000)
        self.assertGreater(len(list((self.folder / "corpus").iterdir())), 50)

    def test_a_wrong_rule_is_found_reduced_and_can_be_replayed(self):
        for rule in CANARIES:
            with self.subTest(rule=rule):
                self.setUp()
                # A few seconds, with the sanitizers; a machine that does other things needs more.
                start = time.monotonic()
                result = self.fuzz("semantics_fuzzer", "-max_total_time=20", "-max_len=1200",
                                   "-seed=1", SKLAB_MODEL_MUTANT=rule)
                print(f"\n  {time.monotonic() - start:5.1f} s  {rule}", end="", flush=True)
                self.assertEqual(result.returncode, CRASHED, result.stderr[-3000:])
                (finding,) = (self.folder / "findings").iterdir()
                text = (finding / "finding.scenario").read_text()
                self.assertRegex(text, r"^# rules:  .*\n# kernel: .*\nscenario 1\n")
                self.assertLessEqual(len(re.findall("^program", text, re.MULTILINE)), 3, text)
                # The input that libFuzzer keeps shows it again, and the kernel is right.
                self.assert_input_shows_it_again(finding / "input", rule)
                replay = subprocess.run([SKLAB, "replay", finding / "finding.scenario"],
                                        capture_output=True, text=True, check=False)
                self.assertEqual(replay.returncode, 0, replay.stdout + replay.stderr)
                self.assert_reproducer_shows_it(finding)

    def assert_input_shows_it_again(self, input_file, rule):
        # Which member of a group is chosen depends on a secret of the network namespace, and every
        # process has one of its own: in some, no packet of the input shows what is wrong.
        processes = 10 if rule.startswith("reuseport:") else 1
        for _ in range(processes):
            again = self.fuzz("semantics_fuzzer", corpus=input_file,
                              SKLAB_MODEL_MUTANT=rule, SKLAB_FINDINGS="again")
            if again.returncode != 0:
                break
        self.assertEqual(again.returncode, CRASHED, again.stderr[-3000:])

    def test_what_is_known_already_does_not_end_the_run(self):
        flags = ("-runs=2000", "-seed=1", "-max_len=1200")
        first = self.fuzz("semantics_fuzzer", *flags, SKLAB_MODEL_MUTANT=CANARIES[0])
        self.assertEqual(first.returncode, CRASHED, first.stderr[-3000:])
        (finding,) = (self.folder / "findings").iterdir()
        known = self.fuzz("semantics_fuzzer", corpus=finding / "input",
                          SKLAB_MODEL_MUTANT=CANARIES[0])
        self.assertEqual(known.returncode, 0, known.stderr[-3000:])
        # With the sanitizers libFuzzer runs it once more, to look for leaks.
        self.assertRegex(known.stderr, "stat::known_findings: [12]\n")

    def test_a_mutant_that_there_is_not_is_refused(self):
        result = self.fuzz("semantics_fuzzer", "-runs=1", SKLAB_MODEL_MUTANT="no such rule")
        self.assertEqual(result.returncode, 2)
        self.assertIn("no such rule", result.stderr)

    def test_without_privileges_it_says_so(self):
        result = subprocess.run(["setpriv", "--bounding-set=-all", "--inh-caps=-all",
                                 FUZZERS / "semantics_fuzzer", "-runs=1"], cwd=self.folder,
                                capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertIn("root", result.stderr)


# What packets alone show: a program that runs for packets only, a socket that receives.
PACKET_CANARIES = ["assign: any protocol is allowed",
                   "reuseport: the group's program does not run"]


class Packets(FuzzTest):
    def test_this_kernel_keeps_the_rules(self):
        result = self.fuzz("packet_fuzzer", "-max_total_time=5", "-max_len=1200")
        self.assertEqual(result.returncode, 0, result.stderr[-3000:])
        self.assertGreater(int(re.search(r"stat::checked: (\d+)", result.stderr)[1]), 5000)
        self.assertGreater(len(list((self.folder / "corpus").iterdir())), 50)

    def test_a_wrong_rule_is_found_and_reduced(self):
        for rule in PACKET_CANARIES:
            with self.subTest(rule=rule):
                self.setUp()
                result = self.fuzz("packet_fuzzer", "-max_total_time=30", "-max_len=1200",
                                   "-seed=1", SKLAB_MODEL_MUTANT=rule)
                self.assertEqual(result.returncode, CRASHED, result.stderr[-3000:])
                (finding,) = (self.folder / "findings").iterdir()
                self.assertRegex((finding / "packets.txt").read_text(), r"frame 0, \d+ bytes, the one:")
                self.assertEqual((finding / "packets.pcap").read_bytes()[:4], b"\xd4\xc3\xb2\xa1")
                text = (finding / "finding.scenario").read_text()
                self.assertLessEqual(len(re.findall("^(program|socket)", text, re.MULTILINE)), 4, text)
                again = self.fuzz("packet_fuzzer", corpus=finding / "input",
                                  SKLAB_MODEL_MUTANT=rule, SKLAB_FINDINGS="again")
                self.assertEqual(again.returncode, CRASHED, again.stderr[-3000:])
                self.assert_reproducer_shows_it(finding)
                right = self.fuzz("packet_fuzzer", corpus=finding / "input")
                self.assertEqual(right.returncode, 0, right.stderr[-3000:])


class Lifecycle(FuzzTest):
    def test_this_kernel_keeps_the_rules(self):
        result = self.fuzz("lifecycle_fuzzer", "-max_total_time=5", "-max_len=400")
        self.assertEqual(result.returncode, 0, result.stderr[-3000:])
        self.assertGreater(int(re.search(r"stat::operations: (\d+)", result.stderr)[1]), 5000)

    def test_a_wrong_rule_is_found_reduced_and_can_be_shown(self):
        # lifecycle_lab_test knows them all.
        for rule in ("links: an update moves the program to the end",
                     "lifecycle: a closed socket stays in the map"):
            with self.subTest(rule=rule):
                self.setUp()
                result = self.fuzz("lifecycle_fuzzer", "-max_total_time=30", "-max_len=400", "-seed=1",
                                   SKLAB_MODEL_MUTANT=rule)
                self.assertEqual(result.returncode, CRASHED, result.stderr[-3000:])
                (finding,) = (self.folder / "findings").iterdir()
                text = (finding / "sequence.txt").read_text()
                self.assertLessEqual(len(text.splitlines()), 12, text)
                again = self.fuzz("lifecycle_fuzzer", corpus=finding / "input",
                                  SKLAB_MODEL_MUTANT=rule, SKLAB_FINDINGS="again")
                self.assertEqual(again.returncode, CRASHED, again.stderr[-3000:])
                self.assert_reproducer_shows_it(finding)


class ScenarioText(FuzzTest):
    def test_no_text_breaks_the_parser(self):
        seeds = SOURCES / "regressions"
        result = self.fuzz("scenario_text_fuzzer", "-max_total_time=5", "-max_len=600",
                           f"-dict={SOURCES / 'formats/scenario_text.dict'}", "corpus", corpus=str(seeds))
        self.assertEqual(result.returncode, 0, result.stderr[-3000:])


class Formats(FuzzTest):
    def test_no_bytes_break_what_is_read_back(self):
        for name in ("records_fuzzer", "result_json_fuzzer", "gate_json_fuzzer", "baseline_json_fuzzer",
                     "thresholds_fuzzer"):
            with self.subTest(name=name):
                # Something to begin with, which bytes alone do not make.
                kind, of_json, _ = name.partition("_json")
                if of_json:
                    example = subprocess.run([EXAMPLES[kind], kind], capture_output=True, check=True).stdout
                    (self.folder / "corpus" / "example").write_bytes(example)
                result = self.fuzz(name, "-max_total_time=3", "-max_len=20000")
                self.assertEqual(result.returncode, 0, result.stderr[-3000:])


class Regressions(FuzzTest):
    def test_scenarios(self):
        files = sorted((SOURCES / "regressions").glob("*.scenario"))
        self.assertGreater(len(files), 0)
        result = subprocess.run([SKLAB, "replay", *files], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(result.stdout.count(" ok\n"), 2 * len(files), result.stdout)

    def test_inputs_that_only_their_fuzzer_can_run(self):
        for folder in filter(pathlib.Path.is_dir, sorted((SOURCES / "regressions").iterdir())):
            files = sorted(folder.iterdir())
            with self.subTest(fuzzer=folder.name, files=[file.name for file in files]):
                self.assertGreater(len(files), 0)
                result = subprocess.run([FUZZERS / folder.name, *files], cwd=self.folder, timeout=100,
                                        capture_output=True, text=True, errors="replace", check=False)
                self.assertEqual(result.returncode, 0, result.stderr[-3000:])
                self.assertEqual(result.stderr.count("\nExecuted "), len(files), result.stderr[-3000:])


if __name__ == "__main__":
    FUZZERS, SKLAB, SOURCES = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    EXAMPLES = {kind: SKLAB.parent.parent / "record" / program
                for kind, program in (("result", "record_example"), ("gate", "record_example"),
                                      ("baseline", "baseline/baseline_example"))}
    del sys.argv[1:4]
    unittest.main(verbosity=2)
