#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""sklab kernel build at the command line, with a source tree of this test's own that make knows how to build.

Usage: kernel_build_test.py PATH_TO_SKLAB [unittest arguments]
"""
import os
import pathlib
import subprocess
import sys
import unittest

import kernel_test
from kernel_test import KernelTest, boot_image, signal

# Stands for the kernel's: `objects/done` has a line for each file that was compiled.
MAKEFILE = """\
all_sources := $(patsubst $(CURDIR)/%,%,$(wildcard $(CURDIR)/net/*.c))
allnoconfig:
\tgrep -v UNKNOWN $(KCONFIG_ALLCONFIG) > $(O)/.config
$(O)/%.o: %.c
\t@mkdir -p $(dir $@)
\t@echo "  CC      $*.o"
\t@if grep -q nonsense $<; then echo "$(CURDIR)/$<:1:1: error: 'nonsense' undeclared"; exit 1; fi
\t@if grep -q slowly $<; then touch $(FAKE_ARCHIVE)/booting; sleep 60; fi
\t@cp $< $@
\t@echo $< >> $(O)/done
bzImage: $(all_sources:%.c=$(O)/%.o)
\t@mkdir -p $(O)/arch/x86/boot
\t@cp image $(O)/arch/x86/boot/bzImage
\t@echo "$(FLAVOUR)" > $(O)/flavour
"""
PATCH = """\
--- a/net/udp.c
+++ b/net/udp.c
@@ -1 +1 @@
-udp
+patched
"""


class BuildTest(KernelTest):
    def setUp(self):
        super().setUp()
        for name in ("git", "make", "tar", "sh", "cp", "mkdir", "grep", "touch", "sleep", "rm"):
            (self.tools / name).symlink_to(f"/usr/bin/{name}")
        for name in ("flex", "bison", "bc", "pahole", "gcc"):
            (self.tools / name).symlink_to("/usr/bin/true")
        self.source = self.tree(self.folder / "linux")

    @staticmethod
    def tree(folder):
        for path, content in (("Makefile", MAKEFILE), ("Kconfig", ""), ("net/udp.c", "udp\n"), ("net/tcp.c", "tcp\n"),
                              ("arch/x86/Makefile", "")):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content)
        (folder / "image").write_bytes(boot_image("6.12.9"))
        return folder


class Build(BuildTest):
    def build(self, *arguments, source="linux", **more):
        return self.kernel("build", "--source", source, "--jobs", "1", *arguments, **more)

    def built(self, *arguments, **more):
        result = self.build(*arguments, **more)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def compiled(self):
        """What was compiled since this was asked last."""
        (done,) = (self.cache / ".builds").glob("*/objects/done")
        files = done.read_text().split()
        done.write_text("")
        return sorted(files)

    def expect_nothing_new(self, *names):
        self.assertEqual(set(self.kernels()), set(names))

    def test_only_what_changed_is_compiled(self):
        self.assertRegex(self.built(), r"^6\.12\.9: 6\.12\.9 \(linux, tree [0-9a-f]{12}\), ")
        self.assertEqual(self.compiled(), ["net/tcp.c", "net/udp.c"])
        (self.folder / "fix.patch").write_text(PATCH)
        self.built("--patch", "fix.patch")
        self.assertEqual(self.compiled(), ["net/udp.c"])
        self.assertEqual((self.source / "net/udp.c").read_text(), "udp\n")
        self.built("--name", "base")
        self.assertEqual(self.compiled(), ["net/udp.c"])
        self.built("--name", "base")
        self.assertEqual(self.compiled(), [])
        kernels = self.kernels()
        self.assertEqual(set(kernels), {"6.12.9", "6.12.9-fix", "base"})
        self.assertEqual(kernels["base"]["origin"], kernels["6.12.9"]["origin"])
        self.assertNotEqual(kernels["base"]["origin"], kernels["6.12.9-fix"]["origin"])
        self.assertEqual(kernels["base"]["origin"]["kind"], "built")
        self.assertIn("config", kernels["base"]["sha256"])

    def test_what_the_user_asks_make_for(self):
        (self.folder / "mine.config").write_text("CONFIG_PREEMPT=y\n")
        self.built("--config", "mine.config", "--make", "FLAVOUR=strange", "--kasan", "--kcov")
        (folder,) = (self.cache / ".builds").iterdir()
        self.assertEqual((folder / "objects" / "flavour").read_text(), "strange\n")
        config = (self.cache / "6.12.9-kasan-kcov" / "config").read_text()
        for option in ("CONFIG_PREEMPT=y", "CONFIG_BPF_SYSCALL=y", "CONFIG_KASAN=y", "CONFIG_KCOV=y"):
            self.assertIn(option + "\n", config)

    def test_a_package_of_debians(self):
        top = self.tree(self.folder / "linux-source-6.12")
        archive = self.folder / "usr" / "src" / "linux-source-6.12.tar.xz"
        archive.parent.mkdir(parents=True)
        subprocess.run(["tar", "-cJf", archive, "-C", self.folder, top.name], check=True)
        self.package("linux-source-6.12_6.12.9-1", {"usr/src/linux-source-6.12.tar.xz": archive.read_bytes()})
        self.publish([("linux-source-6.12", "6.12.9-1", "")])
        for path in sorted(top.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        top.rmdir()
        self.assertIn("(linux-source-6.12 6.12.9-1, tree ", self.built(source="linux-source-6.12"))
        (self.archive / "linux-source-6.12_6.12.9-1.deb").unlink()
        self.built("--update", source="linux-source-6.12")
        self.assertEqual(self.calls().count("apt-get download"), 1)
        self.assertEqual(self.compiled(), ["net/tcp.c", "net/udp.c"])
        self.expect_refusal(self.build(source="linux-source-6"), 2, "linux-source-6")

    def test_a_source_that_does_not_build(self):
        self.built("--name", "base")
        (self.source / "net/udp.c").write_text("nonsense\n")
        result = self.build("--name", "base")
        self.expect_refusal(result, 2, "net/udp.c:1:1: error: 'nonsense' undeclared", "log: ")
        log = pathlib.Path(result.stderr.strip().rsplit("log: ", 1)[1].rstrip(")"))
        self.assertIn("nonsense", log.read_text())
        self.expect_nothing_new("base")

    def test_what_is_not_right_is_told_before_anything_is_built(self):
        self.fetched("6.1")
        (self.folder / "wrong.patch").write_text(PATCH.replace("-udp", "-tcp"))
        (self.folder / "unknown.config").write_text("CONFIG_UNKNOWN=y\n")
        (self.folder / "no.config").write_text("UNKNOWN=y\n")
        for arguments, words in (
                (["--patch", "wrong.patch"], ["wrong.patch", "net/udp.c"]), (["--patch", "none.patch"], ["none.patch"]),
                (["--change", "link_update_race"], ["kernel/bpf/net_namespace.c"]), (["--change", "none"], ["--list"]),
                (["--kasan", "--kcsan"], ["KASAN and KCSAN"]),
                (["--config", "unknown.config"], ["CONFIG_UNKNOWN=y"]), (["--config", "no.config"], ["no.config:1"]),
                (["--config", "none.config"], ["none.config"]), (["--name", "6.1"], ["6.1", "--name"]),
                (["--name", "a/b"], ["a/b"])):
            self.expect_refusal(self.build(*arguments), 2, *words)
        self.expect_refusal(self.build(source="bin"), 2, "bin", "Makefile")
        self.expect_refusal(self.build(source="none"), 2, "none")
        self.assertEqual(self.build("--make", "-n").returncode, 2)
        (self.source / ".config").write_text("")
        self.expect_refusal(self.build(), 2, "mrproper")
        self.expect_nothing_new("6.1")
        (self.tools / "flex").unlink()
        self.expect_refusal(self.build(), 4, "package flex")

    def test_a_kernel_that_panics_is_not_kept(self):
        self.expect_refusal(self.build("--name", "bad", FAKE_BOOT="panic"), 70, "Kernel panic", "boot.log")
        self.expect_nothing_new()

    def test_an_interrupt_leaves_what_is_done(self):
        (self.source / "net/udp.c").write_text("slowly\n")
        process = self.start("build", "--source", "linux", "--jobs", "1")
        self.wait_for_boot()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, errors)
        (self.source / "net/udp.c").write_text("udp\n")
        self.built()
        self.assertEqual(self.compiled(), ["net/tcp.c", "net/udp.c"])

    def test_what_is_kept_of_sources_can_be_removed(self):
        self.built("--name", "base")
        self.assertIn("1 source kept", self.kernel("list").stdout)
        self.assertEqual(self.kernel("remove", "--builds").returncode, 0)
        self.assertNotIn("kept", self.kernel("list").stdout)
        self.expect_nothing_new("base")


if __name__ == "__main__":
    kernel_test.SKLAB = os.path.abspath(sys.argv.pop(1))
    unittest.main()
