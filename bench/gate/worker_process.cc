// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/worker_process.h"

#include <cerrno>
#include <chrono>
#include <thread>

#include "harness/base/exit_code.h"

namespace sklab {
namespace {

// Opening tens of thousands of sockets takes a second; a kernel with sanitizers is much slower.
constexpr double kAnswerLimitS = 120;

std::string last_line(const std::string &text) {
  const size_t end = text.find_last_not_of("\n ");
  if (end == std::string::npos) return "";
  const size_t start = text.rfind('\n', end);
  return text.substr(start == std::string::npos ? 0 : start + 1, end - start);
}

ErrorKind kind_of(std::optional<int> exit_code) {
  if (exit_code == static_cast<int>(ExitCode::kUsage)) return ErrorKind::kUsage;
  if (exit_code == static_cast<int>(ExitCode::kSkip)) return ErrorKind::kUnavailable;
  return ErrorKind::kHarness;
}

}  // namespace

Result<WorkerProcess> WorkerProcess::start(const Side &side, std::optional<unsigned> cpu) {
  SKLAB_TRY(auto channel, GateChannel::create());
  ChildCommand command;
  command.arguments = side.arguments();
  command.arguments.push_back("--channel=" + std::to_string(channel.second.get()));
  if (cpu) command.arguments.push_back("--cpu=" + std::to_string(*cpu));
  command.inherited_fd = channel.second.get();
  SKLAB_TRY(ChildProcess process, ChildProcess::start(command));
  return WorkerProcess(side.name, std::move(process), std::move(channel.first));
}

Result<GateReply> WorkerProcess::ask(const GateRequest &request) {
  const Result<> sent = channel_.send(request);
  if (!sent) return explain(sent.error());
  auto reply = channel_.receive_reply(kAnswerLimitS);
  if (!reply) return explain(reply.error());
  if (reply->protocol != kGateProtocol) {
    return fail_as(ErrorKind::kUsage, "use the build of", name_, 0,
                   "its sklab is too old or too new for this one");
  }
  if (reply->error.empty()) return reply;
  return fail_as(static_cast<ErrorKind>(reply->error_kind), "measure", name_, 0, reply->error);
}

tl::unexpected<Error> WorkerProcess::explain(const Error &error) {
  if (error.error_number != ECONNRESET && error.error_number != EPIPE) {
    return fail(error.operation, name_, error.error_number, error.hint);
  }
  std::optional<int> exit_code;
  for (int i = 0; i < 100 && !(exit_code = process_.exit_code()); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return fail_as(kind_of(exit_code), "measure", name_, 0,
                 "its process ended: " + last_line(process_.read_output()));
}

}  // namespace sklab
