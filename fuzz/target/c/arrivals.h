/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Frames, and what comes of them: who receives them, and what the sender gets. */
#pragma once

#include "fuzz/target/c/segments.h"

#include <linux/errqueue.h>
#include <poll.h>

#define MOST_RECEIVERS 32

enum received { DATA, CONNECTION, ERROR, CLOSED };
static const char *const received_names[] = {"data", "a connection", "an ICMP error",
					     "the end of a connection"};

/* Of the last frame. */
static struct {
	enum reply reply;
	int count;
	struct {
		int socket;
		enum received kind;
		unsigned char payload[2048];
		size_t size;
	} received[MOST_RECEIVERS];
} arrived;

static int closed[MOST_RECEIVERS]; /* connections that have ended */

/* UDP sockets report ICMP errors also while they are not connected. */
static void report_errors(const struct socket_spec *specs, const int *fds)
{
	for (int i = 0; specs[i].name; i++) {
		if (specs[i].type != SOCK_DGRAM)
			continue;
		set_option(fds[i], IPPROTO_IP, IP_RECVERR, 1);
		if (specs[i].family == AF_INET6)
			set_option(fds[i], IPPROTO_IPV6, IPV6_RECVERR, 1);
	}
}

static void note_arrival(int socket, enum received kind, const unsigned char *payload, size_t size)
{
	if (arrived.count == MOST_RECEIVERS)
		return;
	arrived.received[arrived.count].socket = socket;
	arrived.received[arrived.count].kind = kind;
	arrived.received[arrived.count].size = size;
	if (size)
		memcpy(arrived.received[arrived.count].payload, payload, size);
	arrived.count++;
}

static void take_error(int socket, int fd)
{
	char control[512];
	int error;
	socklen_t size = sizeof(error);
	struct msghdr message = {.msg_control = control, .msg_controllen = sizeof(control)};

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	while (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
		message.msg_controllen = sizeof(control);
	note_arrival(socket, ERROR, NULL, 0);
}

/* One thing that has arrived at the socket, if there is one. */
static int take_from(const struct socket_spec *spec, int socket, int fd)
{
	unsigned char payload[2048];
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	ssize_t size;

	if (closed[socket] || poll(&ready, 1, 0) <= 0)
		return 0;
	if (spec->type == SOCK_DGRAM && ready.revents & POLLERR) {
		take_error(socket, fd);
		return 1;
	}
	if (spec->type == SOCK_STREAM && !spec->peer.address) {
		/* It stays open until the process ends: a reset from outside ends it before. */
		if (accept(fd, NULL, NULL) < 0)
			return 0;
		note_arrival(socket, CONNECTION, NULL, 0);
		return 1;
	}
	size = recv(fd, payload, sizeof(payload), MSG_DONTWAIT);
	closed[socket] = spec->type == SOCK_STREAM && size <= 0;
	if (size < 0 && !closed[socket])
		return 0;
	note_arrival(socket, closed[socket] ? CLOSED : DATA, payload, size < 0 ? 0 : (size_t)size);
	return 1;
}

/* A SYN-ACK is answered with the rest of the handshake, so that a listener shows itself. */
static void send_frame(const struct socket_spec *specs, const int *fds, const unsigned char *frame,
		       size_t size)
{
	struct segment syn_ack = {0}, answer;

	arrived.count = 0;
	send_to_wire(frame, size);
	arrived.reply = read_replies(&syn_ack);
	if (syn_ack.flags) {
		answer = answer_to(&syn_ack, TCP_ACK);
		send_segment(&answer);
	}
	for (int i = 0; specs[i].name; i++)
		while (take_from(&specs[i], i, fds[i]))
			;
	if (syn_ack.flags) {
		answer = answer_to(&syn_ack, TCP_RESET);
		send_segment(&answer);
		read_replies(&syn_ack);
	}
}

/* `may_receive` are the sockets that may, a bit each; `is_received` whether one does: 2, or not. */
static void compare_receivers(const struct socket_spec *specs, unsigned int may_receive,
			      int is_received, enum received kind, const char *names)
{
	int right = is_received == 2 || arrived.count == is_received;
	const int one = arrived.count ? arrived.received[0].socket : -1;
	char count[32];

	for (int i = 0; i < arrived.count; i++)
		right &= (int)(may_receive >> arrived.received[i].socket & 1);
	snprintf(count, sizeof(count), "%d sockets", arrived.count);
	fact(right, "received by", names, arrived.count > 1 ? count : name_of(specs, MARK(one)));
	if (is_received == 1 && arrived.count)
		fact(arrived.received[0].kind == kind, "what is received", received_names[kind],
		     received_names[arrived.received[0].kind]);
}

/* Of a datagram; what does not fit into the buffer is cut off. */
static void compare_payload(const unsigned char *expected, size_t size)
{
	const size_t seen = arrived.received[0].size;
	char sizes[2][32];

	if (!arrived.count)
		return;
	snprintf(sizes[0], sizeof(sizes[0]), "%zu bytes", size);
	snprintf(sizes[1], sizeof(sizes[1]), "%zu bytes", seen);
	fact((seen == size || (seen < size && seen == sizeof(arrived.received[0].payload))) &&
		 memcmp(expected, arrived.received[0].payload, seen) == 0,
	     "payload", sizes[0], sizes[1]);
}

static void compare_reply(enum reply expected)
{
	fact(arrived.reply == expected, "reply", reply_names[expected], reply_names[arrived.reply]);
}
