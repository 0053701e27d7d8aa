/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "fuzz/target/c/instructions.h"
#include "fuzz/target/c/sockets.h"

#include <stddef.h>

struct packet {
	int family;
	int type; /* of the sockets that can receive it: SOCK_STREAM or SOCK_DGRAM */
	struct endpoint source;
	struct endpoint destination;
};

/* Writes a struct bpf_sock_tuple: both addresses, both ports. */
static size_t write_tuple(const struct packet *packet, unsigned char *tuple)
{
	const size_t size = packet->family == AF_INET ? 4 : 16;
	const unsigned short ports[] = {htons(packet->source.port),
					htons(packet->destination.port)};

	inet_pton(packet->family, packet->source.address, tuple);
	inet_pton(packet->family, packet->destination.address, tuple + size);
	memcpy(tuple + 2 * size, ports, sizeof(ports));
	return 2 * size + sizeof(ports);
}

/*
 * The mark of the socket in this netns that the packet belongs to, 0 for none. Calls
 * bpf_sk_lookup_tcp or bpf_sk_lookup_udp, which do all that the arrival of a packet does: connected
 * sockets, sk_lookup programs, the hashtable, reuseport groups.
 */
static int look_up(const struct packet *packet)
{
	__s32 tuple[sizeof(struct bpf_sock_tuple) / sizeof(__s32)];
	const size_t tuple_size = write_tuple(packet, (unsigned char *)tuple);
	const int words = (int)(tuple_size / sizeof(tuple[0]));
	const struct bpf_insn call[] = {
	    /* r1 is the context already. */
	    BPF_MOV64_REG(BPF_REG_2, BPF_REG_10),
	    BPF_ADD64_IMM(BPF_REG_2, -(int)tuple_size),
	    BPF_MOV64_IMM(BPF_REG_3, (int)tuple_size),
	    BPF_MOV64_IMM(BPF_REG_4, BPF_F_CURRENT_NETNS),
	    BPF_MOV64_IMM(BPF_REG_5, 0),
	    INSN(BPF_JMP | BPF_CALL, 0, 0, 0,
		 packet->type == SOCK_STREAM ? BPF_FUNC_sk_lookup_tcp : BPF_FUNC_sk_lookup_udp),
	    BPF_JMP_IMM(BPF_JEQ, BPF_REG_0, 0, 4), /* return 0 */
	    BPF_LDX_MEM(BPF_W, BPF_REG_6, BPF_REG_0, offsetof(struct bpf_sock, mark)),
	    BPF_MOV64_REG(BPF_REG_1, BPF_REG_0),
	    BPF_CALL_HELPER(sk_release),
	    BPF_MOV64_REG(BPF_REG_0, BPF_REG_6),
	    BPF_EXIT_INSN(),
	};
	struct bpf_insn code[ARRAY_SIZE(tuple) + ARRAY_SIZE(call)];
	unsigned char frame[64] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = sizeof(frame),
		    .repeat = 1);
	int fd;

	/* The tuple goes onto the program's stack. */
	for (int i = 0; i < words; i++)
		code[i] = BPF_ST_MEM(BPF_W, BPF_REG_10, (__s16)(4 * i - (int)tuple_size), tuple[i]);
	memcpy(code + words, call, sizeof(call));
	fd = load_program(BPF_PROG_TYPE_SCHED_CLS, 0, code, (size_t)words + ARRAY_SIZE(call));
	if (bpf_prog_test_run_opts(fd, &options) != 0)
		die("run the program that looks up");
	close(fd);
	return (int)options.retval;
}
