// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Instructions of the kernel at which races are stopped, so that another thread may have its turn
// between any two of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/target/random.h"
#include "harness/base/result.h"

namespace sklab {

class RaceStops {
 public:
  // Errors: kUnavailable for a kernel without kprobes for BPF programs.
  static Result<RaceStops> create();
  RaceStops(RaceStops &&) noexcept;
  RaceStops &operator=(RaceStops &&) = delete;
  ~RaceStops();

  // Other places than before: some instructions of the code that links, lookups and sockets' maps
  // run.
  void move(FuzzRandom &random);
  // Where they are: "bpf_netns_link_update_prog+0x41".
  [[nodiscard]] const std::vector<std::string> &places() const;

  // So many times from now on; then they do nothing.
  void arm(uint64_t times);
  // Readable when somebody came by; borrowed.
  [[nodiscard]] int fd() const;
  // How often since the last call.
  size_t take();

 private:
  struct State;
  explicit RaceStops(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
