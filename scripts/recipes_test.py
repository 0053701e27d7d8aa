#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Runs the CI recipes step by step, as they are written: on changes that are fine, and on some that must fail.

What a CI system has around the steps is stood in for: `actions/checkout` copies a repository that is made
here, and `sudo` and `apt-get` are scripts in PATH, the latter of which unpacks sklab's own package. Values
under env and variables are those that a user would edit; some are smaller here.

Usage: recipes_test.py BUILD_FOLDER [unittest arguments]
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

from package_file import make_package

BUILD = None
TOP = pathlib.Path(__file__).resolve().parent.parent
RECIPES = TOP / "scripts" / "recipes"
SHIMS = {
    # As sudo does, it keeps no variable that it is not told to.
    "sudo": '#!/bin/sh\nkept="PATH=$PATH HOME=/root SHIM_ROOT=$SHIM_ROOT"\n'
            'case $1 in --preserve-env=*)\n'
            '\tfor name in $(echo "${1#*=}" | tr , " "); do kept="$kept $name=$(printenv "$name")"; done\n'
            '\tshift ;;\nesac\n'
            '# shellcheck disable=SC2086\nexec env -i $kept "$@"\n',
    # Of the other packages the commands have to be there already.
    "apt-get": '#!/bin/sh\n[ "$1" = install ] || exit 0\nfor package; do\n'
               '\tcase $package in ./*.deb) dpkg-deb -x "$package" "$SHIM_ROOT" ;; esac\ndone\n',
    "clang": '#!/bin/sh\nexec clang-14 "$@"\n',
}
ASSIGN = "	error = bpf_sk_assign(ctx, sk, 0);\n"
SLOW = "	for (int i = 0; i < 200; i++)\n		bpf_ktime_get_ns();\n" + ASSIGN
WRONG = "	error = bpf_sk_assign(ctx, sk, 0x10);\n"


class Recipe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.top = pathlib.Path(folder.name)
        cls.package = make_package(BUILD, cls.top / "packages")
        (cls.top / "bin").mkdir()
        for name, text in SHIMS.items():
            shim = cls.top / "bin" / name
            shim.write_text(text)
            shim.chmod(0o755)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=self.top)
        self.addCleanup(folder.cleanup)
        self.job = pathlib.Path(folder.name)
        root = self.job / "root"
        self.environment = {"PATH": f"{self.top}/bin:{root}/usr/bin:{os.environ['PATH']}:/usr/sbin", "HOME": str(self.job),
                            "SHIM_ROOT": str(root)}
        self.edited = {"SKLAB_PACKAGE": self.package.as_uri(), "BASELINES": str(self.job / "baselines"), "FUZZ_TIME": "1s"}
        self.work = self.job / "work"
        self.work.mkdir()

    def shell(self, script):
        return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=self.work, env=self.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=110)

    def add_variables(self, recipe, changed):
        unknown = set(changed) - set(recipe) - {"GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "CI_MERGE_REQUEST_DIFF_BASE_SHA"}
        self.assertFalse(unknown)
        self.environment.update({name: str(value) for name, value in {**recipe, **self.edited, **changed}.items()})

    def git(self, folder, *arguments):
        return subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments],
                              cwd=folder, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, folder, change=("", "")):
        self.write_program(folder, change)
        if not (folder / ".git").exists():
            self.git(folder, "init", "--quiet")
        self.git(folder, "add", ".")
        self.git(folder, "commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git(folder, "rev-parse", "HEAD")

    def install(self):
        """Of recipes for machines that have sklab."""
        subprocess.run(["dpkg-deb", "-x", self.package, self.job / "root"], check=True)

    def write_program(self, folder, change=("", "")):
        folder.mkdir(exist_ok=True)
        source = (TOP / "bpf/examples/dispatcher.bpf.c").read_text()
        self.assertIn(change[0], source)
        (folder / "dispatcher.bpf.c").write_text(source.replace(*change) if change[0] else source)
        shutil.copy(TOP / "bpf/examples/dispatcher.scenario", folder)

    def assert_artifacts(self, paths):
        for path in paths:
            # A folder of findings is there only if there are some.
            self.assertTrue(path == "campaign-object" or (self.work / path).exists(), path)


class GitHub(Recipe):
    def run_job(self, name, job, change=("", ""), **variables):
        """The name of the step that failed, if any, and what all of them printed. Those after it only run if
        they always do."""
        recipe = yaml.safe_load((RECIPES / name).read_text())
        self.summary = self.job / "summary.md"
        self.add_variables(recipe["env"], {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(self.summary), **variables})
        failed, printed = None, ""
        for step in recipe["jobs"][job]["steps"]:
            self.assertLessEqual(set(step), {"name", "uses", "with", "run", "if"})
            if failed and step.get("if") != "always()":
                continue
            if "uses" in step:
                self.use(step["uses"], step["with"], change)
                continue
            result = self.shell(step["run"])
            printed += result.stdout
            if result.returncode != 0:
                self.assertIsNone(failed, printed)
                failed = step["name"]
        return failed, printed

    def use(self, action, options, change):
        if action == "actions/checkout@v4":
            folder = self.work / options["path"]
            self.commit(folder)
            self.commit(folder, change)
            self.assertGreaterEqual(options["fetch-depth"], 2)
        elif action == "actions/upload-artifact@v4":
            self.assert_artifacts(options["path"].split())
        else:
            self.fail(action)

    def test_a_program_that_stays_as_it_is(self):
        failed, printed = self.run_job("github-program.yml", "gate", GATE_OPTIONS="--quick --time 3 --change 50%")
        self.assertIsNone(failed, printed)
        self.assertIn("object\\_udp4/program", self.summary.read_text())
        self.assertNotRegex(self.summary.read_text(), "REGRESSION|IMPROVEMENT")

    def test_a_program_that_becomes_slower(self):
        failed, printed = self.run_job("github-program.yml", "gate", (ASSIGN, SLOW),
                                       GATE_OPTIONS="--quick --time 20 --change 50% --size-growth 1000%")
        self.assertEqual(failed, "Cost", printed)
        self.assertIn("::error title=", printed)
        self.assertIn("REGRESSION", self.summary.read_text())

    def test_a_program_that_answers_wrong(self):
        failed, printed = self.run_job("github-program.yml", "gate", (ASSIGN, WRONG))
        self.assertEqual(failed, "Answers", printed)

    def test_a_kernel(self):
        self.install()
        failed, printed = self.run_job("github-kernel.yml", "record", ROWS="--quick --filter ^udp4/pass --change 50%")
        self.assertIsNone(failed, printed)
        rows = "--quick --filter ^udp4/pass"
        failed, printed = self.run_job("github-kernel.yml", "gate", ROWS=rows, GATE_OPTIONS="--time 3 --change 50%")
        self.assertIsNone(failed, printed)
        failed, printed = self.run_job("github-kernel.yml", "gate", ROWS=rows, GATE_OPTIONS="--time 30 --inject 300%")
        self.assertEqual(failed, "Cost", printed)
        # Another machine's is not passed over as if it were noise.
        baseline = self.job / "baselines/main.json"
        baseline.write_text(baseline.read_text().replace('"cpu_model": "', '"cpu_model": "Other '))
        failed, printed = self.run_job("github-kernel.yml", "gate", ROWS=rows, GATE_OPTIONS="--time 6")
        self.assertEqual(failed, "Cost", printed)
        self.assertIn("--allow-mismatch cpu_model", printed)


class GitLab(Recipe):
    def run_job(self, name, job, **variables):
        recipe = yaml.safe_load((RECIPES / name).read_text())
        steps = recipe[job]
        self.add_variables({**recipe.get("variables", {}), **steps.get("variables", {})}, variables)
        # One shell for both, and another one afterwards, whatever came of it.
        result = self.shell("\n".join([*steps.get("before_script", []), *steps["script"]]))
        after = self.shell("\n".join(steps.get("after_script", [])))
        self.assertEqual(after.returncode, 0, result.stdout + after.stdout)
        if "artifacts" in steps:
            self.assert_artifacts([*steps["artifacts"]["paths"], *steps["artifacts"]["reports"].values()])
        return result

    def test_a_program(self):
        base = self.commit(self.work)
        self.commit(self.work, ("\n", "\n\n"))
        self.git(self.work, "worktree", "add", "base", base)  # as an earlier job has left it
        shutil.rmtree(self.work / "base")
        result = self.run_job("gitlab-program.yml", "sk_lookup-program", CI_MERGE_REQUEST_DIFF_BASE_SHA=base,
                              GATE_OPTIONS="--quick --time 2 --change 50%")
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_a_kernel(self):
        self.install()
        rows = "--quick --filter ^udp4/pass"
        recorded = self.run_job("gitlab-kernel.yml", "sk_lookup-record", ROWS=rows + " --change 50%")
        self.assertEqual(recorded.returncode, 0, recorded.stdout)
        gated = self.run_job("gitlab-kernel.yml", "sk_lookup-gate", ROWS=rows, GATE_OPTIONS="--time 3 --change 50%")
        self.assertEqual(gated.returncode, 0, gated.stdout)


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
