// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// A table of file descriptors beside the process's own, for more descriptors than one table may
// hold. A thread keeps it, which shares everything else with the process.
class FdTable {
 public:
  // Calls `fill` on the new thread, in the caller's netns, with a table that has only the standard
  // streams. What it returns stays open while this object lives.
  static Result<FdTable> create(const std::function<Result<std::vector<UniqueFd>>()> &fill);
  FdTable(FdTable &&) noexcept;
  FdTable &operator=(FdTable &&) noexcept;
  ~FdTable();

 private:
  struct State;
  explicit FdTable(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
