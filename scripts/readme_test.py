#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Runs every command of README.md's recipes as written.

Usage: readme_test.py only|without SECTION FOLDER...

The recipes of one section, or of all others; the folders go first in PATH. scripts/run and scripts/test are left out: CI
runs both by themselves.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

README = pathlib.Path(__file__).resolve().parent.parent / "README.md"


def commands(is_wanted):
    for section in re.split(r"^## ", README.read_text(), flags=re.MULTILINE):
        if not is_wanted(section.splitlines()[0]):
            continue
        for block in re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
            for line in block.splitlines():
                if line and not line.startswith("scripts/"):
                    yield line


def main():
    which, name, *folders = sys.argv[1:]
    environment = dict(os.environ, PATH=os.pathsep.join([*folders, os.environ["PATH"]]))
    found = list(commands(lambda title: (title == name) == (which == "only")))
    if not found:
        print(f"README.md has no recipes {which} {name}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        for command in found:
            print("$", command, flush=True)
            start = time.monotonic()
            # pipefail: a recipe that pipes into jq must not hide a failure.
            result = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder,
                                    env=environment, stdout=subprocess.PIPE, text=True, check=False)
            print("\n".join(result.stdout.splitlines()[:5]), f"# {time.monotonic() - start:.1f} s", sep="\n", flush=True)
            if result.returncode != 0 or not result.stdout:
                print(f"exit code {result.returncode}: {command}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
