/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "fuzz/target/c/report.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

/* The kernel makes an address usable, and routed, from a work queue, a moment after it is added. */
static void wait_until_usable(const struct in6_addr *address)
{
	const struct sockaddr_in6 self = {
	    .sin6_family = AF_INET6, .sin6_port = htons(9), .sin6_addr = *address};
	const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int bound = 0;

	for (int milliseconds = 0; milliseconds < 2000; milliseconds++) {
		if (!bound)
			bound = bind(fd, (const struct sockaddr *)&self, sizeof(self)) == 0;
		if (bound && connect(fd, (const struct sockaddr *)&self, sizeof(self)) == 0) {
			close(fd);
			return;
		}
		usleep(1000);
	}
	die("use an address of the loopback");
}

static void add_to_loopback(int fd, const char *address)
{
	/* struct in6_ifreq of <linux/ipv6.h>, which does not go with <netinet/in.h> everywhere. */
	struct {
		struct in6_addr address;
		unsigned int prefix_length;
		int interface;
	} request = {.prefix_length = 128, .interface = (int)if_nametoindex("lo")};

	inet_pton(AF_INET6, address, &request.address);
	if (ioctl(fd, SIOCSIFADDR, &request) != 0)
		die("add an address to the loopback");
	wait_until_usable(&request.address);
}

/* Moves the process into a netns that has nothing but a loopback, with fd00::1 to fd00::3. */
static void enter_fresh_netns(void)
{
	struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd;

	if (unshare(CLONE_NEWNET) != 0) {
		if (errno == EPERM)
			skip("a network namespace needs root");
		die("create a network namespace");
	}
	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		skip("this kernel has no IPv6");
	if (ioctl(fd, SIOCSIFFLAGS, &loopback) != 0)
		die("set the loopback up");
	add_to_loopback(fd, "fd00::1");
	add_to_loopback(fd, "fd00::2");
	add_to_loopback(fd, "fd00::3");
	close(fd);
}
