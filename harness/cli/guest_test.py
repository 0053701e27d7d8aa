#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Guests of two of Debian's kernels, for real: fetched, booted, counted in, compared.

Usage: guest_test.py PATH_TO_SKLAB [unittest arguments]
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

SKLAB = None
OLD, NEW = "6.1", "6.12"
FEW_ROWS = ["--quick", "--filter", "^udp4/(key_off|pass)$"]
FINDING, USAGE, SKIP, HARNESS_FAILURE = 1, 2, 4, 70


class GuestTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.shared.cleanup)
        # Where there is a cache already, kernels need not be fetched again.
        cache = os.environ.get("SKLAB_KERNELS", f"{cls.shared.name}/kernels")
        cls.environment = {**os.environ, "SKLAB_KERNELS": cache}
        fetched = cls.start("kernel", "fetch", OLD, NEW)
        if fetched.returncode:
            raise RuntimeError(f"no kernels: {fetched.stderr}")

    @classmethod
    def start(cls, *arguments, **environment):
        return subprocess.run([SKLAB, *arguments], capture_output=True, text=True, check=False, timeout=300,
                              cwd=cls.shared.name, env={**cls.environment, **environment})

    def run_sklab(self, *arguments, code=0, **environment):
        result = self.start(*arguments, **environment)
        self.assertEqual(result.returncode, code, result.stdout[-2000:] + result.stderr)
        return result

    def one_line(self, result):
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        return result.stderr

    def test_kernels_are_compared_to_the_instruction(self):
        compared = self.run_sklab("compare", "--kernel", f"old={OLD}", "--kernel", f"new={NEW}", *FEW_ROWS,
                                  "--rows-only", "--why", "--json")
        record = json.loads(compared.stdout)
        for kernel, release in zip(record["kernels"], (OLD, NEW)):
            self.assertTrue(kernel["fingerprint"]["kernel_release"].startswith(f"{release}."), kernel)
            self.assertEqual(kernel["trouble"], "")
        self.assertEqual({cell["residue"] for row in record["rows"] for cell in row["cells"]}, {0})
        changed = [row for row in record["rows"] if row["cells"][1]["delta"]]
        self.assertTrue(changed)
        for row in changed:
            # What the emulator counted by address is what the kernel's own clock says.
            deltas = [function["instructions_per_lookup"][1] - function["instructions_per_lookup"][0]
                      for function in row["functions"]]
            self.assertEqual(sum(deltas), row["cells"][1]["delta"], row)
        table = pathlib.Path(self.shared.name, "results/runs/latest/table.txt").read_text()
        self.assertLessEqual(max(map(len, table.splitlines()[:-1])), 72)

    def test_the_rules_hold_there_and_files_come_back(self):
        result = self.run_sklab("conform", "--quick", "--filter", "^link_calls$", "--target", f"guest:{NEW}")
        self.assertIn("0 mismatches", result.stderr)
        record = json.loads(pathlib.Path(self.shared.name, "results/runs/latest/conform.json").read_text())
        self.assertTrue(record["fingerprint"]["kernel_release"].startswith("6.12."))
        # It can be run again as it stands there.
        self.assertTrue(record["command_line"].endswith(f"--target guest:{NEW}"), record["command_line"])

    def test_a_fetched_kernel_has_what_its_packets_use(self):
        modules = pathlib.Path(self.environment["SKLAB_KERNELS"], NEW, "modules")
        self.assertLessEqual({"veth.ko", "cls_bpf.ko"}, {module.name for module in modules.iterdir()})
        # One depends on the other.
        self.assertLessEqual({"nf_tables.ko", "nft_tproxy.ko"},
                             {module.name for module in (modules / "tproxy").iterdir()})

    def test_a_file_goes_in_and_the_exit_code_comes_out(self):
        pathlib.Path(self.shared.name, "a.scenario").write_text("scenario 1\nnonsense\n")
        self.assertIn("a.scenario", self.one_line(
            self.run_sklab("replay", "a.scenario", "--target", f"guest:{NEW}", code=USAGE)))

    def test_a_kernel_that_does_not_come_up_leaves_its_log(self):
        result = self.run_sklab("bench", *FEW_ROWS, "--target", f"guest:{NEW}", "--guest-memory", "128",
                                code=HARNESS_FAILURE)
        self.assertIn("its kernel stopped", self.one_line(result))
        log = result.stderr.split("its log is ")[1].strip(" ()\n")
        self.assertIn("Kernel panic", pathlib.Path(log).read_text())

    def test_what_is_no_kernel_is_said_so(self):
        image = pathlib.Path(self.environment["SKLAB_KERNELS"], NEW, "bzImage").read_bytes()
        for name, content, words in (("text", b"no kernel", "no bzImage"),
                                     ("half", image[:len(image) // 2], "truncated")):
            pathlib.Path(self.shared.name, name).write_bytes(content)
            self.assertIn(words, self.one_line(self.run_sklab("bench", "--quick", "--target", f"guest:./{name}",
                                                              code=USAGE)))
        self.assertIn("sklab kernel fetch 5.99", self.one_line(
            self.run_sklab("bench", "--target", "guest:5.99", code=USAGE)))

    def test_a_deterministic_guest_has_one_processor(self):
        self.assertIn("--guest-processor fastest", self.one_line(
            self.run_sklab("bench", "--target", f"guest:{NEW}", "--guest-cpus", "2", "--guest-processor",
                           "deterministic", code=USAGE)))

    RACE = ["race", "--target", f"guest:{NEW}", "--seed", "3", "--rounds", "40", "--json"]

    def only_seed(self, printed):
        (seed,) = json.loads(printed)["seeds"]
        del seed["duration_s"]
        return seed

    def test_races_are_the_same_again_and_when_gdb_looks(self):
        first = self.only_seed(self.run_sklab(*self.RACE, "--seeds", "1").stdout)
        self.assertEqual((first["seed"], first["rounds"], first["finding"], first["without_stops"]), (3, 40, "", ""))
        self.assertGreater(first["explained"], 0)
        self.assertGreater(first["stops"], 0)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        watched = subprocess.Popen([SKLAB, *self.RACE, "--gdb", str(port)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, cwd=self.shared.name, env=self.environment)
        self.addCleanup(watched.kill)
        self.assertIn(f"gdb -ex 'target remote 127.0.0.1:{port}'", watched.stderr.readline())
        with self.connect(port) as gdb:
            gdb.sendall(b"+$c#63")  # go on
            stdout, stderr = watched.communicate(timeout=200)
        self.assertEqual(watched.returncode, 0, stderr)
        self.assertEqual(self.only_seed(stdout), first)

    def connect(self, port):
        for _ in range(300):
            try:
                return socket.create_connection(("127.0.0.1", port))
            except ConnectionRefusedError:
                time.sleep(0.1)
        return self.fail("nobody waits for gdb")

    def test_races_are_for_guests(self):
        self.assertIn("--target guest:", self.one_line(self.run_sklab("race", code=USAGE)))
        self.assertIn("guest:", self.one_line(self.run_sklab("mutants", code=USAGE)))

    def test_without_an_emulator_it_is_skipped(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        result = self.run_sklab("bench", "--quick", "--target", f"guest:{NEW}", code=SKIP, PATH=folder)
        self.assertIn("qemu-system-x86", self.one_line(result))

    def test_this_machine_counts_no_instructions(self):
        result = self.run_sklab("bench", *FEW_ROWS, "--clock", "instructions", code=SKIP)
        self.assertIn("--target guest:", self.one_line(result))


if __name__ == "__main__":
    SKLAB = os.path.abspath(sys.argv.pop(1))
    unittest.main()
