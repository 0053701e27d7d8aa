/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "fuzz/target/c/scripts.h"

#include <sys/socket.h>

/* In a SK_REUSEPORT program: choose the socket at this place of the map. */
#define SELECT_MEMBER(index)                                                                       \
	BPF_ST_MEM(BPF_W, BPF_REG_10, -4, index), BPF_LD_MAP_FD(BPF_REG_2, socket_map),            \
	    BPF_MOV64_REG(BPF_REG_3, BPF_REG_10), BPF_ADD64_IMM(BPF_REG_3, -4),                    \
	    BPF_MOV64_IMM(BPF_REG_4, 0), BPF_CALL_HELPER(sk_select_reuseport)

/* The program counts for the whole group of the socket. */
static void attach_to_group(int fd, int program)
{
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &program, sizeof(program)) != 0)
		die("attach a SK_REUSEPORT program");
}
