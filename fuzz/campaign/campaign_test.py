#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Campaigns as they are run: what ends them, what they leave, and what they survive.

Usage: campaign_test.py SKLAB [unittest arguments]
"""
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SKLAB = None
TEXT, SEMANTICS = "scenario_text_fuzzer", "semantics_fuzzer"
MUTANT = "pass_drop: a drop outweighs a selection"

# A program that does what libFuzzer would print and how it would end. It says that it ran an input.
FAKE = """#!/usr/bin/python3
import os, sys
name = os.path.basename(sys.argv[0])
if "--info" in sys.argv:
    print('{"name": "' + name + '", "needs_kernel": false, "input_version": 1, '
          '"most_input_bytes": 10, "record_bytes": 1}')
    sys.exit(0)
prefix = [a.split("=")[1] for a in sys.argv if a.startswith("-artifact_prefix=")][0]
with open(os.environ["SKLAB_STATUS"], "r+b") as status:
    status.write((1).to_bytes(8, sys.byteorder))
"""
CRASHES = FAKE + """
print("==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1234")
print("    #0 0x55 in sklab::parse(int) /src/a.cc:1:2")
print("SUMMARY: AddressSanitizer: heap-use-after-free /src/a.cc:1:2 in sklab::parse(int)")
open(prefix + "crash-00", "w").write("bad input")
sys.exit(77)
"""
SKIPS = FAKE + """
print(name + ": cannot do it: Operation not permitted")
sys.exit(4)
"""
FAILS = FAKE + """
print(name + ": cannot do it: Cannot allocate memory")
sys.exit(70)
"""


def processes_with(text):
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if text.encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(path.parent.name)
        except OSError:
            pass  # it has ended
    return found


class CampaignTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="campaign_test.")
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name)
        self.folder = self.top / "campaign"

    def tearDown(self):
        self.assertEqual(processes_with(str(self.top)), [])

    def arguments(self, *arguments, targets=(TEXT,), time_s=2, folder=None):
        return [SKLAB, "fuzz", "--targets", ",".join(targets), "--time", f"{time_s}s", "--seed", "1",
                "--folder", str(folder or self.folder), *arguments]

    def fuzz(self, *arguments, wrapper=(), **options):
        return subprocess.run([*wrapper, *self.arguments(*arguments, **options)], text=True,
                              capture_output=True, timeout=100, check=False)

    def summary(self):
        return json.loads((self.folder / "summary.json").read_text())

    def inputs(self, target):
        return sorted((self.folder / "corpus" / f"{target}-1").iterdir())

    def start(self, *arguments, **options):
        process = subprocess.Popen(self.arguments(*arguments, time_s=90, **options), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for line in process.stderr:
            if json.loads(line).get("executions", 0) > 300:
                break
        return process


class Runs(CampaignTest):
    def test_a_clean_run(self):
        result = self.fuzz(targets=(TEXT, SEMANTICS), time_s=8)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("its time was over", result.stdout)
        events = [json.loads(line) for line in result.stderr.splitlines()]
        self.assertGreater(len(events), 3)
        self.assertGreater(events[-1]["checked"], 100)
        for name in ("summary.txt", "summary.md", "summary.json", "campaign.json"):
            self.assertTrue((self.folder / name).exists(), name)
        self.assertEqual((self.folder / "summary.txt").read_text(), result.stdout)
        for target in self.summary()["targets"]:
            self.assertGreater(target["run"]["executions"], 10, target)
            self.assertGreater(target["coverage"], 10, target)
            self.assertGreater(len(self.inputs(target["name"])), 5)
            self.assertLess(abs(target["run"]["seconds"] - 4), 3)
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name == "tmp"], [])
        self.assertFalse(json.loads((self.folder / "campaign.json").read_text())["run_is_open"])

    def test_a_wrong_rule_ends_it_with_a_finding(self):
        result = self.fuzz("--model-mutant", MUTANT, "--json", targets=(SEMANTICS,), time_s=60)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        summary = json.loads(result.stdout)
        self.assertEqual(summary["end"], "first_finding")
        (finding,) = summary["findings"]
        folder = self.folder / finding["folder"]
        self.assertIn("scenario 1\n", (folder / "finding.scenario").read_text())
        # The same rules only: what is a finding for these is none for others.
        other = self.fuzz()
        self.assertEqual(other.returncode, 2, other.stderr)
        self.assertIn("--folder", other.stderr)

    def test_control_c_ends_it_with_a_summary(self):
        process = self.start()
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        self.assertIn("it was interrupted", stdout)
        self.assertEqual(self.summary()["end"], "interrupted")

    def test_a_folder_has_one_campaign_at_a_time(self):
        process = self.start()
        refused = self.fuzz()
        self.assertEqual(refused.returncode, 2)
        self.assertIn("another campaign", refused.stderr)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


class Survival(CampaignTest):
    def test_a_killed_run_is_gone_on_with(self):
        process = self.start(targets=(SEMANTICS,))
        time.sleep(1.5)  # a checkpoint
        process.kill()
        process.wait()
        for _ in range(200):
            if not processes_with(str(self.top)):
                break
            time.sleep(0.05)
        self.assertEqual(processes_with(str(self.top)), [], "fuzzers outlived their campaign")
        before = json.loads((self.folder / "campaign.json").read_text())
        self.assertTrue(before["run_is_open"])
        inputs = {path.name: path.read_bytes() for path in self.inputs(SEMANTICS)}
        # It has found something that nobody has been told of.
        finding = self.folder / "findings" / "semantics_fuzzer-0123"
        finding.mkdir()
        (finding / "finding.json").write_text('{"target": "semantics_fuzzer", "signature": "x"}')
        self.check_journal(self.folder / "journal" / f"{SEMANTICS}.0")

        result = self.fuzz(targets=(SEMANTICS,), time_s=3)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        summary = self.summary()
        self.assertTrue(summary["continues_killed_run"])
        self.assertEqual(summary["run"], 2)
        self.assertEqual([one["new"] for one in summary["findings"]], [True])
        (target,) = summary["targets"]
        self.assertEqual(target["all_runs"]["executions"], target["run"]["executions"] +
                         before["targets"][SEMANTICS]["executions"])
        intact = [name for name, data in inputs.items() if hashlib.sha1(data).hexdigest() == name]
        self.assertGreaterEqual(len(intact), len(inputs) - 1)
        skipped = self.folder / "corpus" / "skipped" / f"{SEMANTICS}-1"
        self.assertEqual(summary["corrupt_inputs"], len(inputs) - len(intact))
        self.assertEqual(len(list(skipped.glob("*"))), len(inputs) - len(intact))
        # libFuzzer replaces inputs by smaller ones, it never just loses them.
        self.assertGreaterEqual(len(self.inputs(SEMANTICS)), len(intact) * 0.9)
        self.check_journal(self.folder / "journal" / "killed-1" / f"{SEMANTICS}.0")

    def check_journal(self, journal):
        result = subprocess.run([SKLAB, "fuzz", "--journal", journal], capture_output=True, text=True,
                                check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        match = re.match(r"(\d+) inputs in (\S+), the last one is (\S+)\n", result.stdout)
        self.assertEqual(int(match[1]), 128)
        self.assertTrue(pathlib.Path(match[3]).exists())

    def test_what_is_corrupt_is_skipped_with_a_count(self):
        self.assertEqual(self.fuzz().returncode, 0)
        corpus = self.folder / "corpus"
        victim = self.inputs(TEXT)[-1]
        victim.write_bytes(victim.read_bytes() + b"x")
        (corpus / f"{TEXT}-1" / "notes.txt").write_text("notes")
        os.mkfifo(corpus / f"{TEXT}-1" / "pipe")
        (corpus / f"{TEXT}-0").mkdir()
        (corpus / f"{TEXT}-0" / "old").write_text("an old one")
        (self.folder / "campaign.json").write_text("{")
        (self.folder / "findings" / "broken").mkdir()
        (self.folder / "journal" / f"{TEXT}.0").write_text("no journal")
        result = self.fuzz()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.summary()["corrupt_inputs"], 3)
        self.assertEqual(self.summary()["other_version_inputs"], 1)
        self.assertIn("campaign.json was unreadable", result.stdout)
        self.assertTrue((corpus / "skipped" / f"{TEXT}-1" / victim.name).exists())

    def test_a_full_disk_ends_it_with_what_it_has(self):
        self.folder.mkdir()
        fill = f"(sleep 3; dd if=/dev/zero of={self.folder}/fill bs=4k 2>/dev/null) &"
        script = f'mount -t tmpfs -o size=8m none {self.folder} && {fill} "$@"'
        start = time.monotonic()
        result = self.fuzz(wrapper=("unshare", "-m", "sh", "-c", script, "sh"), time_s=60)
        self.assertEqual(result.returncode, 70, result.stdout + result.stderr)
        self.assertLess(time.monotonic() - start, 30)
        self.assertIn("No space left on device", result.stdout)
        self.assertRegex(result.stdout, rf"(?m)^{TEXT} +\d+ +\d\d+ ")

    def test_a_disk_that_is_full_already(self):
        self.folder.mkdir()
        script = f'mount -t tmpfs -o size=16k none {self.folder} && "$@"'
        result = self.fuzz(wrapper=("unshare", "-m", "sh", "-c", script, "sh"))
        self.assertEqual(result.returncode, 70, result.stdout + result.stderr)
        self.assertIn("No space left on device", result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1)


class Targets(CampaignTest):
    def fuzz_fakes(self, *arguments, **scripts):
        fakes = self.top / "fakes"
        fakes.mkdir(exist_ok=True)
        for name, script in scripts.items():
            (fakes / name).write_text(script)
            (fakes / name).chmod(0o755)
        return self.fuzz("--fuzzers", str(fakes), *arguments, targets=list(scripts), time_s=20)

    def test_a_crash_of_a_fuzzer_is_a_finding(self):
        result = self.fuzz_fakes(a_fuzzer=CRASHES)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        (finding,) = (self.folder / "findings").iterdir()
        self.assertEqual((finding / "input").read_text(), "bad input")
        self.assertIn("heap-use-after-free", (finding / "log.txt").read_text())
        signature = json.loads((finding / "finding.json").read_text())["signature"]
        self.assertIn("sklab::parse", signature)
        # Once is a finding, again and again is a target that cannot be used.
        (target,) = self.summary()["targets"]
        self.assertEqual(target["run"]["known_findings"], 3)
        self.assertIn(signature, target["failed"])
        self.assertEqual(self.summary()["end"], "no_target")

    def test_what_cannot_run_here_is_skipped_with_its_reason(self):
        result = self.fuzz_fakes(a_fuzzer=SKIPS)
        self.assertEqual(result.returncode, 4, result.stdout + result.stderr)
        self.assertIn("SKIP a_fuzzer: cannot do it: Operation not permitted", result.stdout)

    def test_what_fails_is_given_up(self):
        result = self.fuzz_fakes(a_fuzzer=FAILS, b_fuzzer=SKIPS)
        self.assertEqual(result.returncode, 70, result.stdout + result.stderr)
        self.assertIn("FAILED exit code 70: a_fuzzer: cannot do it: Cannot allocate memory", result.stdout)

    def test_without_privileges_they_say_so(self):
        result = self.fuzz(targets=(SEMANTICS,), wrapper=("setpriv", "--bounding-set=-all", "--inh-caps=-all"))
        self.assertEqual(result.returncode, 4, result.stdout + result.stderr)
        self.assertRegex(result.stdout, "SKIP semantics_fuzzer: cannot .*root")

    def test_no_fuzzers_are_one_clear_line(self):
        (self.top / "empty").mkdir()
        result = subprocess.run([SKLAB, "fuzz", "--fuzzers", self.top / "empty"], capture_output=True, text=True,
                                check=False)
        self.assertEqual(result.returncode, 4)
        self.assertIn("scripts/fuzz", result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1)

    def test_unknown_things_are_named(self):
        for arguments, word in ((("--targets", "no_fuzzer"), "no_fuzzer"), (("--time", "1w"), "1w"),
                                (("--model-mutant", "no rule"), "no rule"), (("--journal", "/none"), "/none"),
                                (("--merge", "/no/such"), "/no/such"), (("--jobs", "0"), "--jobs"),
                                (("--journal-sync", "often"), "often")):
            result = subprocess.run([SKLAB, "fuzz", "--folder", self.folder, *arguments],
                                    capture_output=True, text=True, check=False)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn(word, result.stderr.splitlines()[-1])


class Corpora(CampaignTest):
    def test_corpora_are_merged_and_minimised(self):
        other = self.top / "other"
        self.assertEqual(self.fuzz(folder=other, time_s=3).returncode, 0)
        self.assertEqual(self.fuzz().returncode, 0)
        own = self.inputs(TEXT)
        (own[0].parent / "half").write_text("half written")
        # Copies of inputs with another end cover nothing new.
        for path in own[:5]:
            data = path.read_bytes() + b"\n\n"
            (path.parent / hashlib.sha1(data).hexdigest()).write_bytes(data)
        result = self.fuzz("--merge", str(other), "--json")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        (merged,) = json.loads(result.stdout)["corpora"]
        self.assertEqual(merged["before"], len(own) + 5)
        self.assertEqual(merged["offered"], len(list((other / "corpus" / f"{TEXT}-1").iterdir())))
        self.assertEqual(merged["skipped"], 1)
        self.assertLess(merged["after"], merged["before"] + merged["offered"])
        self.assertEqual(merged["after"], len(self.inputs(TEXT)))
        again = json.loads(self.fuzz("--minimise", "--json").stdout)["corpora"][0]
        self.assertLessEqual(again["after"], merged["after"])
        self.assertGreater(again["after"], merged["after"] * 0.8)
        # A folder of any inputs.
        loose = self.top / "loose"
        loose.mkdir()
        (loose / "seed.txt").write_text("scenario 1\ndialect pass_drop\n")
        (merged,) = json.loads(self.fuzz("--merge", str(loose), "--json").stdout)["corpora"]
        self.assertEqual(merged["offered"], 1)
        result = self.fuzz("--merge", str(loose), targets=(TEXT, SEMANTICS))
        self.assertEqual(result.returncode, 2)
        self.assertIn("--targets", result.stderr)


if __name__ == "__main__":
    SKLAB = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
