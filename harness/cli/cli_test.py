#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a user meets at the command line: exit codes, one clear line, nothing left behind.

Usage: cli_test.py PATH_TO_SKLAB [unittest arguments]
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

SKLAB = None
SHORT = ["bench", "--filter", "^udp4/pass$", "--time", "0.3"]
ROW = r"(?m)^  pass +[0-9.]+ +[0-9.]+ "


def sklab(*arguments, wrapper=(), **options):
    return subprocess.run([*wrapper, SKLAB, *arguments], capture_output=True, text=True, timeout=110,
                          check=False, **options)


def without(*capabilities):
    """A root user who lacks these capabilities, or all of them."""
    dropped = ",".join(f"-{name}" for name in capabilities or ["all"])
    return ("setpriv", f"--bounding-set={dropped}", "--inh-caps=-all", "--ambient-caps=-all")


def sk_lookup_links():
    links = json.loads(subprocess.run(["bpftool", "-j", "link", "list"], capture_output=True,
                                      check=True).stdout or "[]")
    return [link for link in links if link.get("attach_type") == "sk_lookup"]


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.output = pathlib.Path(self.folder.name) / "runs"

    def bench(self, *arguments, **options):
        return sklab(*SHORT, "--output", str(self.output), *arguments, **options)

    def expect_refusal(self, result, code, *words):
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertNotIn("terminate", result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def expect_nothing_left(self):
        self.assertEqual(sk_lookup_links(), [])
        entries = list(self.output.iterdir()) if self.output.exists() else []
        self.assertEqual(entries, [])


class Usage(CliTest):
    def test_unknown_things_are_named(self):
        self.expect_refusal(sklab(), 2, "sklab --help")
        self.expect_refusal(sklab("nonsense"), 2)
        self.expect_refusal(sklab("bench", "--nonsense"), 2, "--nonsense")
        self.expect_refusal(sklab("bench", "--time", "-1"), 2, "--time")
        self.expect_refusal(sklab("bench", "--filter", "no such row"), 2, "no such row", "--list")
        self.expect_refusal(sklab("bench", "--filter", "["), 2, "'['")
        self.expect_refusal(self.bench("--cpu", "99999"), 2, "99999")
        self.expect_nothing_left()

    def test_help_has_examples_and_exit_codes(self):
        for arguments in (["--help"], ["bench", "--help"]):
            result = sklab(*arguments)
            self.assertEqual(result.returncode, 0)
            self.assertIn("Exit codes", result.stdout)
        self.assertIn("sklab bench --quick", sklab("bench", "--help").stdout)
        self.assertRegex(sklab("--version").stdout, r"^sklab \S+\n$")

    def test_list_needs_no_privileges(self):
        result = sklab("bench", "--list", wrapper=without())
        self.assertEqual(result.returncode, 0)
        self.assertIn("udp4/assign_sockmap", result.stdout)
        quick = sklab("bench", "--quick", "--list")
        self.assertLess(len(quick.stdout.splitlines()), len(result.stdout.splitlines()))


class Privileges(CliTest):
    def test_bench_without_any_says_so(self):
        self.expect_refusal(self.bench(wrapper=without()), 4, "root")
        self.expect_nothing_left()

    def test_output_that_goes_nowhere_is_a_failure(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            result = subprocess.run([SKLAB, "bench", "--list"], stdout=full, stderr=subprocess.PIPE,
                                    check=False)
        self.assertEqual(result.returncode, 70)

    def test_bench_names_the_missing_capability(self):
        for name in ("bpf", "net_admin"):
            # CAP_SYS_ADMIN stands in for CAP_BPF, so it has to go too.
            names = [name, "sys_admin"] if name == "bpf" else [name]
            self.expect_refusal(self.bench(wrapper=without(*names)), 4, "CAP_")

    def test_doctor_diagnoses_without_privileges(self):
        result = sklab("doctor", wrapper=without())
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertIn("CAP_BPF", result.stdout)


class Runs(CliTest):
    def test_a_run_leaves_all_files_and_the_latest_link(self):
        result = self.bench("--seed", "7")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, ROW)
        latest = self.output / "latest"
        self.assertTrue(latest.is_symlink())
        names = sorted(path.name for path in latest.iterdir())
        self.assertEqual(names, ["google_benchmark.json", "result.json", "table.md", "table.txt"])
        record = json.loads((latest / "result.json").read_text())
        self.assertEqual(record["seed"], 7)
        self.assertEqual(record["run_id"], os.readlink(latest))
        rows = {row["name"]: row for row in record["rows"]}
        self.assertEqual(rows["udp4/pass"]["selected_socket"], "server")
        verified = rows["udp4/pass"]["verified_lookups"]
        self.assertGreaterEqual(verified, 512)
        self.assertEqual(rows["udp4/pass"]["program_runs"], [verified])
        self.assertEqual(sk_lookup_links(), [])

    def test_json_is_all_there_is_on_stdout(self):
        record = json.loads(self.bench("--json").stdout)
        self.assertEqual(record["mode"], "default")

    def test_doctor_json(self):
        result = sklab("doctor", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(json.loads(result.stdout))

    def test_links_of_others_are_reported(self):
        # A run that is stopped while its programs are attached stands for anybody else's.
        holder = subprocess.Popen([SKLAB, *SHORT[:-1], "60", "--output", str(self.output)],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(3)  # a signal while it loads programs would make the kernel refuse them
            for _ in range(500):
                time.sleep(0.01)
                holder.send_signal(signal.SIGSTOP)
                if sk_lookup_links():
                    break
                holder.send_signal(signal.SIGCONT)
            self.assertNotEqual(sk_lookup_links(), [])
            refused = sklab(*SHORT, "--output", self.folder.name + "/other")
            self.expect_refusal(refused, 4, "sk_lookup links", "bpftool link list")
        finally:
            holder.kill()
            holder.wait()


class Conform(CliTest):
    def conform(self, *arguments, **options):
        return sklab("conform", "--output", str(self.output), *arguments, **options)

    def test_a_quick_run_passes_and_leaves_every_format(self):
        result = self.conform("--quick", "--filter", "selftest|link_calls")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(result.stdout.startswith("KTAP version 1\n1..3\n"))
        self.assertRegex(result.stderr, r"outcomes checked in .* s: 0 mismatches, 0 of \d+ cases failed")
        names = sorted(path.name for path in (self.output / "latest").iterdir())
        self.assertEqual(names, ["conform.json", "junit.xml", "results.ktap", "summary.txt"])
        self.assertEqual((self.output / "latest" / "results.ktap").read_text(), result.stdout)
        self.assertEqual(sk_lookup_links(), [])

    def test_json_has_every_case(self):
        record = json.loads(self.conform("--quick", "--json", "--filter", "^selftest$").stdout)
        self.assertEqual(record["mismatches"], 0)
        self.assertGreater(record["outcomes_checked"], 50)
        self.assertGreater(record["duration_s"], 0)
        self.assertEqual(len(record["cases"]), 50)
        self.assertEqual({case["result"] for case in record["cases"]}, {"pass"})

    def test_the_seed_decides_what_is_checked(self):
        arguments = ("--quick", "--json", "--filter", "populations|link_sequences", "--seed", "7")
        first, second = (json.loads(self.conform(*arguments).stdout)["cases"] for _ in range(2))
        self.assertEqual(first, second)

    def test_what_cannot_be_is_refused(self):
        self.expect_refusal(self.conform("--filter", "no such group"), 2, "no such group", "--list")
        self.expect_refusal(self.conform("--quick", "--exhaustive"), 2, "--exhaustive")
        self.expect_refusal(self.conform(wrapper=without()), 4, "root")
        self.expect_nothing_left()

    def test_list_needs_no_privileges(self):
        result = self.conform("--list", wrapper=without())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("link_sequences", result.stdout)

    def test_control_c_ends_it_and_leaves_nothing(self):
        process = subprocess.Popen([SKLAB, "conform", "--exhaustive", "--output", str(self.output)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        self.assertIn("interrupted", process.communicate(timeout=5)[1])
        self.assertEqual(process.returncode, 130)
        self.expect_nothing_left()


class Dialects(CliTest):
    def test_every_pair_differs(self):
        pairs = json.loads(sklab("dialects", "--json").stdout)["pairs"]
        self.assertEqual([len(pair["differences"]) for pair in pairs], [4, 3, 5])
        self.assertIn("redirect and pass_drop", sklab("dialects").stdout)


class Replay(CliTest):
    SCENARIO = ("scenario 1\ndialect pass_drop\nsocket a udp4 127.0.0.1:7007\n"
                "program drop\npacket udp4 127.0.0.9:4000 -> 127.0.0.1:7007\n")

    def write(self, text):
        file = pathlib.Path(self.folder.name) / "a.scenario"
        file.write_text(text)
        return str(file)

    def test_both_paths_agree_with_the_rules(self):
        for result in (sklab("replay", self.write(self.SCENARIO)),
                       sklab("replay", "-", input=self.SCENARIO)):
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertRegex(result.stdout, r"kernel, probe: .* ok\n")
            self.assertRegex(result.stdout, r"kernel, packet: .* ok\n")

    def test_what_is_wrong_is_named_with_line_and_column(self):
        file = self.write(self.SCENARIO.replace("program drop", "program drip"))
        self.expect_refusal(sklab("replay", file), 2, f"{file}:4:9", "drop")
        truncated = self.write(self.SCENARIO[:self.SCENARIO.index("packet")])
        self.expect_refusal(sklab("replay", truncated), 2, f"{truncated}:5:1", "a packet")
        self.expect_refusal(sklab("replay", "/no/such/file"), 2, "/no/such/file")


class Storage(CliTest):
    def test_a_folder_that_cannot_be_made_is_refused_before_measuring(self):
        start = time.monotonic()
        result = sklab("bench", "--output", "/proc/no/such")
        self.expect_refusal(result, 70, "/proc/no/such", "--output")
        self.assertLess(time.monotonic() - start, 5)

    def test_a_read_only_folder_is_refused(self):
        self.output.mkdir()
        script = f'mount -t tmpfs -o ro none {self.output} && exec "$@"'
        result = self.bench(wrapper=("unshare", "-m", "sh", "-c", script, "sh"))
        self.expect_refusal(result, 70, "--output")

    def test_a_full_folder_loses_the_files_but_not_the_table(self):
        self.output.mkdir()
        script = f'mount -t tmpfs -o size=4k none {self.output} && "$@"; code=$?; ls -A {self.output} >&2; exit $code'
        result = self.bench(wrapper=("unshare", "-m", "sh", "-c", script, "sh"))
        self.assertEqual(result.returncode, 70, result.stderr)
        self.assertRegex(result.stdout, ROW)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)


class Interruption(CliTest):
    def start(self):
        process = subprocess.Popen([SKLAB, "bench", "--time", "60", "--output", str(self.output)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_control_c_at_any_point(self):
        for delay_s in (0.05, 0.3, 1.5):
            process = self.start()
            time.sleep(delay_s)
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=30)
            # Before the handler is in place the signal's default does the same.
            self.assertIn(process.returncode, (130, -signal.SIGINT), stderr)
            self.assertEqual(stdout, "")
            self.expect_nothing_left()

    def test_kill_9_leaves_nothing_that_the_next_run_does_not_clear(self):
        for delay_s in (0.1, 0.5, 1.5):
            process = self.start()
            time.sleep(delay_s)
            process.kill()
            process.communicate(timeout=30)
            self.assertEqual(sk_lookup_links(), [])
            complete = [path for path in self.output.iterdir() if not path.name.startswith(".")]
            self.assertEqual(complete, [])
        self.assertEqual(self.bench().returncode, 0)
        hidden = [path for path in self.output.iterdir() if path.name.startswith(".")]
        self.assertEqual(hidden, [])


if __name__ == "__main__":
    SKLAB = os.path.abspath(sys.argv.pop(1))
    program = unittest.main(verbosity=2, exit=False)
    skipped = program.result.skipped
    sys.exit(1 if not program.result.wasSuccessful() else 4 if len(skipped) == program.result.testsRun
             else 0)
