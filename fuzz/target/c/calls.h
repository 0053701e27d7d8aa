/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "fuzz/target/c/instructions.h"
#include "fuzz/target/c/lookup.h"
#include "fuzz/target/c/netns.h"
#include "fuzz/target/c/tries.h"

#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/stat.h>

/*
 * Calls about links, sockets, maps and network namespaces, which all have numbers. Each returns 0
 * or a negative errno.
 */
#define MOST 512

static int home; /* where nothing is */
static int namespaces[2];
static int programs[16];
static int links[MOST];
static struct {
	int fd;
	int far_end; /* of a connection */
	int netns;
} sockets[MOST];

enum map_number { SOCKMAP, SOCKHASH, NO_SOCKET };
static int maps[2];

/* What sk_lookup programs write down. They do nothing unless armed, so that they steer no SYN. */
static struct trace {
	int armed;
	int runs;
	int result_count;
	int numbers[64];  /* of the programs that ran */
	int results[256]; /* what bpf_sk_assign returned, or 1 where the map has no socket */
} trace;
static int trace_map;
static int found; /* number of the socket that was found, -1 for none */

static int result_of(int failed)
{
	return failed ? -errno : 0;
}

static void enter(int netns)
{
	if (setns(netns, CLONE_NEWNET) != 0)
		die("enter a network namespace");
}

static int open_netns(int number)
{
	enter_fresh_netns();
	namespaces[number] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	enter(home);
	return 0;
}

static void set_up(__u32 sockmap_entries, __u32 sockhash_entries)
{
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		open_netns((int)i);
	for (int i = 0; i < MOST; i++)
		links[i] = sockets[i].fd = -1;
	trace_map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "trace", 4, sizeof(trace), 1, NULL);
	maps[SOCKMAP] =
	    bpf_map_create(BPF_MAP_TYPE_SOCKMAP, "sockmap", 4, 8, sockmap_entries, NULL);
	maps[SOCKHASH] =
	    bpf_map_create(BPF_MAP_TYPE_SOCKHASH, "sockhash", 4, 8, sockhash_entries, NULL);
	if (trace_map < 0 || maps[SOCKMAP] < 0 || maps[SOCKHASH] < 0)
		die("create the maps");
}

/* Programs: steps are assigns of what a map has at a key, or of NULL. */

struct step {
	enum map_number map;
	int key;
	__u64 flags;
};

#define TRACE(field) offsetof(struct trace, field)

static size_t append(struct bpf_insn *code, size_t at, const struct bpf_insn *more, size_t count)
{
	memcpy(code + at, more, count * sizeof(*more));
	return at + count;
}
#define APPEND(...)                                                                                \
	size = append(code, size, (const struct bpf_insn[]){__VA_ARGS__},                          \
		      sizeof((const struct bpf_insn[]){__VA_ARGS__}) / sizeof(struct bpf_insn))

/* trace.array[trace.count++] = from, where the array has `most` elements, a power of two */
#define NOTE(count, array, most, from)                                                             \
	BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_7, TRACE(count)),                                    \
	    BPF_MOV64_REG(BPF_REG_2, BPF_REG_1), BPF_ADD64_IMM(BPF_REG_1, 1),                      \
	    BPF_STX_MEM(BPF_W, BPF_REG_7, BPF_REG_1, TRACE(count)),                                \
	    INSN(BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_2, 0, 0, (most)-1),                          \
	    INSN(BPF_ALU64 | BPF_LSH | BPF_K, BPF_REG_2, 0, 0, 2),                                 \
	    INSN(BPF_ALU64 | BPF_ADD | BPF_X, BPF_REG_2, BPF_REG_7, 0, 0),                         \
	    BPF_STX_MEM(BPF_W, BPF_REG_2, from, TRACE(array))

static void load(int number, int return_code, const struct step *steps, int count)
{
	struct bpf_insn code[256];
	size_t size = 0;

	APPEND(BPF_MOV64_REG(BPF_REG_6, BPF_REG_1), BPF_LD_MAP_VALUE(BPF_REG_7, trace_map),
	       BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_7, TRACE(armed)),
	       BPF_JMP_IMM(BPF_JNE, BPF_REG_1, 0, 2), BPF_MOV64_IMM(BPF_REG_0, SK_PASS),
	       BPF_EXIT_INSN(), BPF_MOV64_IMM(BPF_REG_9, number),
	       NOTE(runs, numbers, 64, BPF_REG_9));
	for (int i = 0; i < count; i++) {
		if (steps[i].map == NO_SOCKET)
			APPEND(BPF_MOV64_REG(BPF_REG_1, BPF_REG_6), BPF_MOV64_IMM(BPF_REG_2, 0),
			       BPF_LD_IMM64(BPF_REG_3, steps[i].flags), BPF_CALL_HELPER(sk_assign),
			       BPF_MOV64_REG(BPF_REG_9, BPF_REG_0));
		else
			APPEND(BPF_ST_MEM(BPF_W, BPF_REG_10, -4, steps[i].key),
			       BPF_LD_MAP_FD(BPF_REG_1, maps[steps[i].map]),
			       BPF_MOV64_REG(BPF_REG_2, BPF_REG_10), BPF_ADD64_IMM(BPF_REG_2, -4),
			       BPF_CALL_HELPER(map_lookup_elem),
			       BPF_MOV64_REG(BPF_REG_8, BPF_REG_0), BPF_MOV64_IMM(BPF_REG_9, 1),
			       BPF_JMP_IMM(BPF_JEQ, BPF_REG_8, 0, 8),
			       BPF_MOV64_REG(BPF_REG_1, BPF_REG_6),
			       BPF_MOV64_REG(BPF_REG_2, BPF_REG_8),
			       BPF_LD_IMM64(BPF_REG_3, steps[i].flags), BPF_CALL_HELPER(sk_assign),
			       BPF_MOV64_REG(BPF_REG_9, BPF_REG_0),
			       BPF_MOV64_REG(BPF_REG_1, BPF_REG_8), BPF_CALL_HELPER(sk_release));
		APPEND(NOTE(result_count, results, 256, BPF_REG_9));
	}
	APPEND(BPF_MOV64_IMM(BPF_REG_0, return_code), BPF_EXIT_INSN());
	programs[number] = load_program(BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP, code, size);
}

static void load_socket_filter(int number)
{
	const struct bpf_insn code[] = {BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN()};

	programs[number] = load_program(BPF_PROG_TYPE_SOCKET_FILTER, 0, code, ARRAY_SIZE(code));
}

/* Links */

static int attach_link(int link, int program, int netns)
{
	links[link] = bpf_link_create(programs[program], namespaces[netns], BPF_SK_LOOKUP, NULL);
	return result_of(links[link] < 0);
}

static int update(int link, int program)
{
	return result_of(bpf_link_update(links[link], programs[program], NULL));
}

static int update_expecting(int link, int program, int expected)
{
	LIBBPF_OPTS(bpf_link_update_opts, options, .flags = BPF_F_REPLACE,
		    .old_prog_fd = (__u32)programs[expected]);

	return result_of(bpf_link_update(links[link], programs[program], &options));
}

static int detach(int link)
{
	return result_of(bpf_link_detach(links[link]));
}

static int close_link(int link)
{
	return result_of(close(links[link]));
}

static int attach_without_link(int program, int netns)
{
	int result;

	enter(namespaces[netns]);
	result = result_of(bpf_prog_attach(programs[program], 0, BPF_SK_LOOKUP, 0));
	enter(home);
	return result;
}

static int detach_without_link(int program, int netns)
{
	int result;

	enter(namespaces[netns]);
	result = result_of(bpf_prog_detach2(programs[program], 0, BPF_SK_LOOKUP));
	enter(home);
	return result;
}

static struct bpf_link_info info_of(int fd)
{
	struct bpf_link_info info = {0};
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &size) != 0)
		die("read link info");
	return info;
}

static int number_of_program(__u32 id)
{
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		struct bpf_prog_info info = {0};
		__u32 size = sizeof(info);

		if (programs[i] && bpf_obj_get_info_by_fd(programs[i], &info, &size) == 0 &&
		    info.id == id)
			return (int)i;
	}
	return -1;
}

/* Sockets */

static int open_socket(int number, int family, int type, int v6only, int reuseport, int netns)
{
	enter(namespaces[netns]);
	sockets[number].fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	enter(home);
	sockets[number].far_end = -1;
	sockets[number].netns = netns;
	if (sockets[number].fd < 0)
		return -errno;
	if (type == SOCK_STREAM)
		set_option(sockets[number].fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (reuseport)
		set_option(sockets[number].fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (family == AF_INET6)
		set_option(sockets[number].fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	set_option(sockets[number].fd, SOL_SOCKET, SO_MARK, MARK(number));
	return 0;
}

static int bind_socket(int number, int family, struct endpoint local)
{
	struct sockaddr_storage address;
	const socklen_t size = set_address(&address, family, &local);

	return result_of(bind(sockets[number].fd, (struct sockaddr *)&address, size));
}

static int connect_socket(int number, int family, struct endpoint peer)
{
	struct sockaddr_storage address;
	const socklen_t size = set_address(&address, family, &peer);

	return result_of(connect(sockets[number].fd, (struct sockaddr *)&address, size));
}

static int disconnect_socket(int number)
{
	const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

	return result_of(connect(sockets[number].fd, &nowhere, sizeof(nowhere)));
}

static int listen_on(int number)
{
	return result_of(listen(sockets[number].fd, 16));
}

static int shut_down(int number)
{
	return result_of(shutdown(sockets[number].fd, SHUT_RD));
}

/* With a reset, so that nothing waits in TIME_WAIT. */
static void reset_on_close(int fd)
{
	const struct linger at_once = {.l_onoff = 1};

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) != 0)
		die("set SO_LINGER");
}

/* A connection that one of the listeners accepts, which `found` is. */
static int establish(int number, int netns, struct packet packet)
{
	struct sockaddr_storage address;
	socklen_t size = set_address(&address, packet.family, &packet.source);
	int far_end, result;

	enter(namespaces[netns]);
	far_end = socket(packet.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	enter(home);
	found = -1;
	set_option(far_end, SOL_SOCKET, SO_REUSEADDR, 1);
	reset_on_close(far_end);
	if (bind(far_end, (struct sockaddr *)&address, size) != 0)
		die("bind the far end of a connection");
	size = set_address(&address, packet.family, &packet.destination);
	result = result_of(connect(far_end, (struct sockaddr *)&address, size));
	for (int tries = 0; result == 0 && found < 0 && tries < 2000; tries++) {
		for (int i = 0; i < MOST && found < 0; i++) {
			const int fd = sockets[i].fd < 0 ? -1
							 : accept4(sockets[i].fd, NULL, NULL,
								   SOCK_CLOEXEC | SOCK_NONBLOCK);

			if (fd < 0)
				continue;
			reset_on_close(fd);
			set_option(fd, SOL_SOCKET, SO_MARK, MARK(number));
			sockets[number].fd = fd;
			sockets[number].far_end = far_end;
			sockets[number].netns = netns;
			found = i;
		}
		if (found < 0)
			usleep(1000);
	}
	if (found < 0)
		close(far_end);
	return result;
}

static int close_socket(int number)
{
	const int failed = close(sockets[number].fd);

	if (sockets[number].far_end >= 0)
		close(sockets[number].far_end);
	sockets[number].fd = -1;
	return result_of(failed);
}

/* The last reference goes, and with it the links are detached, a moment later. */
static int exit_netns(int number)
{
	struct stat status;

	if (fstat(namespaces[number], &status) != 0)
		die("stat a network namespace");
	for (int i = 0; i < MOST; i++)
		if (sockets[i].fd >= 0 && sockets[i].netns == number)
			close_socket(i);
	close(namespaces[number]);
	for (int milliseconds = 0; milliseconds < 20000; milliseconds++) {
		int attached = 0;

		for (int i = 0; i < MOST; i++)
			if (links[i] >= 0 && fcntl(links[i], F_GETFD) >= 0)
				attached += info_of(links[i]).netns.netns_ino == status.st_ino;
		if (!attached)
			return 0;
		usleep(1000);
	}
	return -ETIMEDOUT;
}

/* Maps */

static int put(int number, enum map_number map, int key, __u64 flags)
{
	const __u64 fd = (__u64)sockets[number].fd;

	return result_of(bpf_map_update_elem(maps[map], &key, &fd, flags));
}

static int erase(enum map_number map, int key)
{
	return result_of(bpf_map_delete_elem(maps[map], &key));
}

/* Finds the socket at the key. */
static int read_map(enum map_number map, int key)
{
	__u64 cookie, other;
	const int result = result_of(bpf_map_lookup_elem(maps[map], &key, &cookie));

	found = -1;
	for (int i = 0; result == 0 && i < MOST; i++) {
		socklen_t size = sizeof(other);

		if (sockets[i].fd >= 0 &&
		    getsockopt(sockets[i].fd, SOL_SOCKET, SO_COOKIE, &other, &size) == 0 &&
		    other == cookie)
			found = i;
	}
	return result;
}

static int look_up_in(int netns, struct packet packet)
{
	const int first = 0;

	memset(&trace, 0, sizeof(trace));
	trace.armed = 1;
	if (bpf_map_update_elem(trace_map, &first, &trace, BPF_ANY) != 0)
		die("arm the programs");
	enter(namespaces[netns]);
	found = look_up(&packet) - 1;
	enter(home);
	if (bpf_map_lookup_elem(trace_map, &first, &trace) != 0)
		die("read the trace");
	const int runs = trace.runs;

	trace.armed = 0;
	if (bpf_map_update_elem(trace_map, &first, &trace, BPF_ANY) != 0)
		die("disarm the programs");
	trace.runs = runs;
	return 0;
}

/* Facts */

static const char *list_of(const int *numbers, int count)
{
	static char text[4096];
	size_t size = 0;

	text[0] = '\0';
	for (int i = 0; i < count && size < sizeof(text) - 16; i++)
		size += (size_t)sprintf(text + size, i ? " %d" : "%d", numbers[i]);
	return text;
}

static void fact_list(const char *what, const char *expected, const int *numbers, int count)
{
	const char *seen = list_of(numbers, count);

	fact(strcmp(expected, seen) == 0, what, expected, seen);
}

/* `allowed` ends with -1; if it has no more than that, none must be found. */
static void fact_found(const char *expected, const int *allowed)
{
	char seen[32] = "none";
	int same = allowed[0] == found;

	for (; *allowed >= 0; allowed++)
		same |= *allowed == found;
	if (found >= 0)
		snprintf(seen, sizeof(seen), "%d", found);
	fact(same, "socket", expected, seen);
}

static void fact_lookup(const char *ran, const char *results)
{
	fact_list("programs that ran", ran, trace.numbers, trace.runs);
	fact_list("results of their steps", results, trace.results, trace.result_count);
}

static void fact_query(const char *what, int netns, __u32 flags, __u32 room, int expected,
		       int expected_count, const char *expected_programs)
{
	__u32 ids[65] = {0};
	int numbers[65], count = 0, result;
	LIBBPF_OPTS(bpf_prog_query_opts, options, .query_flags = flags, .prog_ids = ids,
		    .prog_cnt = room);

	result = result_of(bpf_prog_query_opts(namespaces[netns], BPF_SK_LOOKUP, &options));
	fact_number(what, expected, result);
	if (result == -EINVAL)
		return;
	for (; count < (int)room && ids[count]; count++)
		numbers[count] = number_of_program(ids[count]);
	fact_number("count", expected_count, (int)options.prog_cnt);
	fact_list("programs", expected_programs, numbers, count);
}

static void fact_link(const char *what, int link, int expected_program, int expected_attached)
{
	const struct bpf_link_info info = info_of(links[link]);

	fact_number(what, expected_program, number_of_program(info.prog_id));
	fact_number("attached", expected_attached, info.netns.netns_ino != 0);
}
