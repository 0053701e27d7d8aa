#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The Debian package: made of this build, installed into a root of its own, run there, removed again.

Usage: package_test.py BUILD_FOLDER [unittest arguments]
"""
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from package_file import make_package

BUILD = None
TOP = pathlib.Path(__file__).resolve().parent.parent
# From what git describe says to what dpkg takes, in dpkg's order.
VERSIONS = [("unknown", "0.1.0+unknown"), ("v0.2.0", "0.2.0"), ("v0.2.0-14-g1bada15", "0.2.0+14.g1bada15"),
            ("v0.2.1", "0.2.1"), ("0.10.0-dirty", "0.10.0+dirty")]
HASHES = [("f00dfeed", 99, "0.1.0+git99.f00dfeed"), ("1bada15-dirty", 100, "0.1.0+git100.1bada15.dirty")]


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, timeout=120, **options)


def dpkg(root, *arguments):
    # dpkg insists on the tools of maintainer scripts.
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    return run("dpkg", f"--root={root}", *arguments, env=dict(os.environ, PATH=path))


def debian_version(description, count=0):
    text = (f'include("{TOP}/scripts/cmake/debian_version.cmake")\n'
            f'debian_version(version 0.1.0 "{description}" {count})\nmessage("${{version}}")\n')
    with tempfile.NamedTemporaryFile("w", suffix=".cmake") as script:
        script.write(text)
        script.flush()
        return run("cmake", "-P", script.name).stdout.strip()


class Version(unittest.TestCase):
    def test_what_git_says_becomes_what_dpkg_takes(self):
        for description, version in VERSIONS:
            self.assertEqual(debian_version(description), version)
        for description, count, version in HASHES:
            self.assertEqual(debian_version(description, count), version)

    def test_later_is_greater(self):
        for versions in ([version for _, version in VERSIONS], [version for _, _, version in HASHES]):
            for older, newer in zip(versions, versions[1:]):
                self.assertEqual(run("dpkg", "--compare-versions", older, "lt", newer).returncode, 0, newer)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        top = pathlib.Path(folder.name)
        cls.package = make_package(BUILD, top / "packages")
        cls.top = top
        cls.root = cls.make_root("root")
        cls.installed = dpkg(cls.root, "--install", cls.package)

    @classmethod
    def make_root(cls, name):
        """A root that has the packages of this machine by their names only, for the dependencies."""
        data = cls.top / name / "var" / "lib" / "dpkg"
        for folder in ("info", "updates", "triggers"):
            (data / folder).mkdir(parents=True)
        shutil.copy("/var/lib/dpkg/status", data)
        return cls.top / name

    def field(self, name):
        return run("dpkg-deb", "--field", self.package, name).stdout.strip()

    def program(self, name, *arguments):
        return run(self.root / "usr" / "bin" / name, *arguments, cwd=self.root)

    def test_it_installs_and_each_file_is_whole(self):
        self.assertEqual(self.installed.returncode, 0, self.installed.stdout[-2000:])
        self.assertEqual(dpkg(self.root, "--verify", "sklab").stdout, "")
        state = dpkg(self.root, "--status", "sklab").stdout
        self.assertIn("Status: install ok installed", state)

    def test_control_fields(self):
        version = self.field("Version")
        self.assertRegex(version, r"^\d+\.\d+[0-9A-Za-z.+~]*$")
        self.assertEqual(run("dpkg", "--validate-version", version).stdout, "")
        self.assertEqual(self.package.name, f"sklab_{version}_{self.field('Architecture')}.deb")
        for library in ("libbpf1", "libc6", "libfmt9", "libstdc++6"):
            self.assertIn(library + " ", self.field("Depends"))
        self.assertRegex(self.field("Maintainer"), r"^[^<>]+ <\S+@\S+>$")
        self.assertEqual((self.field("Section"), self.field("Priority")), ("net", "optional"))

    def test_the_version_is_that_of_the_program(self):
        described = self.program("sklab", "--version").stdout.split()[1]
        commit = re.sub(r"[^0-9A-Za-z.+~]", ".", described.removeprefix("v"))
        self.assertTrue(self.field("Version").replace("+", ".").endswith(commit.replace("+", ".")))

    def test_programs_run(self):
        doctor = self.program("sklab", "doctor")
        self.assertEqual(doctor.returncode, 0, doctor.stdout)
        self.assertIn("ready:", doctor.stdout)
        self.assertIn("udp4/pass", self.program("sklab", "bench", "--list").stdout)
        rows = self.program("sklab_benchmark", "--benchmark_list_tests")
        self.assertEqual(rows.returncode, 0, rows.stdout)
        self.assertIn("udp4/pass", rows.stdout)

    def test_fuzzers_are_found_when_there_are_any(self):
        built = {path.name for path in (BUILD / "fuzz").glob("*_fuzzer") if path.is_file()}
        listed = self.program("sklab", "fuzz", "--list")
        self.assertEqual(listed.returncode, 0 if built else 4, listed.stdout)
        names = re.findall(r"(?m)^(\S+_fuzzer) ", listed.stdout)
        self.assertEqual(set(names), built)

    def test_documents_are_as_debian_wants_them(self):
        share = self.root / "usr" / "share"
        pages = {path.name for path in (BUILD / "manual" / "man" / "man1").iterdir()}
        self.assertIn("sklab.1", pages)
        for name in [*pages, "sklab_benchmark.1"]:
            page = gzip.decompress((share / "man" / "man1" / f"{name}.gz").read_bytes())
            self.assertIn(b"\n.SH NAME\n", page)
        changelog = gzip.decompress((share / "doc" / "sklab" / "changelog.gz").read_bytes())
        parsed = run("dpkg-parsechangelog", "-l", "-", "--show-field", "Version", input=changelog.decode())
        self.assertEqual(parsed.stdout.strip(), self.field("Version"))
        copyright_text = (share / "doc" / "sklab" / "copyright").read_text()
        for words in ("GPL-2 or BSD-2-clause", "common-licenses/GPL-2", "AS IS"):
            self.assertIn(words, copyright_text)
        for name in ("doc/sklab/README.md", "doc/sklab/ARCHITECTURE.md", "doc/sklab/results/README.md",
                     "doc/sklab/examples/dispatcher.bpf.c", "doc/sklab/examples/dispatcher.scenario",
                     "sklab/schema/result-1.schema.json", "bash-completion/completions/sklab",
                     "zsh/vendor-completions/_sklab", "fish/vendor_completions.d/sklab.fish"):
            self.assertTrue((share / name).is_file(), name)

    def test_nothing_is_left_when_it_is_removed(self):
        root = self.make_root("removed")
        for arguments in (("--install", self.package), ("--remove", "sklab")):
            result = dpkg(root, *arguments)
            self.assertEqual(result.returncode, 0, result.stdout[-2000:])
        self.assertFalse((root / "usr").exists(), list(root.glob("usr/**/*")))


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
