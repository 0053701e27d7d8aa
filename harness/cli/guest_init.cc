// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a guest's kernel starts as its first process. Not for people, so not in the help.
#include "harness/guest/guest_init.h"

#include <unistd.h>

#include <cstdio>

#include "harness/cli/command.h"

namespace sklab {

Command add_guest_init(CLI::App &app, const std::string &) {
  CLI::App *init = app.add_subcommand("guest-init", "Be the first process of a guest")->group("");
  return {init, []() -> ExitCode {
            if (::getpid() == 1) run_guest_init();
            std::fputs("sklab guest-init: it is for a guest's first process\n", stderr);
            return ExitCode::kUsage;
          }};
}

}  // namespace sklab
