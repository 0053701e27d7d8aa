/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TCP segments, and what comes back through the wire at once. */
#pragma once

#include "fuzz/target/c/sockets.h"
#include "fuzz/target/c/wire.h"

enum tcp_flag { TCP_SYN = 0x02, TCP_RESET = 0x04, TCP_ACK = 0x10 };

struct segment {
	int family;
	unsigned char addresses[2][16]; /* source, destination */
	unsigned short ports[2];
	unsigned int sequence;
	unsigned int acknowledgement;
	unsigned char flags;
};

enum reply { NO_REPLY, SYN_ACK, SOME_ACK, RESET, PORT_UNREACHABLE };
static const char *const reply_names[] = {"none", "syn_ack", "ack", "reset", "port_unreachable"};

static void put16(unsigned char *at, unsigned int value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

static void put32(unsigned char *at, unsigned int value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static unsigned int get16(const unsigned char *at)
{
	return (unsigned int)at[0] << 8 | at[1];
}

static unsigned int get32(const unsigned char *at)
{
	return get16(at) << 16 | get16(at + 2);
}

/* RFC 1071, of an even number of bytes. */
static unsigned int checksum(const unsigned char *bytes, size_t size, unsigned int sum)
{
	for (size_t i = 0; i < size; i += 2)
		sum += get16(bytes + i);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

static size_t build_segment(const struct segment *segment, unsigned char *packet)
{
	const size_t address = segment->family == AF_INET ? 4 : 16;
	const size_t ip = segment->family == AF_INET ? 20 : 40;
	unsigned char *addresses = packet + ip - 2 * address, *tcp = packet + ip;

	memset(packet, 0, ip + 20);
	memcpy(addresses, segment->addresses[0], address);
	memcpy(addresses + address, segment->addresses[1], address);
	if (segment->family == AF_INET) {
		put16(packet, 0x4500);
		put16(packet + 2, 40);
		put16(packet + 8, 64 << 8 | IPPROTO_TCP);
		put16(packet + 10, checksum(packet, ip, 0));
	} else {
		put16(packet, 0x6000);
		put16(packet + 4, 20);
		put16(packet + 6, IPPROTO_TCP << 8 | 64);
	}
	put16(tcp, segment->ports[0]);
	put16(tcp + 2, segment->ports[1]);
	put32(tcp + 4, segment->sequence);
	put32(tcp + 8, segment->acknowledgement);
	put16(tcp + 12, 0x5000U | segment->flags);
	put16(tcp + 14, 0xffff); /* window */
	/* With the addresses before it, the protocol and the length. */
	put16(tcp + 16, checksum(addresses, 2 * address + 20, IPPROTO_TCP + 20));
	return ip + 20;
}

static void send_segment(const struct segment *segment)
{
	unsigned char packet[60];

	send_to_wire(packet, build_segment(segment, packet));
}

static enum reply kind_of_segment(unsigned char flags)
{
	if (flags & TCP_RESET)
		return RESET;
	return flags & TCP_SYN ? SYN_ACK : SOME_ACK;
}

/* `segment` is filled in if the reply is one. */
static enum reply parse_reply(const unsigned char *packet, size_t size, struct segment *segment)
{
	const int is_ipv4 = packet[0] >> 4 == 4;
	const size_t address = is_ipv4 ? 4 : 16, ip = is_ipv4 ? 4 * (packet[0] & 0xfU) : 40;
	const unsigned char *addresses = packet + (is_ipv4 ? 12 : 8), *body = packet + ip;
	const int protocol = packet[is_ipv4 ? 9 : 6];

	if (size < ip + 8)
		return NO_REPLY;
	if (protocol == IPPROTO_ICMP)
		return get16(body) == 0x0303 ? PORT_UNREACHABLE : NO_REPLY;
	if (protocol == IPPROTO_ICMPV6)
		return get16(body) == 0x0104 ? PORT_UNREACHABLE : NO_REPLY;
	if (protocol != IPPROTO_TCP || size < ip + 20)
		return NO_REPLY;
	segment->family = is_ipv4 ? AF_INET : AF_INET6;
	memcpy(segment->addresses[0], addresses, address);
	memcpy(segment->addresses[1], addresses + address, address);
	segment->ports[0] = (unsigned short)get16(body);
	segment->ports[1] = (unsigned short)get16(body + 2);
	segment->sequence = get32(body + 4);
	segment->acknowledgement = get32(body + 8);
	segment->flags = body[13];
	return kind_of_segment(segment->flags);
}

/* The first reply that is one of the kinds, and the SYN-ACK if there is one. */
static enum reply read_replies(struct segment *syn_ack)
{
	unsigned char packet[2048];
	enum reply first = NO_REPLY;
	size_t size;

	while ((size = receive_from_wire(packet, sizeof(packet))) > 0) {
		struct segment segment;
		const enum reply kind = parse_reply(packet, size, &segment);

		if (kind == SYN_ACK)
			*syn_ack = segment;
		if (first == NO_REPLY)
			first = kind;
	}
	return first;
}

/* What the other side of such a segment says next. */
static struct segment answer_to(const struct segment *segment, unsigned char flags)
{
	struct segment answer = *segment;

	memcpy(answer.addresses[0], segment->addresses[1], 16);
	memcpy(answer.addresses[1], segment->addresses[0], 16);
	answer.ports[0] = segment->ports[1];
	answer.ports[1] = segment->ports[0];
	answer.sequence = segment->acknowledgement;
	answer.acknowledgement = flags & TCP_ACK ? segment->sequence + 1 : 0;
	answer.flags = flags;
	return answer;
}

static void set_end(struct segment *segment, int which, int family, const char *address)
{
	/* A socket of IPv6 may have a connection over IPv4. */
	const char *mapped = strncmp(address, "::ffff:", 7) == 0 ? address + 7 : address;

	segment->family = mapped == address ? family : AF_INET;
	inet_pton(segment->family, mapped, segment->addresses[which]);
}

/* The accepted side of a connection whose other side is beyond the wire. */
static int accept_from_wire(const struct socket_spec *spec)
{
	struct segment segment = {
	    .ports = {spec->peer.port, spec->local.port}, .sequence = 0x10000, .flags = TCP_SYN};
	const int listener = open_bound(spec, &spec->local);
	int accepted;

	set_end(&segment, 0, spec->family, spec->peer.address);
	set_end(&segment, 1, spec->family, spec->local.address);
	if (listen(listener, 1) != 0)
		die("listen");
	send_segment(&segment);
	if (read_replies(&segment) != SYN_ACK) {
		errno = ECONNREFUSED;
		die("connect a socket");
	}
	segment = answer_to(&segment, TCP_ACK);
	send_segment(&segment);
	accepted = accept(listener, NULL, NULL);
	if (accepted < 0)
		die("accept");
	close(listener);
	return accepted;
}
