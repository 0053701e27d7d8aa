#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""sklab kernel at the command line, with an archive and an emulator of this test's own.

Usage: kernel_test.py PATH_TO_SKLAB [unittest arguments]
"""
import hashlib
import io
import json
import lzma
import os
import pathlib
import resource
import signal
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

SKLAB = None
FAKE = pathlib.Path(__file__).resolve().parent / "fake_debian.py"
TOOLS = ("apt-get", "apt-cache", "apt-helper", "dpkg-deb", "qemu-system-x86_64")
OLD, NEW = "6.1.0-55-cloud-amd64", "6.1.0-56-cloud-amd64"
SPLIT = "7.3.4+deb13-cloud-amd64"
SPLIT_DEPENDS = f"dracut, linux-binary-{SPLIT} (= 7.3.4-1), linux-modules-{SPLIT} (= 7.3.4-1)"


def boot_image(release, size=4096):
    """A bzImage's header, and nothing that could boot."""
    image = bytearray(size)
    image[0x1f1] = 1
    image[0x1f4:0x1f8] = struct.pack("<I", (size - 1024) // 16)
    image[0x202:0x208] = b"HdrS" + struct.pack("<H", 0x20f)
    image[0x20e:0x210] = struct.pack("<H", 0x300)
    version = f"{release} (someone) #1 SMP\0".encode()
    image[0x500:0x500 + len(version)] = version
    return bytes(image)


def module(depends, release):
    """An ELF file with the section .modinfo."""
    strings = f"license=GPL\0depends={depends}\0vermagic={release} SMP \0".encode()
    names = b"\0.shstrtab\0.modinfo\0"
    content = 64 + 3 * 64
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 1, 62, 1, 0, 0, 64, 0, 64, 0, 0, 64, 3, 1)
    section = "<IIQQQQIIQQ"
    return header + bytes(64) + struct.pack(section, 1, 3, 0, 0, content, len(names), 0, 0, 1, 0) + \
        struct.pack(section, 11, 1, 0, 0, content + len(names), len(strings), 0, 0, 1, 0) + names + strings


class KernelTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.cache = self.folder / "kernels"
        self.archive = self.folder / "archive"
        self.archive.mkdir()
        self.tools = self.folder / "bin"
        self.tools.mkdir()
        for name in TOOLS:
            (self.tools / name).symlink_to(FAKE)
        # The tools that no fake stands for, and none that one does.
        for name in ("xz", "python3"):
            (self.tools / name).symlink_to(f"/usr/bin/{name}")
        self.publish([(f"linux-image-{OLD}", "6.1.191-1", ""), (f"linux-image-{NEW}", "6.1.192-2", ""),
                      (f"linux-image-{SPLIT}", "7.3.4-1", SPLIT_DEPENDS), (f"linux-binary-{SPLIT}", "7.3.4-1", ""),
                      (f"linux-modules-{SPLIT}", "7.3.4-1", "")])
        for release, version in ((OLD, "6.1.191-1"), (NEW, "6.1.192-2")):
            below = f"lib/modules/{release}/kernel"
            self.package(f"linux-image-{release}_{version}", {
                f"boot/vmlinuz-{release}": boot_image(release), f"boot/config-{release}": b"CONFIG_A=y\nCONFIG_B=m\n",
                f"boot/System.map-{release}": b"0 B The real one is elsewhere\n",
                f"{below}/net/veth.ko": module("", release), f"{below}/net/cls_bpf.ko": module("helper", release),
                f"{below}/lib/helper.ko": module("", release), f"{below}/lib/unwanted.ko": module("", release)})
        usr = f"usr/lib/modules/{SPLIT}"
        self.package(f"linux-image-{SPLIT}_7.3.4-1", {})
        self.package(f"linux-binary-{SPLIT}_7.3.4-1", {f"{usr}/vmlinuz": boot_image(SPLIT)})
        self.package(f"linux-modules-{SPLIT}_7.3.4-1",
                     {f"{usr}/kernel/veth.ko.xz": lzma.compress(module("", SPLIT))})

    def publish(self, packages):
        (self.archive / "index").write_text("\n".join(
            f"Package: {name}\nVersion: {version}\nDepends: {depends or 'kmod'}\nFilename: pool/main/l/linux-signed/x.deb\n"
            for name, version, depends in packages))

    def package(self, name, files):
        with tarfile.open(self.archive / f"{name}.deb", "w") as package:
            for path, content in files.items():
                entry = tarfile.TarInfo(path)
                entry.size = len(content)
                package.addfile(entry, io.BytesIO(content))

    def environment(self, **more):
        return {"PATH": str(self.tools), "SKLAB_KERNELS": str(self.cache), "FAKE_ARCHIVE": str(self.archive),
                "HOME": str(self.folder), "TMPDIR": str(self.folder), **more}

    def sklab(self, *arguments, preexec=None, **more):
        return subprocess.run([SKLAB, *map(str, arguments)], env=self.environment(**more), cwd=self.folder,
                              preexec_fn=preexec, capture_output=True, text=True, check=False, timeout=60)

    def kernel(self, *arguments, **more):
        return self.sklab("kernel", *arguments, **more)

    def fetched(self, *arguments, **more):
        result = self.kernel("fetch", *arguments, **more)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def expect_refusal(self, result, code, *words):
        lines = [line for line in result.stderr.splitlines() if not line.startswith("progress: ")]
        self.assertEqual((result.returncode, len(lines)), (code, 1), result.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def kernels(self):
        return {kernel["name"]: kernel for kernel in json.loads(self.kernel("list", "--json").stdout)}

    def calls(self):
        calls = self.archive / "calls"
        return calls.read_text().splitlines() if calls.exists() else []

    def start(self, *arguments, **more):
        return subprocess.Popen([SKLAB, "kernel", *arguments], env=self.environment(**more), text=True,
                                cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def wait_for_boot(self):
        for _ in range(1000):
            if (self.archive / "booting").exists():
                return
            time.sleep(0.02)
        self.fail("it never boots")

    def expect_left(self, *names):
        """Besides what the archive is kept in."""
        entries = set(os.listdir(self.cache)) - {".lock", ".debian"} if self.cache.exists() else set()
        self.assertEqual(entries, set(names))


class Fetch(KernelTest):
    def test_a_kernel_is_there_with_all_of_its_files(self):
        self.assertRegex(self.fetched("6.1").stdout, rf"^6\.1: {NEW} \(Debian 6\.1\.192-2\), [0-9.]+ MiB, boots in")
        folder = self.cache / "6.1"
        record = json.loads((folder / "kernel.json").read_text())
        self.assertEqual((record["name"], record["release"], record["origin"]["kind"]), ("6.1", NEW, "debian"))
        self.assertEqual(record["modules"], ["modules/veth.ko", "modules/helper.ko", "modules/cls_bpf.ko"])
        files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        self.assertEqual(files, {"bzImage", "config", "boot.log", "doctor.json", "kernel.json", *record["modules"]})
        for path, digest in record["sha256"].items():
            self.assertEqual(hashlib.sha256((folder / path).read_bytes()).hexdigest(), digest, path)
        self.assertIn("Linux version", (folder / "boot.log").read_text())
        self.expect_left("6.1")
        self.assertIn(NEW, self.kernel("list").stdout)

    def test_a_kernel_of_several_packages(self):
        self.fetched("7.3", "6.1.191")
        self.assertEqual((self.cache / "7.3" / "modules" / "veth.ko").read_bytes(), module("", SPLIT))
        self.assertEqual(self.kernels()["6.1.191"]["release"], OLD)

    def test_modules_that_are_listed_no_more(self):
        self.publish([(f"linux-image-{SPLIT}", "7.3.4-1", SPLIT_DEPENDS), (f"linux-binary-{SPLIT}", "7.3.4-1", "")])
        # It must not bring another image.
        usr = f"usr/lib/modules/{SPLIT}"
        self.package(f"linux-modules-{SPLIT}_7.3.4-1", {f"{usr}/kernel/veth.ko": module("", SPLIT),
                                                        f"{usr}/vmlinuz": b"foreign", f"boot/vmlinuz-{SPLIT}": b"foreign"})
        self.fetched("7.3")
        self.assertEqual((self.cache / "7.3" / "bzImage").read_bytes(), boot_image(SPLIT))
        self.assertEqual((self.cache / "7.3" / "modules" / "veth.ko").read_bytes(), module("", SPLIT))
        self.assertIn("module.sig_enforce=1", (self.archive / "kernel_arguments").read_text())
        (self.archive / f"linux-modules-{SPLIT}_7.3.4-1.deb").unlink()
        self.expect_refusal(self.kernel("fetch", "7.3.4"), 4, "404 Not Found", "without its modules")
        self.expect_left("7.3")

    def test_what_is_there_is_not_fetched_again(self):
        self.fetched("6.1")
        before = self.calls()
        self.assertIn("6.1 is there", self.fetched("6.1").stdout)
        self.assertEqual(self.calls(), before)

    def test_update_takes_what_is_newer(self):
        self.publish([(f"linux-image-{OLD}", "6.1.191-1", "")])
        self.fetched("6.1")
        self.assertEqual(self.kernels()["6.1"]["release"], OLD)
        self.assertIn("no newer one", self.fetched("6.1", "--update").stdout)
        self.publish([(f"linux-image-{NEW}", "6.1.192-2", "")])
        (self.cache / ".debian" / "updated").unlink()  # as if a day went by
        self.fetched("6.1", "--update")
        self.assertEqual(self.kernels()["6.1"]["release"], NEW)
        self.expect_left("6.1")

    def test_lists_are_read_anew_for_what_they_lack(self):
        self.publish([(f"linux-image-{OLD}", "6.1.191-1", "")])
        self.fetched("6.1")
        self.publish([(f"linux-image-{NEW}", "6.1.192-2", "")])
        self.fetched("6.1.192")
        self.assertEqual(self.calls().count("apt-get update"), 2)

    def test_no_such_kernel(self):
        for spec in ("5.10", "6.19", "6.1.19", "nonsense"):
            self.expect_refusal(self.kernel("fetch", "6.1", spec), 2, f"'{spec}'", "6.1, 7.3")
        self.expect_refusal(self.kernel("fetch", "../6.1"), 2, "'../6.1'")
        self.expect_left()

    def test_a_mirror_that_is_away(self):
        for what in ("update", "download"):
            self.expect_refusal(self.kernel("fetch", "6.1", FAKE_FAILURE=what), 4, "Could not resolve")
            self.expect_left()

    def test_older_lists_do_when_there_are_no_newer(self):
        self.fetched("7.3")
        (self.cache / ".debian" / "updated").unlink()
        result = self.fetched("6.1", FAKE_FAILURE="update")
        self.assertIn("older package lists", result.stderr)

    def test_without_the_tools(self):
        for tool, package in (("apt-get", "apt"), ("qemu-system-x86_64", "qemu-system-x86")):
            (self.tools / tool).unlink()
            self.expect_refusal(self.kernel("fetch", "6.1"), 4, f"package {package}")
            (self.tools / tool).symlink_to(FAKE)
            self.expect_left()

    def test_one_that_fails_does_not_keep_from_the_others(self):
        (self.archive / f"linux-image-{NEW}_6.1.192-2.deb").write_text("no package")
        result = self.kernel("fetch", "6.1", "7.3")
        self.expect_refusal(result, 70, f"linux-image-{NEW}")
        self.expect_left("7.3")


class Trial(KernelTest):
    def test_a_kernel_that_panics(self):
        log = self.cache / "6.1.boot.log"
        self.expect_refusal(self.kernel("fetch", "6.1", FAKE_BOOT="panic"), 70, "6.1", "Kernel panic", str(log))
        self.assertIn("Kernel panic", log.read_text())
        self.expect_left(log.name)
        self.fetched("6.1")
        self.expect_left("6.1")

    def test_a_kernel_that_lacks_something(self):
        self.expect_refusal(self.kernel("fetch", "6.1", FAKE_BOOT="lacks"), 4, "needs Linux 5.9", "boot.log")
        self.expect_left("6.1.boot.log")

    def test_the_one_before_stays_if_a_newer_is_refused(self):
        self.fetched("6.1.191")
        (self.cache / "6.1.191").rename(self.cache / "6.1")
        self.expect_refusal(self.kernel("fetch", "6.1", "--update", FAKE_BOOT="panic"), 70)
        self.assertEqual(self.kernels()["6.1"]["release"], OLD)


class Trouble(KernelTest):
    def test_two_at_once_fetch_once(self):
        both = [self.start("fetch", "6.1") for _ in range(2)]
        outputs = [process.communicate(timeout=60) for process in both]
        self.assertEqual([process.returncode for process in both], [0, 0], outputs)
        self.assertEqual(self.calls().count("apt-get download"), 1)
        self.assertEqual(sum("is there" in output for output, _ in outputs), 1)
        self.expect_left("6.1")

    def test_an_interrupt_leaves_nothing(self):
        process = self.start("fetch", "6.1", FAKE_BOOT="slow")
        self.wait_for_boot()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("interrupted", errors)
        self.expect_left()

    def test_what_a_killed_one_left_is_cleared(self):
        process = self.start("fetch", "6.1", FAKE_BOOT="slow")
        self.wait_for_boot()
        process.kill()
        process.communicate(timeout=20)
        self.assertEqual(self.kernels(), {})
        self.fetched("6.1")
        self.expect_left("6.1")

    def test_a_full_disk_leaves_nothing(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
        # The kernel's own image is what does not fit.
        (self.folder / "image").write_bytes(boot_image("6.1.0-own"))
        self.expect_refusal(self.kernel("add", "image", "--name", "own", preexec=limit), 70, "SKLAB_KERNELS")
        self.expect_left()

    def test_damage_is_noticed_and_mended(self):
        self.fetched("6.1")
        (self.cache / "6.1" / "bzImage").write_bytes(boot_image("6.1.0-other"))
        self.expect_refusal(self.sklab("bench", "--quick", "--target", "guest:6.1"), 2, "damaged",
                            "sklab kernel fetch 6.1")
        self.assertIn(NEW, self.fetched("6.1").stdout)
        self.assertEqual((self.cache / "6.1" / "bzImage").read_bytes(), boot_image(NEW))

    def test_a_folder_that_cannot_be_made(self):
        (self.folder / "file").write_text("")
        for command in (["fetch", "6.1"], ["remove", "6.1"]):
            self.expect_refusal(self.kernel(*command, SKLAB_KERNELS=str(self.folder / "file" / "below")), 70,
                                "SKLAB_KERNELS")


class Cache(KernelTest):
    def test_an_empty_one_says_how_to_fill_it(self):
        self.assertIn("sklab kernel fetch", self.kernel("list").stdout)
        self.assertEqual(self.kernel("list", "--json").stdout, "[]\n")
        self.expect_refusal(self.sklab("bench", "--quick", "--target", "guest:6.1"), 2, "`sklab kernel fetch 6.1`")
        self.expect_refusal(self.kernel("remove", "6.1"), 2, "sklab kernel list")

    def test_a_kernel_of_ones_own(self):
        release = "6.1.0-own"
        (self.folder / "vmlinuz").write_bytes(boot_image(release))
        (self.folder / "config").write_text("CONFIG_A=y\nCONFIG_B=y\n")
        modules = self.folder / "modules"
        modules.mkdir()
        (modules / "veth.ko").write_bytes(module("", release))
        self.assertEqual(self.kernel("add", "vmlinuz", "--modules", "modules").returncode, 0)
        self.assertEqual(self.kernel("add", "vmlinuz", "--name", "mine").returncode, 0)
        own = self.kernels()[release]
        self.assertEqual((own["origin"]["kind"], own["modules"]), ("file", ["modules/veth.ko"]))
        self.assertIn("config", own["sha256"])
        self.expect_refusal(self.kernel("add", "vmlinuz", "--name", "mine"), 2, "--name")
        self.expect_refusal(self.kernel("fetch", "mine", "--update"), 2, "was not fetched")
        (modules / "veth.ko").write_bytes(module("", "5.10.0"))
        self.expect_refusal(self.kernel("add", "vmlinuz", "--name", "a", "--modules", "modules"), 2, "5.10.0", release)
        self.expect_refusal(self.kernel("add", "vmlinuz", "--name", "a/b"), 2, "'a/b'")
        self.expect_refusal(self.kernel("add", "config", "--name", "a"), 2, "no bzImage")
        self.expect_refusal(self.kernel("add", "missing", "--name", "a"), 2, "missing")
        self.expect_refusal(self.kernel("add", "vmlinuz", "--name", "a", "--modules", "no"), 2, "no folder")
        self.expect_left(release, "mine")

    def test_the_limit_takes_what_can_be_fetched_again(self):
        (self.folder / "vmlinuz").write_bytes(boot_image("6.1.0-own", 1 << 20))
        self.assertEqual(self.kernel("add", "vmlinuz", "--name", "mine").returncode, 0)
        self.fetched("6.1.191")
        self.fetched("6.1.192")
        os.utime(self.cache / "6.1.192" / "kernel.json", (1, 1))
        self.assertIn("removed kernel 6.1.192", self.fetched("6.1.191", "7.3", "--limit", "1").stderr)
        self.expect_left("mine", "7.3")
        self.expect_refusal(self.kernel("fetch", "6.1", SKLAB_KERNELS_LIMIT_MIB="much"), 2, "SKLAB_KERNELS_LIMIT_MIB")

    def test_remove(self):
        self.fetched("6.1", "7.3")
        self.expect_refusal(self.kernel("remove", "6.1", "6.2", "7.3"), 2, "6.2")
        self.expect_left()
        self.expect_refusal(self.kernel("remove"), 2, "name")


if __name__ == "__main__":
    SKLAB = os.path.abspath(sys.argv.pop(1))
    unittest.main()
