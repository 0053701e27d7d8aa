// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A gate's hold on one of the processes that measure for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/gate/protocol.h"
#include "bench/gate/side.h"
#include "harness/base/child_process.h"

namespace sklab {

class WorkerProcess {
 public:
  // Errors: a program that cannot be started.
  static Result<WorkerProcess> start(const Side &side, std::optional<unsigned> cpu);

  // Errors: what the process could not do, with the kind it gave it; that it is gone, with what it
  // printed; that it did not answer in time.
  Result<GateReply> ask(const GateRequest &request);

 private:
  WorkerProcess(std::string name, ChildProcess process, GateChannel channel)
      : name_(std::move(name)), process_(std::move(process)), channel_(std::move(channel)) {}

  tl::unexpected<Error> explain(const Error &error);

  std::string name_;
  ChildProcess process_;
  GateChannel channel_;
};

}  // namespace sklab
