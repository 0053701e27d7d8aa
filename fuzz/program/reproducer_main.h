// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The parts of a reproducer that are the same in all of them.
#pragma once

namespace sklab {

inline constexpr char kReproducerIncludes[] = R"C(#define _GNU_SOURCE
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

)C";

inline constexpr char kReproducerTypes[] = R"C(struct socket_spec {
	const char *name;
	int family, type;
	const char *address;
	int port;
	const char *peer;
	int peer_port, v6_only, reuseport;
};

struct expected_value {
	int step, shown;
	unsigned long long value;
};

)C";

inline constexpr char kReproducerMain[] =
    R"C(#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NOT_SHOWN 0x7ea5e77e57eb5a1dULL

struct memory {
	unsigned long long given;
	unsigned long long shown[SHOWN_VALUES];
};

static int cannot(const char *what)
{
	fprintf(stderr, "cannot %s: %s\n", what, strerror(errno));
	exit(4);
}

static int need(int result, const char *what)
{
	return result < 0 ? cannot(what) : result;
}

static void set_up_loopback(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = need(socket(AF_INET, SOCK_DGRAM, 0), "open a socket");

	need(unshare(CLONE_NEWNET), "create a network namespace (run as root)");
close(fd);
fd = need(socket(AF_INET, SOCK_DGRAM, 0), "open a socket");
need(ioctl(fd, SIOCSIFFLAGS, &request), "set lo up");
close(fd);
}

static void set(int fd, int level, int option, int value) {
  need(setsockopt(fd, level, option, &value, sizeof(value)), "set a socket option");
}

static socklen_t fill_address(struct sockaddr_storage *to, int family, const char *address,
                              int port) {
  struct sockaddr_in *in = (void *)to;
  struct sockaddr_in6 *in6 = (void *)to;

  memset(to, 0, sizeof(*to));
  to->ss_family = family;
  if (family == AF_INET) {
    in->sin_port = htons(port);
    inet_pton(family, address, &in->sin_addr);
    return sizeof(*in);
  }
  in6->sin6_port = htons(port);
  inet_pton(family, address, &in6->sin6_addr);
  return sizeof(*in6);
}

static int open_bound(const struct socket_spec *spec, const char *address, int port) {
  struct sockaddr_storage to;
  socklen_t size = fill_address(&to, spec->family, address, port);
  int fd = need(socket(spec->family, spec->type, 0), "open a socket");

  if (spec->type == SOCK_STREAM) set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (spec->reuseport) set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
  if (spec->family == AF_INET6) {
    set(fd, IPPROTO_IPV6, IPV6_V6ONLY, spec->v6_only);
    set(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
  }
  need(bind(fd, (void *)&to, size), "bind a socket");
  return fd;
}

static int open_spec(const struct socket_spec *spec) {
  struct sockaddr_storage to;
  int peer, connection, fd = open_bound(spec, spec->address, spec->port);

  if (spec->type == SOCK_STREAM) need(listen(fd, 16), "listen");
  if (!spec->peer) return fd;
  if (spec->type == SOCK_DGRAM) {
    socklen_t size = fill_address(&to, spec->family, spec->peer, spec->peer_port);

    need(connect(fd, (void *)&to, size), "connect a UDP socket");
    return fd;
  }
  peer = open_bound(spec, spec->peer, spec->peer_port);
  need(connect(peer, (void *)&to, fill_address(&to, spec->family, spec->address, spec->port)),
       "connect a TCP socket");
  connection = need(accept(fd, NULL, NULL), "accept");
  close(fd);
  return connection;
}

static void put(int map, unsigned int key, int fd) {
  unsigned long long value = fd;

  need(bpf_map_update_elem(map, &key, &value, BPF_ANY), "put a socket into a map");
}

static int make_map(enum bpf_map_type type, unsigned int size, unsigned int entries,
                    unsigned int flags) {
  LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = flags);

  return need(bpf_map_create(type, "reproducer", 4, size, entries, &options), "create a map");
}

/* Instead of 1001 to 1003. */
static void fill_in_maps(const int *maps) {
  size_t i;

  for (i = 0; i < COUNT(instructions); i++)
    if (instructions[i].code == (BPF_LD | BPF_DW | BPF_IMM) && instructions[i].src_reg)
      instructions[i].imm = maps[instructions[i].imm - 1001];
}

static int check_value(int wrong, const char *what, unsigned long long expected,
                       unsigned long long got) {
  if (expected == got) return wrong;
  printf("%s: %#llx by the rules, %#llx by the kernel\n", what, expected, got);
  return 1;
}

static int check_run(int program, struct memory *memory, const unsigned long long *cookies) {
  struct bpf_sk_lookup context = {}, out = {};
  LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_size_in = sizeof(context),
              .ctx_out = &out, .ctx_size_out = sizeof(out), .repeat = 1);
  int error, wrong = 0;
  size_t i;

  fill_context(&context);
  memory->given = GIVEN_NUMBER;
  for (i = 0; i < SHOWN_VALUES; i++) memory->shown[i] = NOT_SHOWN;
  error = bpf_prog_test_run_opts(program, &options) ? errno : 0;
  for (i = 0; i < COUNT(expected_values); i++) {
    const struct expected_value *one = &expected_values[i];
    char what[32];

    snprintf(what, sizeof(what), "step %d", one->step);
    wrong = check_value(wrong, what, one->shown ? one->value : NOT_SHOWN, memory->shown[one->step]);
  }
  wrong = check_value(wrong, "error of the test run", RUN_ERROR, error);
  if (error) return wrong;
  wrong = check_value(wrong, "return code", RETURN_CODE, options.retval);
  return check_value(wrong, "cookie of the selected socket",
                     SELECTED < 0 ? 0 : cookies[SELECTED < 0 ? 0 : SELECTED], out.cookie);
}

int main(void) {
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_SK_LOOKUP);
  unsigned long long cookies[COUNT(specs)];
  static char log[1 << 20];
  struct memory *memory;
  int maps[3], program;
  size_t i;

  set_up_loopback();
  maps[0] = make_map(BPF_MAP_TYPE_SOCKMAP, 8, COUNT(specs) + 1, 0);
  maps[1] = make_map(BPF_MAP_TYPE_SOCKHASH, 8, COUNT(specs) + 1, 0);
  maps[2] = make_map(BPF_MAP_TYPE_ARRAY, sizeof(*memory), 1, BPF_F_MMAPABLE);
  memory = mmap(NULL, sizeof(*memory), PROT_READ | PROT_WRITE, MAP_SHARED, maps[2], 0);
  if (memory == MAP_FAILED) cannot("map memory");
  for (i = 0; i < COUNT(specs); i++) {
    socklen_t size = sizeof(cookies[i]);
    int fd = open_spec(&specs[i]);

    set(fd, SOL_SOCKET, SO_MARK, i + 1);
    need(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookies[i], &size), "read a cookie");
    put(maps[0], i, fd);
    put(maps[1], i, fd);
  }
  fill_in_maps(maps);
  options.log_level = 1;
  options.log_buf = log;
  options.log_size = sizeof(log);
  program = bpf_prog_load(BPF_PROG_TYPE_SK_LOOKUP, "reproducer", "Dual BSD/GPL", instructions,
                          COUNT(instructions), &options);
  if (program < 0 && errno != EINVAL && errno != EACCES) cannot("load the program");
  if ((program >= 0) != LOADS) {
    printf("%s by the rules, %s by the kernel\n%s", LOADS ? "loads" : "refused",
           program >= 0 ? "loads" : "refused", program >= 0 ? "" : log);
    return 1;
  }
  if (program >= 0 && CHECK_RUN && check_run(program, memory, cookies)) return 1;
  puts("the kernel does as the rules say");
  return 0;
}
)C";

}  // namespace sklab
