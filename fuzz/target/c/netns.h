/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "fuzz/target/c/netlink.h"

#include <sys/ioctl.h>
#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>

/* The kernel makes an address usable, and routed, from a work queue, a moment after it is added. */
static void wait_until_usable(const struct in6_addr *address)
{
	const struct sockaddr_in6 self = {
	    .sin6_family = AF_INET6, .sin6_port = htons(9), .sin6_addr = *address};
	const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int bound = 0;

	for (int milliseconds = 0; milliseconds < 20000; milliseconds++) {
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

/* Without a route to the address beside that of the local table. */
static void add_to_loopback(const char *text)
{
	const struct ifaddrmsg header = {
	    .ifa_family = AF_INET6, .ifa_prefixlen = 128, .ifa_index = if_nametoindex("lo")};
	const unsigned int flags = IFA_F_NODAD | IFA_F_NOPREFIXROUTE;
	struct netlink_request request = new_request(RTM_NEWADDR, &header, sizeof(header));
	struct in6_addr address;

	inet_pton(AF_INET6, text, &address);
	add_attribute(&request, IFA_LOCAL, &address, sizeof(address));
	add_attribute(&request, IFA_FLAGS, &flags, sizeof(flags));
	send_request(&request, "add an address to the loopback");
	wait_until_usable(&address);
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
	add_to_loopback("fd00::1");
	add_to_loopback("fd00::2");
	add_to_loopback("fd00::3");
	close(fd);
}
