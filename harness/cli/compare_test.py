#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""sklab compare --clock wall at the command line; emulator and kernels are those of kernel_test.py.

Usage: compare_test.py PATH_TO_SKLAB PATH_TO_RECORD_EXAMPLE [unittest arguments]
"""
import json
import os
import pathlib
import subprocess
import sys
import unittest

import kernel_test
from kernel_test import KernelTest, boot_image

EXAMPLE = None
ROW = "udp4/key_off"
HAS_KVM = os.access("/dev/kvm", os.R_OK | os.W_OK)


class Times(KernelTest):
    def setUp(self):
        super().setUp()
        record = json.loads(subprocess.run([EXAMPLE, "result"], capture_output=True, text=True, check=True).stdout)
        (row,) = [row for row in record["rows"] if row["name"] == ROW]
        row["latency_ns"]["value"] = 4242  # which the emulator replaces by the image's
        record["rows"] = [row]
        (self.archive / "output").write_text(json.dumps(record))
        for name, latency_ns in (("old", 100), ("new", 120)):
            (self.folder / name).write_bytes(boot_image("6.12.9") + f"COUNT={latency_ns}".encode())

    def compare(self, *arguments, **more):
        return self.sklab("compare", "--clock", "wall", "--rows-only", "--filter", f"^{ROW}$", "--kernel", "a=./old",
                          "--kernel", "b=./new", *arguments, **more)

    def guests(self):
        """Which image was booted with which accelerator."""
        return [tuple(line.split()) for line in (self.archive / "guests").read_text().splitlines()]

    def test_boots_take_turns_and_are_the_samples(self):
        result = self.compare("--json", "--boots", "4", "--seed", "3", FAKE_KVM="1" if HAS_KVM else "")
        self.assertEqual(result.returncode, 0, result.stderr)
        record = json.loads(result.stdout)
        self.assertEqual((record["clock"], record["boots"]), ("wall", 4))
        base, other = record["rows"][0]["cells"]
        self.assertEqual([base["per_lookup"], other["per_lookup"], other["verdict"]], [100, 120, "regression"])
        self.assertEqual([other["delta"], other["delta_low"], other["delta_high"]], [20, 20, 20])
        measured = [image for image, _ in self.guests()][-8:]
        for first in range(0, 8, 2):
            self.assertEqual(set(measured[first:first + 2]), {"old", "new"})
        self.assertNotEqual(measured, measured[:2] * 4)

    def test_too_few_boots_decide_nothing(self):
        result = self.compare("--boots", "2", FAKE_KVM="1" if HAS_KVM else "")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"key_off +100\.0 +120\.0 +\+20\.0~\n")

    @unittest.skipUnless(HAS_KVM, "this machine has no /dev/kvm that could be tried")
    def test_kvm_is_used_if_it_boots(self):
        result = self.compare("--boots", "1", FAKE_KVM="1")
        self.assertNotIn("emulator", result.stdout)
        self.assertEqual({accelerator for _, accelerator in self.guests()}, {"kvm"})

    def test_an_emulator_is_said_to_be_one(self):
        result = self.compare("--boots", "1")
        self.assertIn("times are those of an emulator", result.stdout.replace("\n  ", " "))
        self.assertEqual({accelerator for _, accelerator in self.guests()[-2:]}, {"tcg,thread=multi"})

    def test_a_kernel_that_falls_is_a_finding(self):
        result = self.compare("--boots", "1", FAKE_BOOT="panic")
        self.assertEqual(result.returncode, 70, result.stderr)
        self.assertIn("its kernel stopped", result.stderr)
        self.assertFalse(list(pathlib.Path(self.folder, "results/runs").glob("2*")))

    def test_what_does_not_go_together(self):
        self.expect_refusal(self.compare("--why"), 2, "--why")


if __name__ == "__main__":
    kernel_test.SKLAB, EXAMPLE = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))
    unittest.main()
