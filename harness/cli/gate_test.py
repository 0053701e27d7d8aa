#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Tests of `sklab gate`: that it sees a slowdown, every time, and says nothing where there is none.

usage: gate_test.py SKLAB
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SKLAB = sys.argv.pop(1) if len(sys.argv) > 1 else None
ROWS = "^udp4/(key_off|pass)$"
# Stands in for an sklab that measures: it answers as a gate's worker, with what was made up. Each process is
# told apart by how many were there before.
WORKER = """#!/usr/bin/python3
import json, os, socket, sys
counter = os.open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "counter"), os.O_RDWR | os.O_CREAT | os.O_APPEND)
os.write(counter, b".")
number = os.fstat(counter).st_size
[descriptor] = [int(argument[10:]) for argument in sys.argv if argument.startswith("--channel=")]
channel = socket.socket(fileno=descriptor)
lanes = [{"name": "udp4/pass", "path": "probe", "wants_key_on": True, "empty_loop": 1},
         {"is_empty_loop": True, "ignores_key": True}]
while request := channel.recv(1 << 20):
    request = json.loads(request)
    reply = {"protocol": 1, "lanes": lanes, "sklab_version": "made up", "lookups": 8}
    if request["what"] == "check" and request["lane"] == 0 and number > FAILS_AFTER:
        reply["failure"] = "found another socket"
    reply["latency_ns"] = EMPTY_NS if request["lane"] == 1 else 50 + number * 7 % 5
    channel.send(json.dumps(reply).encode())
"""


class Gate(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def run_gate(self, *arguments, **variables):
        """Where these tests run must not show, so that of GitHub's variables only those given are set."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        return subprocess.run([SKLAB, "gate", "--output", str(self.path / "runs"), *arguments],
                              capture_output=True, text=True, timeout=110, check=False,
                              env={**environment, **variables})

    def test_a_slowdown_fails(self):
        summary = self.path / "summary.md"
        summary.write_text("# Before\n")
        result = self.run_gate("--quick", "--filter", ROWS, "--inject", "10%", "--change", "2%", "--time", "60",
                               GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        record = json.loads((self.path / "runs/latest/gate.json").read_text())
        self.assertEqual(record["verdict"], "regression")
        rows = [row for row in record["rows"] if row["quantity"] == "latency_ns"]
        self.assertEqual({row["name"]: row["verdict"] for row in rows},
                         {"udp4/key_off": "regression", "udp4/pass": "regression"})
        for row in rows:
            self.assertGreater(row["change"]["low"], 0.02)
            self.assertLessEqual(row["p_adjusted"], 0.005)
            self.assertEqual(len(row["base_samples"]), row["samples"])
        self.assertIn("REGRESSION    udp4/pass", result.stdout)
        self.expect_every_format()
        latest = self.path / "runs/latest"
        annotations = (latest / "github_annotations.txt").read_text()
        self.assertIn("::error title=REGRESSION%3A udp4/pass::", annotations)
        self.assertEqual(result.stdout, (latest / "gate.txt").read_text() + annotations)
        self.assertEqual(summary.read_text(), "# Before\n" + (latest / "gate.md").read_text())

    def expect_every_format(self):
        """That is, that they are there and are about this gate; gate_files_test.py reads them."""
        files = {path.name: path.read_text() for path in (self.path / "runs/latest").iterdir()}
        self.assertEqual(set(files), {
            "gate.json", "gate.txt", "gate.md", "github_annotations.txt", "gitlab_code_quality.json", "junit.xml",
            "results.ktap", "google_benchmark_base.json", "google_benchmark_candidate.json", "bencher.json",
            "github_action_benchmark.json", "cover_letter.txt"})
        for name, text in files.items():
            self.assertIn("udp4/pass", text, name)

    def sklab(self, *arguments):
        return subprocess.run([SKLAB, *arguments], cwd=self.path, capture_output=True, text=True, timeout=110,
                              check=False)

    def assert_refused(self, result, code, message):
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertIn(message, result.stderr)
        self.assertEqual(result.stdout, "")

    def test_a_baseline_from_the_recording_to_its_end(self):
        recorded = self.sklab("baseline", "record", "ci", "--quick", "--filter", ROWS, "--processes", "8",
                              "--change", "50%", "--json")
        self.assertEqual(recorded.returncode, 0, recorded.stdout + recorded.stderr)
        file = self.path / "results/baselines/ci.json"
        self.assertEqual(file.read_text(), recorded.stdout)
        gate = ("gate", "--quick", "--filter", ROWS, "--time", "25")
        # A busy machine can make a process twice as slow, and a recording keeps what it met: no slowdown less
        # than that is sure to be seen.
        slower = self.sklab(*gate, "--baseline", "ci", "--inject", "300%")
        self.assertEqual(slower.returncode, 1, slower.stdout + slower.stderr)
        record = json.loads((self.path / "results/runs/latest/gate.json").read_text())
        self.assertEqual((record["kind"], record["verdict"]), ("baseline", "regression"))
        self.assertEqual({len(row["base_samples"]) for row in record["rows"] if row["samples"] > 1}, {0, 16})
        # A busy machine may leave it undecided; the size of programs never is.
        same = self.sklab(*gate, "--baseline", str(file), "--change", "50%", "--json")
        self.assertIn(same.returncode, (0, 5), same.stdout + same.stderr)
        for row in json.loads(same.stdout)["rows"]:
            self.assertIn(row["verdict"], ("no_change", "inconclusive"), row)
        self.refuse_what_cannot_be_compared(file)
        self.assertIn("can be used here", self.sklab("baseline", "show").stdout)
        removed = self.sklab("baseline", "prune", "--older-than", "0")
        self.assertIn("1 of 1 baselines removed", removed.stdout + removed.stderr)
        self.assertFalse(file.exists())

    def refuse_what_cannot_be_compared(self, file):
        again = self.sklab("baseline", "record", "ci", "--quick")
        self.assert_refused(again, 2, "--replace records it anew")
        other = self.path / "other.json"
        baseline = json.loads(file.read_text())

        def gate(change, *arguments, filter="udp4/pass$"):
            document = json.loads(file.read_text())
            change(document)
            other.write_text(json.dumps(document))
            return self.sklab("gate", "--baseline", "other.json", "--filter", filter, *arguments)

        def another_machine(document):
            document["fingerprint"]["cpu_model"] += " II"

        self.assert_refused(gate(another_machine), 2, "--allow-mismatch cpu_model")
        self.assert_refused(gate(another_machine, "--allow-mismatch", "model"), 2, "allow a difference of 'model'")
        allowed = gate(another_machine, "--allow-mismatch", "cpu_model", "--time", "0.1")
        self.assertIn(allowed.returncode, (0, 5), allowed.stderr)
        self.assertIn("II' for the baseline", allowed.stdout)
        self.assert_refused(gate(lambda document: document["rows"][1].update(definition="")), 2, "not what it was")
        self.assert_refused(gate(lambda _: None, filter="^tcp4/pass$"), 2, "the baseline does not have it")
        self.assert_refused(gate(lambda document: document["rows"].clear()), 2, "other.json/rows; there is none")
        self.assert_refused(gate(lambda document: document.update(schema_version=0)), 2, "expected version 1, not 0")
        self.assertEqual([row["name"] for row in baseline["rows"]], ["udp4/key_off", "udp4/pass"])
        other.write_text(file.read_text()[:1000])
        self.assert_refused(self.sklab("gate", "--baseline", "other.json"), 2, "not all of one")
        self.assert_refused(self.sklab("gate", "--baseline", "nothing"), 2, "results/baselines/nothing.json")
        self.assert_refused(self.sklab("baseline", "record", "../"), 2, "")
        self.assert_refused(self.sklab("baseline", "record", "a b"), 2, "name a baseline")
        self.assert_refused(self.sklab("baseline", "prune"), 2, "--unusable or --older-than")
        self.assert_refused(self.sklab("baseline", "record", "few", "--quick", "--processes", "4"), 2,
                            "20 rows take at least --processes 8")

    def test_a_program_that_answers_wrong_has_no_number(self):
        objects = pathlib.Path(SKLAB).parents[2] / "bpf"
        scenario = (pathlib.Path(__file__).parents[2] / "bpf/examples/dispatcher.scenario").read_text()
        (self.path / "wrong.scenario").write_text(scenario.replace("= dns_next", "= dns"))
        arguments = ("--quick", "--filter", "udp4", "--object", str(objects / "examples/dispatcher.bpf.o"), "--scenario",
                     "wrong.scenario")
        gate = self.sklab("gate", *arguments, "--time", "10")
        self.assertEqual(gate.returncode, 1, gate.stdout + gate.stderr)
        self.assertIn("FAILED", gate.stdout)
        recorded = self.sklab("baseline", "record", *arguments)
        self.assertEqual(recorded.returncode, 1, recorded.stdout + recorded.stderr)
        self.assertFalse((self.path / "results/baselines").exists())
        self.assert_refused(self.sklab("gate", *arguments[:-1], "-"), 2, "name a file")

    def write_worker(self, fails_after, empty_ns):
        worker = self.path / "worker"
        worker.write_text(WORKER.replace("FAILS_AFTER", str(fails_after)).replace("EMPTY_NS", str(empty_ns)))
        worker.chmod(0o755)
        return str(worker)

    # Five comparisons of four processes are looked at; it is the sixth that fails.
    def test_a_row_that_fails_late_has_failed(self):
        worker = self.write_worker(20, 3)
        result = self.sklab("gate", "--quick", "--filter", "^udp4/pass$", "--base", worker, "--candidate", worker,
                            "--change", "0.01%", "--json")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        [row] = json.loads(result.stdout)["rows"]
        self.assertEqual((row["verdict"], row["samples"]), ("failed", 0))
        self.assertRegex(row["reason"], "^(base|candidate): found another socket$")

    def test_a_lookup_in_less_than_no_time_is_noise(self):
        worker = self.write_worker(10**6, 1000)
        pass_only = ("--quick", "--filter", "^udp4/pass$")
        gate = self.sklab("gate", *pass_only, "--base", worker, "--candidate", worker, "--time", "1", "--json")
        self.assertEqual(gate.returncode, 5, gate.stdout + gate.stderr)
        [row] = json.loads(gate.stdout)["rows"]
        self.assertEqual((row["verdict"], row["samples"]), ("inconclusive", 0))
        self.assertIn("no longer than the empty loop", row["reason"])
        self.assert_refused(self.sklab("baseline", "record", *pass_only, "--build", worker), 5, "empty loop, too often")

    # A busy machine may well leave it undecided, but nothing may be said to have changed.
    def test_the_same_build_does_not_fail(self):
        result = self.run_gate("--quick", "--filter", ROWS, "--change", "20%", "--time", "20", "--json",
                               GITHUB_ACTIONS="true")
        self.assertIn(result.returncode, (0, 5), result.stdout + result.stderr)
        record = json.loads(result.stdout)
        for row in record["rows"]:
            self.assertIn(row["verdict"], ("no_change", "inconclusive"), row)
            if row["quantity"] != "latency_ns":
                self.assertEqual(row["verdict"], "no_change", row)

    def test_no_time_is_inconclusive(self):
        result = self.run_gate("--quick", "--filter", ROWS, "--time", "0.1",
                               GITHUB_STEP_SUMMARY=str(self.path / "missing/summary.md"))
        self.assertEqual(result.returncode, 5, result.stdout + result.stderr)
        self.assertIn("INCONCLUSIVE", result.stdout)
        self.assertNotIn("::warning", result.stdout)
        # The verdict is as it would be if the summary could be written.
        self.assertRegex(result.stderr, r"(?m)^sklab: cannot append to \S+/missing/summary.md: No such file")

    def test_mistakes_are_usage_errors(self):
        thresholds = self.path / "thresholds.toml"
        thresholds.write_text('chnage = "1%"\n')
        other = self.path / "sklab"
        other.write_text("#!/bin/sh\necho what is this >&2\nexit 2\n")
        other.chmod(0o755)
        mistakes = (
            (("--filter", "no such row"), "no row matches"),
            (("--quick", "--filter", "^tcp6/pass$"), "leave --quick out"),
            (("--base", "/no/such/build"), "find sklab in /no/such/build"),
            (("--thresholds", str(thresholds)), "thresholds.toml:1"),
            (("--inject", "much"), "write it like 10%"),
            (("--change", "-1%"), "write it like 10%"),
            (("--filter", ROWS, "--base", str(other)), "what is this"),
            (("--cpu", "100000", "--filter", ROWS), "run on CPU 100000"),
        )
        for arguments, message in mistakes:
            result = self.run_gate(*arguments)
            self.assertEqual(result.returncode, 2, f"{arguments}: {result.stdout}{result.stderr}")
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertIn(message, result.stderr)
        self.assertFalse((self.path / "runs/latest").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
