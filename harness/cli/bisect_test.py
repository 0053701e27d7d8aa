#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""sklab bisect under git, on histories of this test's own; emulator and builds are those of kernel_build_test.py.

Usage: bisect_test.py PATH_TO_SKLAB PATH_TO_INSTRUCTIONS_EXAMPLE [unittest arguments]
"""
import json
import os
import subprocess
import sys
import unittest

import kernel_test
from kernel_build_test import BuildTest
from kernel_test import boot_image

EXAMPLE = None
GOOD, BAD, CANNOT_TEST, CANNOT_BISECT = 0, 1, 125, 255
ROW = ("--row", "udp4/key_off", "--at-most", "350")
SCENARIO = """scenario 1
dialect pass_drop
socket server udp4 127.0.0.1:53
packet udp4 127.0.0.9:1024 -> 127.0.0.1:53
"""


class Bisect(BuildTest):
    def setUp(self):
        super().setUp()
        record = json.loads(subprocess.run([EXAMPLE], capture_output=True, text=True, check=True).stdout)
        record["rows"][0]["instructions_per_lookup"] = 4242  # which the emulator replaces by the image's
        (self.archive / "output").write_text(json.dumps(record))
        (self.folder / "a.scenario").write_text(SCENARIO)

    def git(self, *arguments):
        return subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=b", *arguments], cwd=self.source,
                              env=self.environment(), check=True, capture_output=True, text=True).stdout

    def kernel_that(self, says):
        (self.source / "image").write_bytes(boot_image("6.12.9") + says.encode())

    def commits(self, *kernels):
        """One a kernel, of which one that is None does not compile."""
        self.git("init", "--quiet")
        for number, says in enumerate(kernels):
            self.kernel_that(says or "")
            (self.source / "net" / "udp.c").write_text("udp\n" if says else "nonsense\n")
            (self.source / "number").write_text(str(number))
            self.git("add", "--all")
            self.git("commit", "--quiet", "--message", f"commit {number}")

    def bisect(self, *arguments, **more):
        return self.sklab("bisect", "--source", "linux", "--jobs", "1", *arguments, **more)

    def first_bad(self, *arguments):
        self.git("bisect", "start", "HEAD", self.git("rev-list", "--max-parents=0", "HEAD").strip())
        output = self.git("bisect", "run", kernel_test.SKLAB, "bisect", *arguments)
        return output[output.rindex("is the first bad commit"):]

    def test_the_commit_that_made_a_row_dearer(self):
        # The one in the middle, where git begins, does not compile.
        self.commits("COUNT=343", "COUNT=350", "COUNT=343", None, "COUNT=343", "COUNT=351", "COUNT=360")
        self.assertIn("commit 5", self.first_bad(*ROW))

    def test_the_commit_that_broke_a_rule(self):
        self.commits("EXIT=0", "EXIT=0", "EXIT=1", "EXIT=1", "EXIT=1")
        self.assertIn("commit 2", self.first_bad("--scenario", self.folder / "a.scenario"))

    def expect(self, result, code, text, stream="stdout"):
        self.assertEqual(result.returncode, code, result.stderr + result.stdout)
        self.assertIn(text, getattr(result, stream))

    def test_what_it_says_of_a_tree(self):
        self.kernel_that("COUNT=351")
        self.expect(self.bisect(*ROW), BAD, "bad: udp4/key_off takes 351 instructions")
        self.expect(self.bisect(*ROW[:3], "351"), GOOD, "good: udp4/key_off takes 351 instructions")
        self.expect(self.bisect("--row", "udp4/drop", "--at-most", "350"), CANNOT_TEST, "of 2 lookups found another")
        self.expect(self.bisect(*ROW, FAKE_BOOT="panic"), CANNOT_TEST, "Kernel panic")
        self.expect(self.bisect("--scenario", "a.scenario", FAKE_BOOT="panic"), CANNOT_TEST, "Kernel panic")
        (self.source / "net" / "udp.c").write_text("nonsense\n")
        self.expect(self.bisect(*ROW), CANNOT_TEST, "cannot be tested: cannot build bzImage; net/udp.c:1:1")

    def test_what_no_commit_can_make_right(self):
        for arguments, text in (
                ([], "--row"), (ROW + ("--scenario", "a.scenario"), "--row"), (ROW[:2], "--at-most"),
                (("--row", "udp4/nonsense", "--at-most", "1"), "udp4/nonsense"),
                (("--scenario", "none.scenario"), "none.scenario"), (("--scenario", "linux/Makefile"), "Makefile"),
                (("--nonsense",), "--nonsense"), (("--at-most", "few"), "--at-most")):
            self.expect(self.bisect(*arguments), CANNOT_BISECT, text, "stderr")
        for arguments in (("--patch", "none.patch"), ("--config", "none.config")):
            self.expect(self.bisect(*ROW, *arguments), CANNOT_BISECT, arguments[1], "stderr")
        self.expect(self.sklab("bisect", "--source", "bin", *ROW), CANNOT_BISECT, "source in bin", "stderr")
        (self.tools / "qemu-system-x86_64").unlink()
        self.expect(self.bisect(*ROW), CANNOT_BISECT, "qemu-system-x86", "stderr")
        (self.tools / "flex").unlink()
        self.expect(self.bisect(*ROW), CANNOT_BISECT, "package flex", "stderr")


if __name__ == "__main__":
    kernel_test.SKLAB, EXAMPLE = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))
    unittest.main()
