#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Checks that every folder includes only folders that come before it in the order of the layers."""
import pathlib
import re
import sys

LAYERS = ["bpf", "harness/base", "harness/model", "harness/kernel", "harness/path", "harness/measure",
          "harness/record", "harness/record/baseline", "harness/record/gate", "harness/record/instructions",
          "harness/record/compare", "harness/record/flood", "harness/record/latency", "harness/record/range", "harness/record/page", "harness/guest/profile", "harness/guest/profile_plugin",
          "harness/guest", "harness/guest/kernels", "harness/guest/build", "harness/guest/proof", "harness/conform", "harness/manual", "bench", "bench/instructions", "bench/gate", "bench/latency", "bench/range",
          "fuzz/target", "fuzz/semantics", "fuzz/program", "fuzz/lifecycle", "fuzz/packet", "fuzz/formats",
          "fuzz/object", "fuzz/race", "fuzz/kernel_changes", "fuzz/campaign", "fuzz/in_guest", "fuzz/coverage", "harness/cli"]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)/[^"/]+"')


def violations(root):
    for layer_index, layer in enumerate(LAYERS):
        for path in sorted((root / layer).glob("*")):
            if path.suffix not in (".c", ".cc", ".h"):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                if match and match[1] in LAYERS and LAYERS.index(match[1]) > layer_index:
                    yield f"{path.relative_to(root)}:{number}: {layer} must not include {match[1]}"


def main():
    found = list(violations(pathlib.Path(__file__).resolve().parent.parent))
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
