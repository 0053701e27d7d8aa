/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every struct that BPF programs share with C++. Both sides compile the assertions below, so that a
 * layout that differs between them does not build.
 */
#pragma once

#include <linux/types.h>
#include <stddef.h>

#ifdef __cplusplus
#define SKLAB_ASSERT static_assert
#else
#define SKLAB_ASSERT _Static_assert
#endif

enum sklab_limits {
	SKLAB_TUPLES = 32768,         /* tuples a batch can choose from; a power of two */
	SKLAB_BATCHES = 256,          /* batches that can run at the same time, one a CPU */
	SKLAB_PROGRAMS = 64,          /* netns link limit: NETNS_BPF_... in net_namespace.c */
	SKLAB_ASSIGNS = 16,           /* scripted assigns a program */
	SKLAB_SOCKETS = 65536,        /* slots of the maps that hold sockets */
	SKLAB_CHOICES = 64,           /* reuseport groups with a program */
	SKLAB_NUMBERS = 8,            /* programs that can be attached anywhere and often */
	SKLAB_STEPS = 4,              /* what one of them does */
	SKLAB_RACE_LOOKUPS = 256,     /* lookups of a race, each with a source port of its own */
	SKLAB_RACE_PORT = 0x4000,     /* that of the first; a multiple of their number */
	SKLAB_RACE_WATCHED = 64,      /* addresses that its stops can be about */
	SKLAB_RACE_TRACE = 15,        /* programs of a lookup that are written down */
	SKLAB_MOST_BURN = 4096,       /* steps of needless work an iteration */
	SKLAB_REPLY_MARKS = 64,       /* listeners whose replies are told apart; a power of two */
	SKLAB_STAMPS = 512,           /* clock readings of a flood; a power of two */
	SKLAB_NO_SOCKET = 0xffffffff, /* a scripted assign of NULL */
	/*
	 * The scripted program's position in the attach order stands in its code as this constant,
	 * which the loader replaces: programs that share code and maps still know who they are.
	 */
	SKLAB_POSITION_MARKER = 0x5ca1ab1e,
};

/*
 * What one lookup looks for, and the marks (SO_MARK) that a right answer may have. No socket counts
 * as mark 0. `addresses` is a struct bpf_sock_tuple: 12 bytes for IPv4, 36 for IPv6.
 */
struct sklab_tuple {
	__u8 addresses[36];
	__u32 mark_low;
	__u32 mark_high;
	__u32 reserved;
};

/* A batch of lookups: above the line filled in by C++, below it by the probe program. */
struct sklab_batch {
	__u64 lookups;     /* timed; a multiple of what an iteration does */
	__u64 warmup;      /* before them, untimed */
	__u32 tuple_first; /* lookup i uses tuple (tuple_first + (i & tuple_mask)) % SKLAB_TUPLES */
	__u32 tuple_mask;
	__u64 burn; /* steps of needless work an iteration, if the probe was loaded for it */

	__u64 elapsed_ns; /* of the timed lookups */
	__u64 matched;    /* lookups whose answer had a right mark */
	__u32 last_mark;  /* of the last timed lookup */
	__u32 wrong_mark; /* of the last wrong answer, 0 when there was none or it was no socket */
	__u64 reserved;   /* a cache line each, since every CPU writes to its own */
};

/* What a scripted lookup looks for. `kind` says what `addresses`, a struct bpf_sock_tuple, are. */
enum sklab_kind { SKLAB_UDP4, SKLAB_UDP6, SKLAB_TCP4, SKLAB_TCP6 };

struct sklab_packet {
	__u8 addresses[36];
	__u32 kind;
};

/* One scripted lookup: above the line filled in by C++, below it by the driver. */
struct sklab_lookup {
	__u32 packet; /* index into the packets, which lookups can share */

	__u32 mark; /* SO_MARK of the socket that was found, 0 for none */
};

/* What the scripted programs have to know about the lookup that runs now. */
struct sklab_batch_state {
	__u32 lookup_count;  /* of the batch */
	__u32 program_count; /* of every lookup */
	__u32 first_run; /* of the lookup that runs now: the runs of its programs are consecutive */
	__u32 dialect;   /* of the dispatcher, as are the codes */
	__u32 code_ok;
	__u32 code_drop;
	__u32 code_redirect;
	__u32 sequence; /* scripts that ran in this lookup */
};

/* By the same order as C++'s Dialect. */
enum sklab_dialect { SKLAB_REDIRECT, SKLAB_OK_DROP, SKLAB_PASS_DROP };

/* What the SK_REUSEPORT program of a group does; `action` as C++'s ReuseportProgram::Action. */
enum sklab_choice_action { SKLAB_CHOOSE_NONE, SKLAB_CHOOSE_DROP, SKLAB_CHOOSE_SELECT };

struct sklab_choice {
	__u32 action;
	__u32 socket; /* slot in the socket map */
	__u64 runs;
};

/* One bpf_sk_assign call of a scripted program. */
struct sklab_assign {
	__u32 socket; /* slot in the socket map, or SKLAB_NO_SOCKET */
	__u32 reserved;
	__u64 flags;
};

struct sklab_script {
	__u32 assign_count;
	__u32 return_code;
	struct sklab_assign assigns[SKLAB_ASSIGNS];
};

/* One program in one lookup: above the line filled in by C++, below it by the program. */
struct sklab_run {
	__u32 script; /* index into the scripts, which programs and lookups can share */

	__u16 count;                  /* how often it ran, up to 65535 */
	__u16 order;                  /* of the last run within its lookup, from 1 */
	__s16 results[SKLAB_ASSIGNS]; /* what each assign returned in the last run */
};

/*
 * What a program does that can be attached anywhere and often: assigns from maps, and a code. `map`
 * is one of enum sklab_step_map.
 */
enum sklab_step_map { SKLAB_IN_SOCKMAP, SKLAB_IN_SOCKHASH /* or SKLAB_NO_SOCKET */ };

enum sklab_step_result { SKLAB_NOT_MAPPED = 1 /* or what bpf_sk_assign returned */ };

struct sklab_step {
	__u32 map;
	__u32 key;
	__u64 flags;
};

struct sklab_numbered {
	__u32 step_count;
	__u32 return_code;
	struct sklab_step steps[SKLAB_STEPS];
};

/*
 * One lookup, and what the programs did: above the line filled in by C++. The numbers of the
 * programs that ran, in the order in which they did, and the results of all their steps.
 */
struct sklab_trace {
	__u8 addresses[36];
	__u32 kind; /* enum sklab_kind */

	__u32 mark; /* SO_MARK of the socket that was found, 0 for none */
	__u32 armed;
	__u32 runs;
	__u32 result_count;
	__u32 numbers[SKLAB_PROGRAMS];
	__s32 results[SKLAB_PROGRAMS * SKLAB_STEPS];
};

/* What a program of a race does: waits, assigns a socket, waits, returns. */
struct sklab_race_script {
	__u32 key; /* of the map of sockets, or SKLAB_NO_SOCKET: no assign */
	__u32 flags;
	__u32 return_code;
	__u32 delay; /* turns of a loop, before and after */
};

enum sklab_race_field { SKLAB_RACE_PROG, SKLAB_RACE_NET, SKLAB_RACE_ARRAY, SKLAB_RACE_ITEM };

/* How many more stops a race makes, and how many it made; what is accessed by calls about links. */
struct sklab_race_stops {
	__u64 skip; /* so many that come by first do not stop */
	__u64 left;
	__u64 passed;
	__u64 watched_count;
	struct {
		__u64 address; /* the kernel's */
		__u32 link;    /* its id */
		__u32 field;   /* enum sklab_race_field */
	} watched[SKLAB_RACE_WATCHED];
};

/* The numbers of the programs that one lookup ran, in the order in which it did. */
struct sklab_race_trace {
	__u32 runs;
	__u32 numbers[SKLAB_RACE_TRACE];
};

/*
 * Frames of a flood, which differ in their source port alone: above the line filled in by C++,
 * below it by the program that makes them.
 */
struct sklab_flood {
	__u64 stamp_at;    /* the frame before which the clock is read next, counted from 0 */
	__u64 stamp_every; /* so many frames from then on */
	__u32 checksum;    /* sum of what it covers, but for the source port, in network order */
	__u32 tcp;         /* TCP segments, or else UDP datagrams */
	__u32 ipv6;
	__u32 action; /* enum xdp_action */
	__u16 port_first;
	__u16 port_last;
	__u32 untouched; /* frames have neither port nor checksum */

	__u64 frames;
	__u32 port; /* of the next frame */
	__u32 stamp_count;
	__u64 stamps_ns[SKLAB_STAMPS];
};

/* What a flooded netns sends, all of which is dropped as it leaves. */
struct sklab_replies {
	__u64 syn_acks[SKLAB_REPLY_MARKS]; /* by the listener's mark */
	__u64 resets;
	__u64 others;
};

SKLAB_ASSERT(sizeof(struct sklab_flood) == 56 + 8 * SKLAB_STAMPS, "layout");
SKLAB_ASSERT(offsetof(struct sklab_flood, frames) == 40, "layout");
SKLAB_ASSERT(sizeof(struct sklab_tuple) == 48, "layout");
SKLAB_ASSERT(offsetof(struct sklab_tuple, mark_low) == 36, "layout");
SKLAB_ASSERT(sizeof(struct sklab_batch) == 64, "layout");
SKLAB_ASSERT(offsetof(struct sklab_batch, elapsed_ns) == 32, "layout");
SKLAB_ASSERT(sizeof(struct sklab_packet) == 40, "layout");
SKLAB_ASSERT(sizeof(struct sklab_lookup) == 8, "layout");
SKLAB_ASSERT(sizeof(struct sklab_batch_state) == 32, "layout");
SKLAB_ASSERT(sizeof(struct sklab_run) == 40, "layout");
SKLAB_ASSERT(sizeof(struct sklab_choice) == 16, "layout");
SKLAB_ASSERT(sizeof(struct sklab_assign) == 16, "layout");
SKLAB_ASSERT(sizeof(struct sklab_script) == 264, "layout");
SKLAB_ASSERT(sizeof(struct sklab_step) == 16, "layout");
SKLAB_ASSERT(sizeof(struct sklab_numbered) == 72, "layout");
SKLAB_ASSERT(sizeof(struct sklab_trace) == 1336, "layout");
SKLAB_ASSERT(sizeof(struct sklab_race_script) == 16, "layout");
SKLAB_ASSERT(sizeof(struct sklab_race_trace) == 64, "layout");
SKLAB_ASSERT(sizeof(struct sklab_race_stops) == 32 + 16 * SKLAB_RACE_WATCHED, "layout");
