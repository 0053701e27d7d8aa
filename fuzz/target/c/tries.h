/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "fuzz/target/c/netns.h"
#include "fuzz/target/c/report.h"

#include <sys/wait.h>
#include <unistd.h>

/*
 * Each try has a process and a netns of its own, so that nothing is left of the one before. Ends
 * with the first whose facts are not as expected. More than one makes sense where a hash decides
 * whose key is a secret of the netns.
 */
static enum exit_code in_fresh_netns(void (*run)(void), int tries)
{
	int status = 0;

	for (int i = 0; i < tries && status == 0; i++) {
		const pid_t child = fork();

		if (child < 0)
			die("fork");
		if (child == 0) {
			enter_fresh_netns();
			run();
			exit(conclude(i + 1 == tries));
		}
		if (waitpid(child, &status, 0) != child)
			die("wait for a try");
	}
	return WIFEXITED(status) ? (enum exit_code)WEXITSTATUS(status) : OWN_FAILURE;
}
