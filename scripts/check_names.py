#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Checks that no type of namespace sklab is defined in two files that one program may be made of.

No compiler sees that, and the linker takes one of the two for both. Types within an unnamed namespace are
their file's own; those of a folder's `_test.cc`, and of libFuzzer's targets, are in programs of their own.
"""
import collections
import pathlib
import re
import sys

DEFINITION = re.compile(r"^(?:struct|class|enum class|enum) (\w+)\b(?!::)[^;()]*\{")


def definitions(path):
    unnamed = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line == "namespace {":
            unnamed = True
        elif line == "}  // namespace":
            unnamed = False
        match = DEFINITION.match(line)
        if match and not unnamed:
            yield match[1], f"{path}:{number}"


def main():
    places = collections.defaultdict(list)
    for folder in ("harness", "bench", "fuzz"):
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix in (".cc", ".h") and not path.name.endswith(("_test.cc", "_fuzzer.cc")) \
                    and "/target/c/" not in str(path):
                for name, place in definitions(path):
                    places[name].append(place)
    twice = {name: found for name, found in places.items() if len(found) > 1}
    for name, found in twice.items():
        print(f"{name} is defined in {' and '.join(found)}", file=sys.stderr)
    return 1 if twice else 0


if __name__ == "__main__":
    sys.exit(main())
