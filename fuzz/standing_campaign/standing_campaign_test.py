#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Standing campaigns with a program in sklab's place, that does what the kernel's name says.

Usage: standing_campaign_test.py [unittest arguments]
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import yaml

HERE = pathlib.Path(__file__).resolve().parent
FINDING, USAGE, SKIP, INTERRUPTED = 1, 2, 4, 130

FAKE = r'''#!/usr/bin/python3
import json, os, pathlib, signal, sys, time
kind, arguments = sys.argv[1], sys.argv[2:]
option = lambda name: arguments[arguments.index(name) + 1]
kernel = option("--target").removeprefix("guest:")
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([kind, kernel, arguments]) + "\n")
if kernel == "unbootable":
    print("sklab: cannot run in guest unbootable: its kernel hung before its first process ran", file=sys.stderr)
    sys.exit(70)
if kernel == "slow":
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
    time.sleep(60)
def find(name):
    folder = pathlib.Path(option("--folder"), "findings", name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "finding.json").write_text(json.dumps({"signature": "KASAN: <bad> & worse"}))
if kind == "conform":
    print(json.dumps({"outcomes_checked": 1000, "mismatches": int(kernel == "wrong")}))
    if kernel == "wrong":
        print("sklab: 1 mismatch", file=sys.stderr)
        sys.exit(1)
if kind == "fuzz":
    time.sleep(0.2)
    pathlib.Path(option("--folder")).mkdir(parents=True, exist_ok=True)
    pathlib.Path(option("--folder"), "summary.json").write_text(json.dumps({"total": {"checked": 500, "executions": 7}}))
    if kernel == "buggy":
        find("fuzz-1")
        sys.exit(1)
if kind == "race":
    time.sleep(0.2)
    first = int(option("--seed"))
    print(json.dumps({"seeds": [{"seed": first, "rounds": 10}, {"seed": first + 1, "rounds": 10}]}))
'''


class StandingCampaignTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.sklab = self.folder / "sklab"
        self.sklab.write_text(FAKE)
        self.sklab.chmod(0o755)
        self.calls_file = self.folder / "calls"

    def start(self, *arguments, **options):
        return subprocess.Popen([sys.executable, HERE / "standing_campaign.py", "--sklab", self.sklab, *arguments],
                                cwd=self.folder, env={**os.environ, "CALLS": str(self.calls_file)}, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def run_campaign(self, *arguments, code=0):
        child = self.start(*arguments)
        output, errors = child.communicate(timeout=60)
        self.assertEqual(child.returncode, code, output + errors)
        return output, errors

    def calls(self):
        return [json.loads(line) for line in self.calls_file.read_text().splitlines()]

    def page(self):
        return (self.folder / "standing-campaign/status.html").read_text()

    def test_kernels_and_kinds_take_turns_until_the_time_is_over(self):
        # 20.5 s in which slices of 20 s take 0.2 s: the last one begins in the first half second.
        output, _ = self.run_campaign("--hours", str(20.5 / 3600), "--slice", "20", "--kernels", "a,b", "--jobs", "3")
        calls = [(kind, kernel) for kind, kernel, _ in self.calls()]
        self.assertLess(len(calls), 9)
        self.assertEqual(set(calls[:4]) & {("conform", "a"), ("conform", "b")}, {("conform", "a"), ("conform", "b")})
        self.assertEqual(calls.count(("conform", "a")), 1)
        self.assertTrue(any(kind == "fuzz" for kind, _ in calls), calls)
        for kind, _, arguments in self.calls():
            if kind != "conform":
                self.assertEqual(arguments[arguments.index("--jobs") + 1], "3")
        self.assertIn("Subject: sklab: nothing found in 0.0 hours of 2 kernels", output)
        self.assertLessEqual(max(map(len, output.splitlines())), 73)
        self.assertIn("nothing found", self.page())
        self.assertEqual((self.folder / "standing-campaign/mail.txt").read_text(), output)

    def test_findings_are_shown_and_are_the_exit_code(self):
        output, errors = self.run_campaign("--hours", str(20.3 / 3600), "--slice", "20", "--kernels", "buggy",
                                           "--kinds", "fuzz", code=FINDING)
        self.assertIn("FINDING KASAN: <bad> & worse", errors)
        self.assertIn("fuzz-buggy: KASAN: <bad> & worse", output)
        self.assertIn("KASAN: &lt;bad&gt; &amp; worse", self.page())
        self.assertIn('href="fuzz-buggy/findings/fuzz-1/finding.txt"', self.page())
        # They stay findings of the campaign, also for one that only looks.
        output, _ = self.run_campaign("--status")
        self.assertIn("1 finding in", output)

    def test_rules_that_do_not_hold_are_a_problem_without_a_folder(self):
        output, _ = self.run_campaign("--hours", "0.01", "--kernels", "wrong", "--kinds", "conform", code=FINDING)
        self.assertIn("conform-wrong: sklab: 1 mismatch", output)

    def test_goes_on_where_it_was(self):
        for _ in range(2):
            self.run_campaign("--hours", str(20.1 / 3600), "--slice", "20", "--kernels", "a", "--kinds", "race")
        seeds = [arguments[arguments.index("--seed") + 1] for _, _, arguments in self.calls()]
        self.assertEqual(seeds, [str(1 + 2 * i) for i in range(len(seeds))])
        state = json.loads((self.folder / "standing-campaign/campaign.json").read_text())["work"][0]
        self.assertEqual(state["figures"], {"checked": 20 * len(seeds), "seeds": 2 * len(seeds)})

    def test_other_kernels_of_the_folder_are_kept(self):
        for kernel in ("a", "b", "a"):
            self.run_campaign("--hours", str(20.1 / 3600), "--slice", "20", "--kernels", kernel, "--kinds", "race")
        work = json.loads((self.folder / "standing-campaign/campaign.json").read_text())["work"]
        self.assertEqual([one["kernel"] for one in work], ["a", "b"])
        seeds = [arguments[arguments.index("--seed") + 1] for _, kernel, arguments in self.calls() if kernel == "a"]
        self.assertEqual(len(seeds), len(set(seeds)))
        output, _ = self.run_campaign("--status")
        self.assertIn("2 kernels", output)

    def test_a_kernel_that_never_boots_is_given_up_and_the_others_go_on(self):
        output, errors = self.run_campaign("--hours", str(21 / 3600), "--slice", "20", "--kernels", "unbootable,a",
                                           "--kinds", "race")
        self.assertEqual(errors.count("race-unbootable ended with 70"), 3)
        self.assertIn("given up: sklab: cannot run in guest unbootable: its kernel hung before its first process", output)
        self.assertTrue(any(kernel == "a" for _, kernel, _ in self.calls()))

    def test_an_interrupt_ends_the_slice_and_keeps_the_state(self):
        child = self.start("--hours", "1", "--kernels", "slow", "--kinds", "fuzz")
        while not self.calls_file.exists():
            time.sleep(0.05)
        time.sleep(0.3)
        child.send_signal(signal.SIGTERM)
        output, errors = child.communicate(timeout=20)
        self.assertEqual(child.returncode, INTERRUPTED, output + errors)
        state = json.loads((self.folder / "standing-campaign/campaign.json").read_text())["work"][0]
        self.assertEqual(state["slices"], 1)

    def test_a_killed_one_and_an_unreadable_state_do_not_keep_it_from_going_on(self):
        child = self.start("--hours", "1", "--kernels", "slow", "--kinds", "fuzz")
        while not self.calls_file.exists():
            time.sleep(0.05)
        child.kill()
        child.communicate()
        state = self.folder / "standing-campaign/campaign.json"
        self.assertEqual(json.loads(state.read_text())["work"][0]["slices"], 0)
        state.write_text("{ half")
        _, errors = self.run_campaign("--hours", "0.01", "--kernels", "a", "--kinds", "conform")
        self.assertIn("campaign.json.unreadable", errors)
        self.assertTrue(state.with_name("campaign.json.unreadable").exists())

    def test_the_nightly_recipe_is_a_campaign(self):
        recipe = yaml.safe_load((HERE / "../../scripts/recipes/github-nightly.yml").read_text())
        steps = {step["name"]: step["run"] for step in recipe["jobs"]["campaign"]["steps"] if "run" in step}
        command = steps["Campaign"].replace("scripts/campaign", f"{sys.executable} {HERE}/standing_campaign.py --sklab {self.sklab}")
        environment = {**os.environ, "CALLS": str(self.calls_file), **recipe["env"], "HOURS": str(20.5 / 3600),
                       "GITHUB_STEP_SUMMARY": str(self.folder / "summary")}
        for script in (command, steps["Summary"]):
            subprocess.run(["bash", "-e", "-c", script], cwd=self.folder, env=environment, check=True, capture_output=True)
        self.assertEqual({kernel for _, kernel, _ in self.calls()}, set(recipe["env"]["KERNELS"].split(",")))
        self.assertIn("nothing found", (self.folder / "summary").read_text())
        paths = recipe["jobs"]["campaign"]["steps"][1]["with"]["path"].split()
        self.assertIn(recipe["env"]["CAMPAIGN"], paths)

    def test_bad_arguments_are_one_line(self):
        for arguments in ([], ["--kernels", "a", "--kinds", "fuzz,cook"], ["--kernels", "a", "--slice", "1"],
                          ["--kernels", "a", "--hours", "0"], ["--status"], ["--kernels", "a", "--jobs", "none"]):
            _, errors = self.run_campaign(*arguments, code=USAGE)
            self.assertEqual(errors.count("\n"), 1, errors)


if __name__ == "__main__":
    unittest.main()
