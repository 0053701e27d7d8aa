// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/fd_table.h"

#include <linux/close_range.h>
#include <unistd.h>

#include <cerrno>
#include <future>
#include <thread>

namespace sklab {
namespace {

// An inherited copy of a descriptor would keep links and sockets alive that others close.
Result<> start_empty_table() {
  if (::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_UNSHARE) == 0) return Ok{};
  return fail("make", "a second table of file descriptors", errno);
}

}  // namespace

struct FdTable::State {
  std::promise<Result<>> filled;
  std::promise<void> released;
  std::thread thread;

  ~State() {
    if (!thread.joinable()) return;
    released.set_value();
    thread.join();
  }

  void keep(const std::function<Result<std::vector<UniqueFd>>()> &fill) {
    Result<> started = start_empty_table();
    Result<std::vector<UniqueFd>> kept;
    if (started) kept = fill();
    if (started && !kept) started = tl::unexpected(kept.error());
    filled.set_value(std::move(started));
    released.get_future().wait();
    // `kept` is closed here, on the thread whose table its descriptors belong to.
  }
};

FdTable::FdTable(std::unique_ptr<State> state) : state_(std::move(state)) {}
FdTable::FdTable(FdTable &&) noexcept = default;
FdTable &FdTable::operator=(FdTable &&) noexcept = default;
FdTable::~FdTable() = default;

Result<FdTable> FdTable::create(const std::function<Result<std::vector<UniqueFd>>()> &fill) {
  FdTable table(std::make_unique<State>());
  State &state = *table.state_;
  state.thread = std::thread([&state, &fill] { state.keep(fill); });
  SKLAB_CHECK(state.filled.get_future().get());
  return table;
}

}  // namespace sklab
