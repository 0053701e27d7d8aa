#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Prints the line coverage of the model, and exits 1 when it is not what it has to be.

Arguments: the summaries that llvm-cov exports of `sklab conform`, and of it and the unit tests.
"""
import json
import pathlib
import sys

# These read, print and make up scenarios, and say no. Bad scenarios reach all of them, and conform
# has none; text is printed for mismatches, and conform has none of these, either. The unit tests
# reach them, and the rules of sequences of calls, which are lifecycle_fuzzer's. Everything else is
# the rules, and conform has to reach it all.
NOT_RULES = {"address", "dialect", "lifecycle_rules", "line_reader", "load_refusals", "outcome",
             "random_scenario", "scenario", "scenario_parser", "scenario_text", "scenario_validate",
             "step_program", "step_text", "steps"}


def read(file):
    data = json.loads(pathlib.Path(file).read_text())["data"][0]["files"]
    return {pathlib.Path(one["filename"]).name: one["summary"]["lines"] for one in data}


def main():
    conform, both = map(read, sys.argv[1:])
    missed = []
    print(f"{'file':<22} {'lines':>5} {'conform':>8} {'with unit tests':>16}")
    for name, lines in sorted(both.items()):
        reached = conform[name]["covered"]
        print(f"{name:<22} {lines['count']:>5} {reached:>8} {lines['covered']:>16}")
        is_rule = pathlib.Path(name).stem not in NOT_RULES
        if lines["covered"] < lines["count"] or (is_rule and reached < conform[name]["count"]):
            missed.append(name)
    rules = [name for name in both if pathlib.Path(name).stem not in NOT_RULES]
    print(f"\nrules: conform reaches {sum(conform[name]['covered'] for name in rules)} of "
          f"{sum(conform[name]['count'] for name in rules)} lines")
    for name in missed:
        print(f"not reached: lines of {name} (see build/coverage/report/index.html)", file=sys.stderr)
    return 1 if missed or not rules else 0


if __name__ == "__main__":
    sys.exit(main())
