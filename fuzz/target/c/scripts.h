/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "fuzz/target/c/instructions.h"

#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

/* What sk_lookup programs write down, in the only element of an array map. */
static struct results {
	int programs_run;
	struct {
		int runs;
		int order;
		int assigned[16]; /* what bpf_sk_assign returned */
	} program[64];
} results;

static int results_map;
static int socket_map;

/* r6 is the context, r7 points to the results. */
#define BEGIN_PROGRAM BPF_MOV64_REG(BPF_REG_6, BPF_REG_1), BPF_LD_MAP_VALUE(BPF_REG_7, results_map)

#define RESULT(field) offsetof(struct results, field)
#define INCREMENT(field)                                                                           \
	BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_7, RESULT(field)), BPF_ADD64_IMM(BPF_REG_1, 1),      \
	    BPF_STX_MEM(BPF_W, BPF_REG_7, BPF_REG_1, RESULT(field))

/* program[n].runs++; program[n].order = ++programs_run */
#define NOTE_RUN(n)                                                                                \
	INCREMENT(program[n].runs), INCREMENT(programs_run),                                       \
	    BPF_STX_MEM(BPF_W, BPF_REG_7, BPF_REG_1, RESULT(program[n].order))

/* The k-th bpf_sk_assign of program n, of a socket that is in the map. */
#define ASSIGN(n, k, index, flags)                                                                 \
	BPF_ST_MEM(BPF_W, BPF_REG_10, -4, index), BPF_LD_MAP_FD(BPF_REG_1, socket_map),            \
	    BPF_MOV64_REG(BPF_REG_2, BPF_REG_10), BPF_ADD64_IMM(BPF_REG_2, -4),                    \
	    BPF_CALL_HELPER(map_lookup_elem), BPF_MOV64_REG(BPF_REG_8, BPF_REG_0),                 \
	    BPF_JMP_IMM(BPF_JEQ, BPF_REG_8, 0, 8), /* leave all of it out */                       \
	    BPF_MOV64_REG(BPF_REG_1, BPF_REG_6), BPF_MOV64_REG(BPF_REG_2, BPF_REG_8),              \
	    BPF_LD_IMM64(BPF_REG_3, flags), BPF_CALL_HELPER(sk_assign),                            \
	    BPF_STX_MEM(BPF_W, BPF_REG_7, BPF_REG_0, RESULT(program[n].assigned[k])),              \
	    BPF_MOV64_REG(BPF_REG_1, BPF_REG_8), BPF_CALL_HELPER(sk_release)

#define ASSIGN_NULL(n, k, flags)                                                                   \
	BPF_MOV64_REG(BPF_REG_1, BPF_REG_6), BPF_MOV64_IMM(BPF_REG_2, 0),                          \
	    BPF_LD_IMM64(BPF_REG_3, flags), BPF_CALL_HELPER(sk_assign),                            \
	    BPF_STX_MEM(BPF_W, BPF_REG_7, BPF_REG_0, RESULT(program[n].assigned[k]))

#define RETURN(value) BPF_MOV64_IMM(BPF_REG_0, value), BPF_EXIT_INSN()

/*
 * For dialects that the kernel does not have, where one program does what all of a scenario's do:
 * it decides at its end whether what is selected counts.
 */
#define CLEAR_SELECTION                                                                            \
	BPF_MOV64_REG(BPF_REG_1, BPF_REG_6), BPF_MOV64_IMM(BPF_REG_2, 0),                          \
	    BPF_MOV64_IMM(BPF_REG_3, BPF_SK_LOOKUP_F_REPLACE), BPF_CALL_HELPER(sk_assign)
#define RETURN_PASS_IF_SELECTED                                                                    \
	BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_6, offsetof(struct bpf_sk_lookup, sk)),             \
	    BPF_JMP_IMM(BPF_JEQ, BPF_REG_1, 0, 2), RETURN(SK_PASS)

static void clear_results(void)
{
	const int first = 0;

	memset(&results, 0, sizeof(results));
	/* An assign that is not made stays 1, which bpf_sk_assign does not return. */
	for (size_t i = 0; i < ARRAY_SIZE(results.program); i++)
		for (size_t k = 0; k < ARRAY_SIZE(results.program[i].assigned); k++)
			results.program[i].assigned[k] = 1;
	if (bpf_map_update_elem(results_map, &first, &results, BPF_ANY) != 0)
		die("clear what the programs wrote down");
}

static void create_maps(void)
{
	results_map =
	    bpf_map_create(BPF_MAP_TYPE_ARRAY, "results", sizeof(int), sizeof(results), 1, NULL);
	socket_map =
	    bpf_map_create(BPF_MAP_TYPE_SOCKMAP, "sockets", sizeof(int), sizeof(__u64), 1024, NULL);
	if ((results_map < 0 || socket_map < 0) && errno == EPERM)
		skip("BPF maps need root");
	if (results_map < 0 || socket_map < 0)
		die("create the maps");
	clear_results();
}

static void put_into_socket_map(int index, int fd)
{
	const __u64 value = (__u64)fd;

	if (bpf_map_update_elem(socket_map, &index, &value, BPF_ANY) != 0)
		die("put a socket into the SOCKMAP");
}

/* The link stays until the process ends. */
static void attach(int program)
{
	const int netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (netns < 0 || bpf_link_create(program, netns, BPF_SK_LOOKUP, NULL) < 0)
		die("attach a sk_lookup program");
	close(netns);
}

static void read_results(void)
{
	const int first = 0;

	if (bpf_map_lookup_elem(results_map, &first, &results) != 0)
		die("read what the programs wrote down");
}
