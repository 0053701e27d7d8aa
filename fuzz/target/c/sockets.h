/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "fuzz/target/c/report.h"

#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

struct endpoint {
	const char *address; /* NULL: none */
	unsigned short port;
};

struct socket_spec {
	const char *name;
	int family;
	int type; /* SOCK_STREAM listens, or is one side of a connection if it has a peer */
	struct endpoint local;
	struct endpoint peer;
	int v6only;
	int reuseport;
};

/* Sockets are told apart by their SO_MARK; 0 is no socket. */
#define MARK(index) ((index) + 1)

static const char *name_of(const struct socket_spec *specs, int mark)
{
	for (int i = 0; specs[i].name; i++)
		if (MARK(i) == mark)
			return specs[i].name;
	return mark ? "one with another mark" : "none";
}

static socklen_t set_address(struct sockaddr_storage *to, int family, const struct endpoint *from)
{
	struct sockaddr_in *in = (struct sockaddr_in *)to;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = (sa_family_t)family;
	if (family == AF_INET) {
		in->sin_port = htons(from->port);
		inet_pton(family, from->address, &in->sin_addr);
		return sizeof(*in);
	}
	in6->sin6_port = htons(from->port);
	inet_pton(family, from->address, &in6->sin6_addr);
	return sizeof(*in6);
}

static void set_option(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)) != 0)
		die("set a socket option");
}

static int open_bound(const struct socket_spec *spec, const struct endpoint *local)
{
	const int fd = socket(spec->family, spec->type | SOCK_CLOEXEC, 0);
	struct sockaddr_storage address;
	socklen_t size;

	if (fd < 0)
		die("open a socket");
	/* Lets a listener be beside connections that have its port. */
	if (spec->type == SOCK_STREAM)
		set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (spec->reuseport)
		set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (spec->family == AF_INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, spec->v6only);
	size = set_address(&address, spec->family, local);
	if (bind(fd, (struct sockaddr *)&address, size) != 0)
		die("bind a socket");
	return fd;
}

static void connect_to(int fd, int family, const struct endpoint *peer)
{
	struct sockaddr_storage address;
	const socklen_t size = set_address(&address, family, peer);

	if (connect(fd, (struct sockaddr *)&address, size) != 0)
		die("connect a socket");
}

/* The accepted side of a connection. Its other side stays open until the process ends. */
static int open_established(const struct socket_spec *spec)
{
	const int listener = open_bound(spec, &spec->local);
	int accepted;

	if (listen(listener, 1) != 0)
		die("listen");
	connect_to(open_bound(spec, &spec->peer), spec->family, &spec->local);
	accepted = accept(listener, NULL, NULL);
	if (accepted < 0)
		die("accept");
	close(listener);
	return accepted;
}

static int is_established(const struct socket_spec *spec)
{
	return spec->type == SOCK_STREAM && spec->peer.address;
}

/*
 * Opens all of a table that ends with a nameless one: connections first, as each needs a listener
 * for a moment; UDP sockets are connected when all are bound, as connect() takes them out of their
 * reuseport group (udp_lib_hash4).
 */
static void open_sockets(const struct socket_spec *specs, int *fds,
			 int (*open_connection)(const struct socket_spec *))
{
	for (int i = 0; specs[i].name; i++)
		if (is_established(&specs[i]))
			fds[i] = open_connection(&specs[i]);
	for (int i = 0; specs[i].name; i++) {
		if (is_established(&specs[i]))
			continue;
		fds[i] = open_bound(&specs[i], &specs[i].local);
		if (specs[i].type == SOCK_STREAM && listen(fds[i], 16) != 0)
			die("listen");
	}
	for (int i = 0; specs[i].name; i++) {
		set_option(fds[i], SOL_SOCKET, SO_MARK, MARK(i));
		if (specs[i].type == SOCK_DGRAM && specs[i].peer.address)
			connect_to(fds[i], specs[i].family, &specs[i].peer);
	}
}
