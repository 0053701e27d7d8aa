// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/tool_run.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "harness/measure/interrupt.h"

namespace sklab {

Result<ToolRun> run_tool(ChildCommand command, double limit_s, const Tick &tick) {
  constexpr int kTickMs = 100;
  command.environment["LC_ALL"] = "C";
  command.errors_apart = true;
  SKLAB_TRY(ChildProcess child, ChildProcess::start(command));
  const auto start = std::chrono::steady_clock::now();
  ToolRun run;
  std::array<pollfd, 2> streams{{{child.output_fd(), POLLIN, 0}, {child.errors_fd(), POLLIN, 0}}};
  for (std::optional<int> code; !code;) {
    // Asked before reading, so that what was written before the end is read.
    code = child.exit_code();
    if (!code) ::poll(streams.data(), streams.size(), kTickMs);
    for (size_t i = 0; i < streams.size(); ++i) {
      std::string &text = i == 0 ? run.output : run.errors;
      const size_t before = text.size();
      text += i == 0 ? child.read_output() : child.read_errors();
      if (text.size() == before && (streams[i].revents & POLLHUP) != 0) streams[i].fd = -1;
    }
    if (code) run.exit_code = *code;
    if (tick) tick();
    if (interrupted()) return fail("run", command.arguments.front(), EINTR);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    if (!code && elapsed.count() > limit_s) {
      return fail("run", command.arguments.front(), 0, fmt::format("it took over {} s", limit_s));
    }
  }
  return run;
}

}  // namespace sklab
