// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace sklab {

// Who runs when. A free worker goes to the target that has had the least time, for a slice of it:
// with fewer workers than targets all get their share nevertheless.
class Schedule {
 public:
  struct Slice {
    size_t target;
    double seconds;
  };

  // `total_s` from the start of the run; none for a run without an end. A slice is at most
  // `most_slice_s`, and before each `start_s` pass.
  Schedule(size_t targets, unsigned jobs, std::optional<double> total_s, double most_slice_s,
           double start_s);

  // What a worker that is free does, `now_s` after the start; none when there is too little time
  // left or no target.
  std::optional<Slice> next(double now_s);

  // A slice ended after `used_s`.
  void end(const Slice &slice, double used_s);

  // The target is not to run again.
  void drop(size_t target);
  [[nodiscard]] bool empty() const;

  // Whether another slice would be worth it.
  [[nodiscard]] bool time_left(double now_s) const;

 private:
  struct Target {
    double given_s = 0;
    bool dropped = false;
  };

  std::vector<Target> targets_;
  std::optional<double> total_s_;
  double slice_s_;
  double start_s_;
};

}  // namespace sklab
