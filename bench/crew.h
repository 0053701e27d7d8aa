// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/path/probe.h"

namespace sklab {

// Threads that look up at the same time: one on every CPU, all inside one netns. They sleep between
// batches.
class Crew {
 public:
  // `probe` and `netns` are borrowed and must live longer.
  static Result<Crew> create(const Probe &probe, const Netns &netns,
                             const std::vector<unsigned> &cpus);
  Crew(Crew &&) noexcept;
  Crew &operator=(Crew &&) noexcept;
  ~Crew();

  [[nodiscard]] size_t size() const;

  // Member i runs requests[i]; all start together. Requires: as many requests as members, each with
  // a slot of its own. The first error is returned.
  Result<std::vector<BatchResult>> run(const std::vector<BatchRequest> &requests);

 private:
  struct State;
  explicit Crew(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
