/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A wire into the netns that the process is in: whole IP packets go in, with any addresses, and
 * what the netns sends comes out. Every address is local for what arrives, and what is sent leaves
 * through the wire, even to addresses of the loopback. It is a TUN device: what is written to it
 * has been received when write() returns.
 */
#pragma once

#include "fuzz/target/c/netlink.h"

#include <sys/ioctl.h>
#include <fcntl.h>
#include <linux/fib_rules.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <unistd.h>

#define WIRE "wire"

static int wire;

static void add_default_route(int family, int table, const char *device)
{
	const int here = table == RT_TABLE_LOCAL;
	const struct rtmsg route = {
	    .rtm_family = (unsigned char)family,
	    .rtm_table = (unsigned char)table,
	    .rtm_protocol = RTPROT_STATIC,
	    .rtm_scope = here ? RT_SCOPE_HOST : RT_SCOPE_LINK,
	    .rtm_type = here ? RTN_LOCAL : RTN_UNICAST,
	};
	struct netlink_request request = new_request(RTM_NEWROUTE, &route, sizeof(route));
	const unsigned int interface = if_nametoindex(device);

	add_attribute(&request, RTA_OIF, &interface, sizeof(interface));
	send_request(&request, "add a route");
}

/* What comes from `device`, or everything, goes by the table. */
static void change_rule(unsigned short type, int family, unsigned int priority, int table,
			const char *device)
{
	const struct fib_rule_hdr rule = {.family = (unsigned char)family,
					  .table = (unsigned char)table,
					  .action = FR_ACT_TO_TBL};
	struct netlink_request request = new_request(type, &rule, sizeof(rule));

	add_attribute(&request, FRA_PRIORITY, &priority, sizeof(priority));
	if (device)
		add_attribute(&request, FRA_IIFNAME, device, strlen(device) + 1);
	send_request(&request, "change the routing rules");
}

/* By the same rules every source address lies behind the wire, so that none is a martian. */
static void set_up_routes(int family)
{
	add_default_route(family, RT_TABLE_LOCAL, "lo");
	add_default_route(family, RT_TABLE_MAIN, WIRE);
	change_rule(RTM_NEWRULE, family, 1, RT_TABLE_MAIN, "lo"); /* what is sent from here */
	change_rule(RTM_NEWRULE, family, 2, RT_TABLE_LOCAL, NULL);
	change_rule(RTM_DELRULE, family, 0, RT_TABLE_LOCAL, NULL);
}

static void write_sysctl(const char *path, const char *value)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		die(path);
	close(fd);
}

static void open_wire(void)
{
	struct ifreq device = {.ifr_name = WIRE, .ifr_flags = IFF_TUN | IFF_NO_PI};
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	wire = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (wire < 0)
		skip("there is no /dev/net/tun");
	if (ioctl(wire, TUNSETIFF, &device) != 0)
		die("create a TUN device");
	/* 127.0.0.0/8 may come from outside, sockets may bind to any address, all is answered. */
	write_sysctl("/proc/sys/net/ipv4/conf/" WIRE "/route_localnet", "1");
	write_sysctl("/proc/sys/net/ipv6/ip_nonlocal_bind", "1");
	write_sysctl("/proc/sys/net/ipv4/icmp_ratemask", "0");
	write_sysctl("/proc/sys/net/ipv6/icmp/ratemask", "\n");
	write_sysctl("/proc/sys/net/ipv4/tcp_invalid_ratelimit", "0");
	/*
	 * Nothing but answers: a router solicitation, which comes of an address of the link's own,
	 * is sent by a worker, and while another CPU sends, a packet waits in the device's queue
	 * (qdisc_run_begin), so that an answer would not be here when write() returns.
	 */
	write_sysctl("/proc/sys/net/ipv6/conf/" WIRE "/addr_gen_mode", "1");
	device.ifr_flags = IFF_UP | IFF_RUNNING | IFF_POINTOPOINT | IFF_NOARP;
	if (ioctl(fd, SIOCSIFFLAGS, &device) != 0)
		die("set the wire up");
	close(fd);
	set_up_routes(AF_INET);
	set_up_routes(AF_INET6);
}

static void send_to_wire(const unsigned char *packet, size_t size)
{
	/* The device itself refuses what is neither IPv4 nor IPv6. */
	if (write(wire, packet, size) < 0 && errno != EINVAL)
		die("send a packet");
}

/* The next packet that was sent from here; 0 when there is none. */
static size_t receive_from_wire(unsigned char *packet, size_t room)
{
	const ssize_t size = read(wire, packet, room);

	if (size < 0 && errno != EAGAIN)
		die("receive a packet");
	return size < 0 ? 0 : (size_t)size;
}
