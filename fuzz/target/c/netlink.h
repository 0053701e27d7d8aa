/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Requests to rtnetlink(7), one at a time. */
#pragma once

#include "fuzz/target/c/report.h"

#include <sys/socket.h>
#include <linux/rtnetlink.h>
#include <unistd.h>

struct netlink_request {
	struct nlmsghdr header;
	char body[160];
};

static struct netlink_request new_request(unsigned short type, const void *family_header,
					  size_t size)
{
	/* Types go in fours, of which the first makes something. */
	const int makes = (type - RTM_BASE) % 4 == 0;
	const int flags = NLM_F_REQUEST | NLM_F_ACK | (makes ? NLM_F_CREATE | NLM_F_EXCL : 0);
	struct netlink_request request = {
	    .header = {.nlmsg_len = (unsigned int)NLMSG_LENGTH(size),
		       .nlmsg_type = type,
		       .nlmsg_flags = (unsigned short)flags},
	};

	memcpy(request.body, family_header, size);
	return request;
}

static void add_attribute(struct netlink_request *request, unsigned short type, const void *value,
			  size_t size)
{
	struct rtattr *attribute =
	    (struct rtattr *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(size);
	memcpy(RTA_DATA(attribute), value, size);
	request->header.nlmsg_len =
	    NLMSG_ALIGN(request->header.nlmsg_len) + (unsigned int)RTA_ALIGN(attribute->rta_len);
}

static void send_request(struct netlink_request *request, const char *what)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answer;
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || send(fd, request, request->header.nlmsg_len, 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < (ssize_t)sizeof(answer))
		die(what);
	close(fd);
	if (answer.error.error != 0) {
		errno = -answer.error.error;
		die(what);
	}
}
