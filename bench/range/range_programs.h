// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <memory>

#include "bench/family_case.h"
#include "bench/range/range_method.h"
#include "harness/kernel/socket_set.h"

namespace sklab {

// The program of bpf/range.bpf.c that a method needs, alone, with its map filled.
class RangePrograms {
 public:
  // `sockets` are those of range_sockets(). Requires: a method with a program.
  static Result<RangePrograms> load(RangeMethod method, const FamilyCase &family,
                                    const SocketSet &sockets);
  RangePrograms(RangePrograms &&) noexcept;
  RangePrograms &operator=(RangePrograms &&) noexcept;
  ~RangePrograms();

  // Borrowed.
  [[nodiscard]] int fd() const;

  // Has it choose for each port's group.
  [[nodiscard]] Result<> attach_to_groups(const SocketSet &sockets) const;

 private:
  struct State;
  explicit RangePrograms(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
