#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Man pages and completion, as man and the shells read them, against what --help prints.

Usage: manual_test.py PATH_TO_SKLAB FOLDER [unittest arguments]; the folder is laid out as PREFIX/share.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from shells import Bash, Fish, Zsh

SKLAB = None
SHARE = None
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def help_of(*words):
    return run(SKLAB, *words, "--help").stdout


def commands_below(*words):
    """All commands as --help names them, as tuples of words, the program itself being ()."""
    found = [words]
    listed = re.search(r"(?ms)^Subcommands:\n(.*?)^$", help_of(*words))
    for name in re.findall(r"(?m)^  (\S+)", listed[1] if listed else ""):
        found += commands_below(*words, name)
    return found


def options_of(*words):
    lines = re.findall(r"(?m)^  (-\S+)", help_of(*words))
    return [name for line in lines for name in line.split(",")]


class Pages(unittest.TestCase):
    def page(self, words):
        path = SHARE / "man" / "man1" / ("-".join(["sklab", *words]) + ".1")
        return path.read_text().replace("\\-", "-")

    def test_each_command_has_a_page_and_no_page_is_of_another(self):
        names = {"-".join(["sklab", *words]) + ".1" for words in commands_below()}
        self.assertGreater(len(names), 5)
        self.assertEqual({path.name for path in (SHARE / "man" / "man1").iterdir()}, names)

    def test_mandoc_has_nothing_to_say(self):
        pages = sorted(map(str, (SHARE / "man" / "man1").iterdir()))
        result = run("mandoc", "-T", "lint", "-W", "warning", *pages)
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_each_page_has_its_sections_and_all_options(self):
        for words in commands_below():
            with self.subTest(command=words):
                text = self.page(words)
                sections = re.findall(r"(?m)^\.SH (.*)$", text)
                self.assertEqual([name for name in sections if name in SECTIONS], SECTIONS)
                entries = re.findall(r"(?m)^\.TP\n(.*)$", text)
                documented = re.findall(r"\\fB(-\S+)\\fR", "\n".join(entries))
                self.assertEqual(sorted(documented), sorted(options_of(*words)))
                self.assertIn("sklab " + " ".join(words), text)


class Completion(unittest.TestCase):
    """The same lines in each shell; a case is a line and what the word at its end may become."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        top = pathlib.Path(cls.folder.name)
        (top / "only.scenario").touch()
        (top / "oldest").mkdir()
        cls.shells = [shell(SHARE, top) for shell in (Bash, Zsh, Fish)]
        for shell in cls.shells:
            cls.addClassCleanup(shell.close)

    def expect(self, line, *expected):
        for shell in self.shells:
            with self.subTest(shell=type(shell).__name__, line=line):
                self.assertEqual(sorted(shell.complete(line)), sorted(expected))

    def test_commands(self):
        names = sorted(words[0] for words in commands_below() if len(words) == 1)
        self.expect("sklab ", *names)
        self.expect("sklab dia", "dialects")
        self.expect("sklab nonsense")

    def test_each_option_of_each_command(self):
        for words in commands_below():
            line = " ".join(["sklab", *words, "--"])
            self.expect(line, *(name for name in options_of(*words) if name.startswith("--")))

    def test_choices(self):
        self.expect("sklab fuzz --journal-sync ", "none", "each", "wait")
        self.expect("sklab fuzz --time 1m --journal-sync w", "wait")

    def test_files_and_folders(self):
        self.expect("sklab replay o", "oldest", "only.scenario")
        self.expect("sklab fuzz --journal on", "only.scenario")
        self.expect("sklab bench --output o", "oldest")

    def test_values_that_nobody_can_know(self):
        self.expect("sklab bench --filter ")
        self.expect("sklab fuzz --jobs 2 --time ")

    def test_a_value_is_not_taken_for_a_command(self):
        self.expect("sklab bench --filter conform --ex")
        self.expect("sklab bench --filter conform --qu", "--quick")

    def test_bash_splits_at_the_equals_sign(self):
        bash = self.shells[0]
        self.assertEqual(bash.complete("sklab fuzz --journal-sync = n"), ["none"])
        self.assertEqual(len(bash.complete("sklab fuzz --journal-sync =")), 3)

    def test_bash_goes_on_with_a_list(self):
        self.assertEqual(self.shells[0].complete("sklab fuzz --merge one o"), ["oldest"])
        self.assertEqual(self.shells[0].complete("sklab fuzz --merge one --jobs"), ["--jobs"])

    def test_shellcheck_has_nothing_to_say(self):
        result = run("shellcheck", str(Bash.script(SHARE)))
        self.assertEqual((result.returncode, result.stdout), (0, ""))


if __name__ == "__main__":
    SKLAB, SHARE = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
