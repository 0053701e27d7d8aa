#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Writes sources that include those of several libraries and a program, for clang-tidy, and prints their names.

usage: lint_units.py BUILD_FOLDER

clang-tidy spends most of its time on headers, so it is twice as fast if it reads them for many files at once.
Files that define the same name, unnamed namespaces' included, do not go into one unit. Tests are left out; any
other file that git has and the build has not is an error.
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Names that a line at the top level defines: of a type, a constant, a function.
DEFINITIONS = [re.compile(pattern, re.M) for pattern in (
    r"^(?:struct|class|enum class|enum|using) (\w+)",
    r"^(?:static )?(?:inline )?(?:constexpr|const) .*?(\w+)(?:\[[^]]*\])?(?: =|\{)",
    r"^(?!using|namespace|return|else|if|for|while|#|/|\s)[\w:<>,&*\" ]+?[ *&](\w+)\(")]


class Part:
    """What a library or program is compiled of at once: a file, or a unity source, with its flags."""

    def __init__(self, command):
        file = pathlib.Path(command["file"])
        files = re.findall(r'#include "([^"]+)"', file.read_text()) if "Unity" in file.parts else [str(file)]
        self.files = [path for path in (pathlib.Path(name).resolve() for name in files) if is_linted(path)]
        words = shlex.split(command["command"].replace("-isystem ", "-isystem"))
        self.flags = [word for word in words if re.match("-[IDWf]|-std|-isystem", word)]
        self.names = set()
        for path in self.files:
            for seen in (path, path.with_suffix(".h")):
                if seen.exists():
                    self.names.update(*(pattern.findall(seen.read_text()) for pattern in DEFINITIONS))


def is_linted(path):
    return path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / "build") and not path.stem.endswith("_test")


def units_of(parts):
    """The largest first, each into the smallest unit that has none of its names."""
    units = []
    for part in sorted(parts, key=lambda part: -len(part.files)):
        fitting = [unit for unit in units if not any(part.names & other.names for other in unit)]
        if fitting:
            min(fitting, key=lambda unit: sum(len(other.files) for other in unit)).append(part)
        else:
            units.append([part])
    return units


def forgotten(parts):
    listed = subprocess.run(["git", "ls-files", "-z", "*.cc"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    known = {path for part in parts for path in part.files}
    return [name for name in listed.stdout.split("\0")[:-1] if is_linted(ROOT / name) and ROOT / name not in known]


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    folder = build / "lint"
    folder.mkdir(exist_ok=True)
    parts = [Part(command) for command in json.loads((build / "compile_commands.json").read_text())]
    if missing := forgotten(parts):
        sys.exit(f"lint_units.py: no target of {build} has {', '.join(missing)}")
    commands = []
    for number, unit in enumerate(units_of(part for part in parts if part.files)):
        file = folder / f"unit_{number}.cc"
        files = dict.fromkeys(path for part in unit for path in part.files)
        file.write_text("".join(f'#include "{path}"\n' for path in files))
        flags = dict.fromkeys(flag for part in unit for flag in part.flags)
        commands.append({"directory": str(build), "file": str(file),
                         "arguments": ["clang++-14", *flags, "-c", str(file)]})
        print(file)
    (folder / "compile_commands.json").write_text(json.dumps(commands, indent=1) + "\n")


if __name__ == "__main__":
    main()
