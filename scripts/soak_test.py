#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""scripts/soak, with programs in place of fuzzers and of bpftool: what grows is noticed, and nothing else."""
import concurrent.futures
import pathlib
import subprocess
import tempfile
import unittest

SOAK = pathlib.Path(__file__).resolve().parent / "soak"
SECONDS = 10

# Each does something twice a second, as long as it is told to.
FUZZER = """#!/usr/bin/python3
import sys, time
if "--info" in sys.argv:
    print('{{"name": "made up", "most_input_bytes": 8}}')
    sys.exit()
kept = []
for _ in range(2 * %d):
    {step}
    time.sleep(0.5)
print("stat::checked: 5000000", file=sys.stderr)
sys.exit({code})
""" % SECONDS

FUZZERS = {"quiet_fuzzer": ("pass", 0),
           "files_fuzzer": ("kept.extend(open('/dev/null') for _ in range(20))", 0),
           "memory_fuzzer": ("kept.append(bytearray(8 << 20))", 0),
           "finding_fuzzer": ("pass", 77)}

# Links: none at first, then as many as have been asked about.
BPFTOOL = """#!/bin/sh
[ "$2" = link ] || { echo '[]'; exit; }
echo asked >>"%s"
grep -c asked "%s" | jq -c '[range(. - 1)]'
"""


class Soak(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name)
        for name in ("bin", "build/fuzz"):
            (self.top / name).mkdir(parents=True)
        self.program(self.top / "bin" / "bpftool", "#!/bin/sh\necho '[]'\n")

    def program(self, path, text):
        path.write_text(text)
        path.chmod(0o755)

    def make_fuzzers(self, *names):
        for name in names:
            step, code = FUZZERS[name]
            self.program(self.top / "build" / "fuzz" / name, FUZZER.format(step=step, code=code))

    def soak(self, *arguments, prefix=()):
        return subprocess.run([*prefix, SOAK, "--build", self.top / "build", *arguments], cwd=self.top,
                              env={"PATH": f"{self.top}/bin:/usr/sbin:/usr/bin:/bin"}, capture_output=True,
                              text=True, check=False)

    def test_what_grows_is_named(self):
        self.make_fuzzers(*FUZZERS)
        result = self.soak("--time", str(SECONDS), "--jobs", str(len(FUZZERS)))
        self.assertEqual(result.returncode, 1, result.stderr)
        rows = {cells[1]: cells for cells in ([cell.strip() for cell in line.split("|")]
                                              for line in result.stdout.splitlines() if "_fuzzer |" in line)}
        self.assertEqual({name: cells[-2] for name, cells in rows.items()},
                         {"quiet_fuzzer": "nothing", "files_fuzzer": "files", "memory_fuzzer": "memory",
                          "finding_fuzzer": "exit code 77"})
        self.assertEqual(rows["quiet_fuzzer"][2], "5.00")
        self.assertTrue((self.top / "build" / "soak" / "finding_fuzzer.log").exists())

    def test_nothing_grows(self):
        self.make_fuzzers("quiet_fuzzer")
        result = self.soak("--time", str(SECONDS))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("no more than before", result.stdout)

    def test_objects_that_stay_are_counted(self):
        self.make_fuzzers("quiet_fuzzer")
        count = self.top / "asked"
        self.program(self.top / "bin" / "bpftool", BPFTOOL % (count, count))
        result = self.soak("--time", str(SECONDS))
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertRegex(result.stdout, r"afterwards: \d+ more of kind link")

    def test_what_cannot_run_says_why(self):
        self.make_fuzzers("quiet_fuzzer")
        for arguments, code, message in ((["other_fuzzer"], 1, "no other_fuzzer in "),
                                         (["--time", "9"], 2, "--time has to be 10 or more")):
            result = self.soak(*arguments)
            self.assertEqual(result.returncode, code)
            self.assertIn(message, result.stderr)
        result = self.soak(prefix=["setpriv", "--reuid=65534", "--clear-groups"])
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertIn("run as root", result.stderr)


def load_tests(_loader, tests, _pattern):
    """They sleep: all of them at a time, each with a folder of its own."""
    class AtATime(unittest.TestSuite):
        def run(self, result, debug=False):
            with concurrent.futures.ThreadPoolExecutor() as threads:
                list(threads.map(lambda test: test.run(result), self))
            return result
    return AtATime(test for suite in tests for test in suite)


if __name__ == "__main__":
    unittest.main()
