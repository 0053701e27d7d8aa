// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Where races are stopped in the middle of a call, so that another thread may have its turn there:
// by the processor's breakpoints, after an access to what the calls share (as DataCollider does:
// Erickson et al. 2010), or before an instruction.
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
  // Errors: kUnavailable for a kernel without what it takes: BTF, breakpoints, BPF programs for
  // them.
  static Result<RaceStops> create();
  RaceStops(RaceStops &&) noexcept;
  RaceStops &operator=(RaceStops &&) = delete;
  ~RaceStops();

  // Chooses some for a round whose links are there already. Errors: what the kernel did not let us
  // do.
  Result<> choose(FuzzRandom &random);
  // From now on they stop; once more, none does.
  void arm(FuzzRandom &random);
  void disarm();

  // Where they are: "udp4_lib_lookup2+0x41", "prog of link 2".
  [[nodiscard]] const std::vector<std::string> &places() const;
  // How often somebody was stopped.
  [[nodiscard]] uint64_t count() const;
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
