/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum exit_code {
	AS_EXPECTED = 0,
	DIFFERENT = 1,
	CANNOT_RUN = 4, /* KSFT_SKIP of kselftest */
	OWN_FAILURE = 70,
};

static void die(const char *what)
{
	fprintf(stderr, "cannot %s: %s\n", what, strerror(errno));
	exit(OWN_FAILURE);
}

static void skip(const char *why)
{
	fprintf(stderr, "SKIP: %s\n", why);
	exit(CANNOT_RUN);
}

/* The facts of a run, shown by conclude(). */
static FILE *facts;
static char *facts_text;
static size_t facts_size;
static int differences;

static void fact(int same, const char *what, const char *expected, const char *seen)
{
	if (!facts) {
		facts = open_memstream(&facts_text, &facts_size);
		if (!facts)
			die("keep facts");
		fprintf(facts, "  %-40s  %-24s  %s\n", "", "by the rules", "by the kernel");
	}
	fprintf(facts, "%c %-40s  %-24s  %s\n", same ? ' ' : '!', what, expected, seen);
	differences += !same;
}

/* A number, or what a call returned: negative ones are errors. */
static void fact_number(const char *what, int expected, int seen)
{
	const int values[2] = {expected, seen};
	char texts[2][32];

	for (int i = 0; i < 2; i++) {
		const char *name = values[i] < 0 ? strerrorname_np(-values[i]) : NULL;

		snprintf(texts[i], sizeof(texts[i]), "%d %s", values[i], name ? name : "");
	}
	fact(expected == seen, what, texts[0], texts[1]);
}

/* Where there are several ways to be right. */
static void forget_facts(void)
{
	if (facts)
		fclose(facts);
	facts = NULL;
	free(facts_text);
	facts_text = NULL;
	differences = 0;
}

/* Shows the facts if one is not as expected, or if the caller wants them anyway. */
static enum exit_code conclude(int show)
{
	if (!facts)
		return AS_EXPECTED;
	fflush(facts);
	if (differences || show)
		fputs(facts_text, stdout);
	return differences ? DIFFERENT : AS_EXPECTED;
}
