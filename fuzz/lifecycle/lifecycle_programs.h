// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fuzz/lifecycle/operation.h"
#include "harness/base/result.h"

namespace sklab {

// The programs of sequences, and the maps whose sockets they assign. Loaded once; what they do is
// written to memory.
class LifecyclePrograms {
 public:
  // Errors: kUnavailable where the kernel lacks the hook or the caller a capability.
  static Result<LifecyclePrograms> create();
  LifecyclePrograms(LifecyclePrograms &&) noexcept;
  LifecyclePrograms &operator=(LifecyclePrograms &&) noexcept;
  ~LifecyclePrograms();

  void write(const ProgramTable &programs);

  // One lookup in the netns of the calling thread. Fills in `programs`, `step_results`, `socket`.
  Result<OperationResult> look_up(const Packet &packet);

  // Borrowed descriptors.
  [[nodiscard]] int fd(size_t program) const;
  [[nodiscard]] int map_fd(SocketMapKind map) const;
  // The number of the program with this id, kAllPrograms for none.
  [[nodiscard]] size_t number_of(uint32_t id) const;

 private:
  struct State;
  explicit LifecyclePrograms(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
