#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Campaigns in guests of one of Debian's kernels, for real: what goes in, what comes out, and what fells them.

Usage: in_guest_test.py PATH_TO_SKLAB FOLDER_OF_FALLING_FUZZER [unittest arguments]
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SKLAB = FALLING = None
KERNEL = "6.12"
FINDING, USAGE = 1, 2


class InGuestTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_sklab(self, *arguments, code=0):
        result = subprocess.run([SKLAB, *arguments], capture_output=True, text=True, check=False, timeout=400,
                                cwd=self.folder)
        self.assertEqual(result.returncode, code, result.stdout[-3000:] + result.stderr[-3000:])
        return result

    def fuzz(self, *arguments, code=0):
        result = self.run_sklab("fuzz", "--target", f"guest:{KERNEL}", "--json", *arguments, code=code)
        return json.loads(result.stdout)

    def test_two_guests_share_a_corpus_and_a_second_run_goes_on(self):
        arguments = ["--targets", "lifecycle_fuzzer", "--time", "15s", "--jobs", "2"]
        first = self.fuzz(*arguments)
        self.assertIn(f"guest:{KERNEL}", first["kernel_release"])
        (target,) = first["targets"]
        self.assertGreater(target["run"]["executions"], 0)
        corpus = list((self.folder / "campaign/corpus/lifecycle_fuzzer-1").iterdir())
        self.assertGreater(len(corpus), 3)
        self.assertEqual(first["findings"], [])
        second = self.fuzz(*arguments[:-2])
        self.assertEqual(second["run"], 2)
        # Whoever begins with a corpus has it checked first.
        self.assertEqual((second["corrupt_inputs"], second["other_version_inputs"]), (0, 0))
        self.assertGreaterEqual(second["targets"][0]["corpus_inputs"], len(corpus))

    def test_what_fells_a_guest_is_reduced_and_written_down(self):
        # Not left to chance, and with something to leave out.
        fuzzers = self.falling_from(b"aaaabbbb!ccc")
        summary = self.fuzz("--fuzzers", fuzzers, "--time", "30s", "--stop-at-first-finding", code=FINDING)
        (finding,) = summary["findings"]
        folder = self.folder / "campaign" / finding["folder"]
        self.assertEqual((folder / "input").read_bytes()[:1], b"!")
        self.assertLessEqual((folder / "input").stat().st_size, 4)
        self.assertTrue((folder / "console.log").read_text(errors="replace").count("sysrq"))
        mail = (folder / "mail.txt").read_text()
        self.assertIn("given to 3 fresh guests, 3 of which failed", mail)
        self.assertIn("reproducer.c does the same", mail)
        # As it says how to.
        command = (folder / "finding.txt").read_text().split("Again, in this folder:\n")[1].splitlines()[0].split()
        self.assertEqual(command[:2], ["sklab", "fuzz"])
        command = [str(folder / word) if word == "input" else word for word in command]
        again = self.run_sklab(*command[1:], "--fuzzers", fuzzers, code=FINDING)
        self.assertIn("its kernel stopped", again.stderr)
        # The next run meets it again, and does not take it for a new one.
        summary = self.fuzz("--fuzzers", fuzzers, "--time", "3s", code=FINDING)
        self.assertEqual([one["new"] for one in summary["findings"]], [False])
        self.assertGreater(summary["total"]["known_findings"], 0)

    def falling_from(self, *seeds):
        """A folder with that fuzzer, which begins with these inputs."""
        folder = self.folder / "fuzzers"
        (folder / "falling_fuzzer_seed_corpus").mkdir(parents=True)
        shutil.copy(pathlib.Path(FALLING, "falling_fuzzer"), folder)
        for number, seed in enumerate(seeds):
            (folder / f"falling_fuzzer_seed_corpus/{number}").write_bytes(seed)
        return str(folder)

    def test_what_does_not_happen_again_is_no_finding_and_is_kept(self):
        summary = self.fuzz("--fuzzers", self.falling_from(b"?"), "--time", "1s")
        self.assertEqual(summary["findings"], [])
        self.assertIn("did not happen again", " ".join(summary["notes"]))
        (kept,) = (self.folder / "campaign/unrepeated").iterdir()
        self.assertEqual((kept / "input").read_bytes(), b"?")
        self.assertIn("sysrq", (kept / "console.log").read_text(errors="replace"))

    def test_a_wrong_rule_is_found_again_in_a_fresh_guest(self):
        rule = "assign: any flags are allowed"
        summary = self.fuzz("--model-mutant", rule, "--time", "60s", code=FINDING)
        (finding,) = summary["findings"]
        folder = self.folder / summary["folder"] / finding["folder"]
        command = (folder / "finding.txt").read_text().split("Again, in this folder:\n")[1].splitlines()[0]
        self.assertIn(f"--model-mutant '{rule}'", command)

    def test_what_cannot_be_is_said_in_one_line(self):
        for arguments, words in ((["--target", "guest:none"], "kernel fetch"), (["--target", "elsewhere"], "guest:NAME"),
                                 (["--target", f"guest:{KERNEL}", "--inputs", "x"], "--targets"),
                                 (["--target", f"guest:{KERNEL}", "--guest-time", "5"], "--seed"),
                                 (["--target", f"guest:{KERNEL}", "--targets", "none"], "--list")):
            result = self.run_sklab("fuzz", *arguments, code=USAGE)
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertIn(words, result.stderr)
        for arguments, words in ((["--target", f"guest:{KERNEL}"], "records it"), (["--target", "host"], "guest:NAME")):
            result = self.run_sklab("coverage", *arguments, code=USAGE)
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertIn(words, result.stderr)


if __name__ == "__main__":
    SKLAB, FALLING = map(os.path.abspath, (sys.argv.pop(1), sys.argv.pop(1)))
    unittest.main()
