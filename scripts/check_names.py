#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Checks that no type of namespace sklab is defined in two files that one program may be made of.

No compiler sees that, and the linker takes one of the two for both. Types within an unnamed namespace are
their file's own, but do not have the name of one that a header has for all; those of a folder's `_test.cc`,
and of libFuzzer's targets, are in programs of their own.
"""
import collections
import pathlib
import re
import sys

DEFINITION = re.compile(r"^(?:struct|class|enum class|enum) (\w+)\b(?!::)[^;()]*\{")


def definitions(path):
    """Names of types, whether they are in an unnamed namespace, and where."""
    unnamed = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line == "namespace {":
            unnamed = True
        elif line == "}  // namespace":
            unnamed = False
        match = DEFINITION.match(line)
        if match:
            yield match[1], unnamed, f"{path}:{number}"


def main():
    places = collections.defaultdict(list)
    own = collections.defaultdict(list)
    for folder in ("harness", "bench", "fuzz"):
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix in (".cc", ".h") and not path.name.endswith(("_test.cc", "_fuzzer.cc")) \
                    and "/target/c/" not in str(path):
                for name, unnamed, place in definitions(path):
                    (own if unnamed else places)[name].append(place)
    twice = {name: found + own[name] for name, found in places.items() if len(found) > 1 or own[name]}
    for name, found in twice.items():
        print(f"{name} is defined in {' and '.join(found)}", file=sys.stderr)
    return 1 if twice else 0


if __name__ == "__main__":
    sys.exit(main())
