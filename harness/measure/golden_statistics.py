#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Writes golden_statistics.json beside itself: what SciPy makes of some samples.

Run by hand, when there shall be other cases; neither building nor testing needs SciPy:

    apt-get install python3-scipy && harness/measure/golden_statistics.py

Nothing here works as harness/measure does. Without ties P values are SciPy's exact ones, with ties
those of its permutation test over every sign or split, and beyond the exact limits of RankSums its
normal approximations; intervals are found by asking SciPy's tests, shift by shift, which ones they
reject. The samples come from a seed, so with the same versions the file comes out the same.
"""
import json
import pathlib

import numpy
import scipy
from scipy import stats

ALTERNATIVES = {"p_greater": "greater", "p_less": "less", "p_two_sided": "two-sided"}
CONFIDENCES = (0.5, 0.9, 0.95, 0.99)
ROUNDING = 1e-9  # 1 - 0.9 is a little less than 0.1, which three samples against three can have as P value


def draw(random, count, shift):
    return numpy.round(random.normal(shift, 1, count), 6)


def signed_rank(differences, alternative):
    return stats.wilcoxon(differences, mode="exact", alternative=alternative).pvalue


def rank_sum(a, b, alternative):
    return stats.mannwhitneyu(a, b, method="exact", alternative=alternative).pvalue


def many_signed_ranks(differences, alternative):
    return stats.wilcoxon(differences, mode="approx", correction=True, alternative=alternative).pvalue


def many_ranks_summed(a, b, alternative):
    return stats.mannwhitneyu(a, b, method="asymptotic", alternative=alternative).pvalue


def tied_signed_rank(differences, alternative):
    nonzero = differences[differences != 0]

    def sum_of_positive(signed):
        return stats.rankdata(numpy.abs(signed))[signed > 0].sum()
    return stats.permutation_test((nonzero,), sum_of_positive, permutation_type="samples", vectorized=False,
                                  n_resamples=numpy.inf, alternative=alternative).pvalue


def tied_rank_sum(a, b, alternative):
    def sum_of_first(first, second):
        return stats.rankdata(numpy.concatenate((first, second)))[:len(first)].sum()
    return stats.permutation_test((a, b), sum_of_first, permutation_type="independent", vectorized=False,
                                  n_resamples=numpy.inf, alternative=alternative).pvalue


def tests(test, *samples):
    return {name: float(test(*samples, alternative)) for name, alternative in ALTERNATIVES.items()}


def interval(pairs, p_at, confidence):
    """The shifts that a test does not reject; its answer changes at pairs' shifts only."""
    ends = numpy.sort(pairs)
    assert len(ends) == 1 or numpy.diff(ends).min() > 1e-9, "draw other samples: these have ties"
    between = numpy.concatenate(([ends[0] - 1], (ends[1:] + ends[:-1]) / 2, [ends[-1] + 1]))
    alpha = (1 - confidence) * (1 + ROUNDING)
    kept = numpy.flatnonzero([p_at(shift) > alpha for shift in between])
    low, high = kept[0], kept[-1]
    return {"confidence": confidence, "value": float(numpy.median(pairs)),
            # JSON has no infinity.
            "low": float(ends[low - 1]) if low > 0 else None,
            "high": float(ends[high]) if high < len(ends) else None}


def location_shifts(differences):
    i, j = numpy.triu_indices(len(differences))
    return [interval((differences[i] + differences[j]) / 2,
                     lambda shift: signed_rank(differences - shift, "two-sided"), confidence)
            for confidence in CONFIDENCES]


def two_sample_shifts(a, b):
    return [interval(numpy.subtract.outer(a, b).ravel(), lambda shift: rank_sum(a - shift, b, "two-sided"),
                     confidence)
            for confidence in CONFIDENCES]


def one_sample_cases(random):
    for count in (1, 4, 5, 6, 12, 25):
        differences = draw(random, count, 0.4)
        yield differences, tests(signed_rank, differences), location_shifts(differences)
    for count in (60, 200):
        differences = draw(random, count, 0.3)
        yield differences, tests(signed_rank, differences), []
    for count, most in ((6, 2), (9, 3), (12, 4), (13, 9)):
        differences = random.integers(-most + 1, most + 1, count)
        yield differences, tests(tied_signed_rank, differences), []
    differences = random.integers(1, 10, 1001) * numpy.where(random.random(1001) < 0.52, 1, -1)
    yield differences, tests(many_signed_ranks, differences), []


def two_sample_cases(random):
    for size_a, size_b in ((1, 1), (3, 3), (4, 4), (5, 9), (12, 10), (20, 3)):
        a, b = draw(random, size_a, 0.8), draw(random, size_b, 0)
        yield a, b, tests(rank_sum, a, b), two_sample_shifts(a, b)
    for size_a, size_b in ((40, 25), (100, 100)):
        a, b = draw(random, size_a, 0.5), draw(random, size_b, 0)
        yield a, b, tests(rank_sum, a, b), []
    for size_a, size_b, most in ((4, 5, 2), (6, 6, 3), (3, 9, 4), (8, 5, 9)):
        a, b = (random.integers(0, most + 1, size) for size in (size_a, size_b))
        yield a, b, tests(tied_rank_sum, a, b), []
    a, b = random.integers(1, 8, 120), random.integers(0, 8, 190)
    yield a, b, tests(many_ranks_summed, a, b), []


def lines(cases):
    return "[\n" + ",\n".join("    " + json.dumps(case) for case in cases) + "\n  ]"


def main():
    random = numpy.random.default_rng(1)
    one_sample = [{"differences": differences.tolist(), "test": test, "shifts": shifts}
                  for differences, test, shifts in one_sample_cases(random)]
    two_sample = [{"a": a.tolist(), "b": b.tolist(), "test": test, "shifts": shifts}
                  for a, b, test, shifts in two_sample_cases(random)]
    versions = {"scipy": scipy.__version__, "numpy": numpy.__version__}
    parts = {"versions": json.dumps(versions), "one_sample": lines(one_sample), "two_sample": lines(two_sample)}
    text = ",\n".join(f'  "{name}": {part}' for name, part in parts.items())
    pathlib.Path(__file__).with_suffix(".json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main()
