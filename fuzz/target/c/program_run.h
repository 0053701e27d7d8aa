/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One program: whether it loads, and what it does in a test run. It can use the sockets, in a
 * SOCKMAP and a SOCKHASH by their index, and memory in which it shows values.
 */
#pragma once

#include "fuzz/target/c/instructions.h"
#include "fuzz/target/c/sockets.h"

#include <sys/mman.h>

#define MOST_SOCKETS 16
#define MOST_SHOWN 64
#define NOT_SHOWN 0x7ea5e77e57eb5a1dULL

/* The value of the array map. */
struct program_memory {
	unsigned long long given; /* a number that the verifier does not know */
	unsigned long long shown[MOST_SHOWN];
};

struct shown_value {
	int step;
	int shown;
	unsigned long long value;
};

/* By the rules. */
struct program_expectation {
	int loads;
	int is_known; /* what it does when it runs; the rest is about that */
	const struct shown_value *values;
	size_t value_count;
	int error; /* of the test run */
	unsigned int return_code;
	int selected; /* index of the socket, -1 for none */
};

static int program_maps[3]; /* SOCKMAP, SOCKHASH, memory */
static struct program_memory *program_memory;
static unsigned long long socket_cookies[MOST_SOCKETS];

static int create_program_map(enum bpf_map_type type, unsigned int value_size, unsigned int entries,
			      unsigned int flags)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = flags);
	const int fd = bpf_map_create(type, "reproducer", 4, value_size, entries, &options);

	if (fd < 0 && errno == EPERM)
		skip("BPF maps need root");
	if (fd < 0)
		die("create a map");
	return fd;
}

/* The maps have an empty key after those of the sockets. */
static void create_program_maps(const struct socket_spec *specs)
{
	int fds[MOST_SOCKETS];
	unsigned int count = 0;

	while (specs[count].name)
		count++;
	program_maps[0] = create_program_map(BPF_MAP_TYPE_SOCKMAP, 8, count + 1, 0);
	program_maps[1] = create_program_map(BPF_MAP_TYPE_SOCKHASH, 8, count + 1, 0);
	program_maps[2] =
	    create_program_map(BPF_MAP_TYPE_ARRAY, sizeof(*program_memory), 1, BPF_F_MMAPABLE);
	program_memory = (struct program_memory *)mmap(
	    NULL, sizeof(*program_memory), PROT_READ | PROT_WRITE, MAP_SHARED, program_maps[2], 0);
	if (program_memory == MAP_FAILED)
		die("map memory");
	open_sockets(specs, fds, open_established);
	for (unsigned int i = 0; i < count; i++) {
		const unsigned long long value = (unsigned long long)fds[i];
		socklen_t size = sizeof(socket_cookies[i]);

		if (getsockopt(fds[i], SOL_SOCKET, SO_COOKIE, &socket_cookies[i], &size) != 0)
			die("read the cookie of a socket");
		for (int map = 0; map < 2; map++)
			if (bpf_map_update_elem(program_maps[map], &i, &value, BPF_ANY) != 0)
				die("put a socket into a map");
	}
}

/* Instead of 1001 to 1003. */
static void fill_in_maps(struct bpf_insn *code, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (code[i].code == (BPF_LD | BPF_DW | BPF_IMM) && code[i].src_reg)
			code[i].imm = program_maps[code[i].imm - 1001];
}

static void fact_value(const char *what, unsigned long long expected, unsigned long long seen)
{
	char texts[2][32];

	snprintf(texts[0], sizeof(texts[0]), "%#llx", expected);
	snprintf(texts[1], sizeof(texts[1]), "%#llx", seen);
	fact(expected == seen, what, expected == NOT_SHOWN ? "not shown" : texts[0],
	     seen == NOT_SHOWN ? "not shown" : texts[1]);
}

static void compare_run(int program, const struct bpf_sk_lookup *packet, unsigned long long given,
			const struct program_expectation *expected)
{
	struct bpf_sk_lookup context = *packet, out = {};
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_size_in = sizeof(context),
		    .ctx_out = &out, .ctx_size_out = sizeof(out), .repeat = 1);
	int error;

	program_memory->given = given;
	for (size_t i = 0; i < MOST_SHOWN; i++)
		program_memory->shown[i] = NOT_SHOWN;
	error = bpf_prog_test_run_opts(program, &options) ? errno : 0;
	for (size_t i = 0; i < expected->value_count; i++) {
		const struct shown_value *value = &expected->values[i];
		char what[32];

		snprintf(what, sizeof(what), "shown by step %d", value->step);
		fact_value(what, value->shown ? value->value : NOT_SHOWN,
			   program_memory->shown[value->step]);
	}
	fact_number("error of the test run", -expected->error, -error);
	if (error)
		return;
	fact_value("return code", expected->return_code, options.retval);
	fact_value("cookie of the selected socket",
		   expected->selected < 0 ? 0 : socket_cookies[expected->selected], out.cookie);
}

/* What should not load is not run, even where it does load. */
static void compare_program(struct bpf_insn *code, size_t count, const struct bpf_sk_lookup *packet,
			    unsigned long long given, const struct program_expectation *expected)
{
	static char log[1 << 20];
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_SK_LOOKUP,
		    .log_level = 1, .log_buf = log, .log_size = sizeof(log));
	int program;

	fill_in_maps(code, count);
	program = bpf_prog_load(BPF_PROG_TYPE_SK_LOOKUP, "reproducer", "Dual BSD/GPL", code, count,
				&options);
	if (program < 0 && errno == EPERM)
		skip("loading a BPF program needs root");
	if (program < 0 && errno != EINVAL && errno != EACCES)
		die("load the program");
	fact((program >= 0) == expected->loads, "the program",
	     expected->loads ? "loads" : "is refused", program >= 0 ? "loads" : "is refused");
	if (program < 0 && expected->loads)
		fputs(log, stderr);
	if (program >= 0 && expected->loads && expected->is_known)
		compare_run(program, packet, given, expected);
}
