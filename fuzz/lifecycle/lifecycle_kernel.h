// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <map>
#include <optional>

#include "fuzz/lifecycle/lifecycle_programs.h"
#include "fuzz/lifecycle/lifecycle_sockets.h"
#include "fuzz/lifecycle/operation.h"
#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/netns_link.h"

namespace sklab {

// Operations in the kernel, one at a time: nothing here races with anything.
class LifecycleKernel {
 public:
  // To be called in a process that isolate_process() has moved.
  static Result<LifecycleKernel> create();

  // Without links and sockets, with empty maps, and with these programs. The namespaces are those
  // of before, if they are still there, or `fresh` ones.
  Result<> start(const ProgramTable &programs, bool fresh);

  // `expected` says who may accept a connection. Errors: what the machine did not let us do; what
  // the kernel refuses is a result.
  Result<OperationResult> perform(const Operation &operation, const ExpectedResult &expected);

 private:
  struct Link {
    UniqueFd fd;
    ino_t netns = 0;
  };
  LifecycleKernel(LifecyclePrograms programs, Netns elsewhere, NetnsLink key_holder)
      : programs_(std::move(programs)),
        elsewhere_(std::move(elsewhere)),
        key_holder_(std::move(key_holder)) {}

  Result<OperationResult> attach(const Operation &operation);
  [[nodiscard]] OperationResult update(const Operation &operation) const;
  [[nodiscard]] OperationResult query(const Operation &operation) const;
  [[nodiscard]] Result<OperationResult> link_info(const Operation &operation) const;
  Result<OperationResult> call_without_link(const Operation &operation);
  Result<OperationResult> exit_netns(const Operation &operation);
  Result<OperationResult> perform_on_sockets(const Operation &operation,
                                             const ExpectedResult &expected);
  [[nodiscard]] OperationResult put(const Operation &operation) const;
  [[nodiscard]] OperationResult read(const Operation &operation) const;
  [[nodiscard]] int erase(SocketMapKind map, uint32_t key) const;

  LifecyclePrograms programs_;
  // Where a program stays attached, so that the kernel's static key is not switched, which patches
  // code, whenever the last link goes.
  Netns elsewhere_;
  NetnsLink key_holder_;
  std::array<std::optional<Netns>, kNetnsSlots> places_;
  LifecycleSockets sockets_;
  std::map<size_t, Link> links_;
};

}  // namespace sklab
