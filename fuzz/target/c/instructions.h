/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "fuzz/target/c/report.h"

#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* BPF instructions under the names that the kernel has for them; sizes are BPF_W, BPF_DW ... */
#define INSN(operation, dst, src, offset, value)                                                   \
	((struct bpf_insn){.code = (operation),                                                    \
			   .dst_reg = (dst),                                                       \
			   .src_reg = (src),                                                       \
			   .off = (offset),                                                        \
			   .imm = (value)})
#define BPF_MOV64_IMM(dst, value) INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, value)
#define BPF_MOV64_REG(dst, src) INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define BPF_ADD64_IMM(dst, value) INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, value)
#define BPF_LDX_MEM(size, dst, src, off) INSN(BPF_LDX | BPF_MEM | (size), dst, src, off, 0)
#define BPF_STX_MEM(size, dst, src, off) INSN(BPF_STX | BPF_MEM | (size), dst, src, off, 0)
#define BPF_ST_MEM(size, dst, off, value) INSN(BPF_ST | BPF_MEM | (size), dst, 0, off, value)
#define BPF_JMP_IMM(operation, dst, value, off)                                                    \
	INSN(BPF_JMP | (operation) | BPF_K, dst, 0, off, value)
#define BPF_CALL_HELPER(helper) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_##helper)
#define BPF_EXIT_INSN() INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
/* These take the place of two. */
#define BPF_LD_64(dst, src, value)                                                                 \
	INSN(BPF_LD | BPF_DW | BPF_IMM, dst, src, 0, (__s32)(__u32)(value)),                       \
	    INSN(0, 0, 0, 0, (__s32)(__u32)((__u64)(value) >> 32))
#define BPF_LD_IMM64(dst, value) BPF_LD_64(dst, 0, value)
#define BPF_LD_MAP_FD(dst, fd) BPF_LD_64(dst, BPF_PSEUDO_MAP_FD, (__u32)(fd))
/* dst = &value of an array map's first element */
#define BPF_LD_MAP_VALUE(dst, fd) BPF_LD_64(dst, BPF_PSEUDO_MAP_VALUE, (__u32)(fd))

/* Of a program that the verifier must accept. */
static int load_program(enum bpf_prog_type type, enum bpf_attach_type attach_type,
			const struct bpf_insn *code, size_t count)
{
	static char log[1 << 20];
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach_type);
	int fd = bpf_prog_load(type, "reproducer", "Dual BSD/GPL", code, count, &options);

	if (fd >= 0)
		return fd;
	if (errno == EPERM)
		skip("loading a BPF program needs root");
	if (libbpf_probe_bpf_prog_type(type, NULL) == 0)
		skip("this kernel does not have this type of BPF program");
	options.log_buf = log;
	options.log_size = sizeof(log);
	options.log_level = 1;
	fd = bpf_prog_load(type, "reproducer", "Dual BSD/GPL", code, count, &options);
	if (fd < 0) {
		fputs(log, stderr);
		die("load a BPF program");
	}
	return fd;
}
