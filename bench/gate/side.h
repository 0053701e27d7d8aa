// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// One of the two things that a gate compares: whatever starts a process that answers a gate's
// requests. Builds and objects differ here; another kernel's process will, once there are guests.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sklab {

// Of a base whose candidate is slowed down: the probe that can, which is another program than the
// usual one, does so by nothing. The two sides then differ by the slowdown alone.
inline constexpr char kNoSlowdown[] = "0%";

struct Side {
  std::string name;             // "base" or "candidate"
  std::filesystem::path sklab;  // the program that measures
  std::string slowdown;         // to be injected, as a percentage; "" for none
  std::string object;           // a user's program, FILE[:PROGRAM]; "" for sklab's own rows
  std::string scenario;         // file of what that is to do

  // How the program is started, but for what concerns the channel and the CPU.
  [[nodiscard]] std::vector<std::string> arguments() const {
    std::vector<std::string> all = {sklab.string(), "gate-worker"};
    if (!slowdown.empty()) all.insert(all.end(), {"--inject", slowdown});
    if (!object.empty()) all.insert(all.end(), {"--object", object, "--scenario", scenario});
    return all;
  }

  // One line for people.
  [[nodiscard]] std::string describe() const {
    return (object.empty() ? sklab.string() : object) +
           (slowdown.empty() || slowdown == kNoSlowdown
                ? ""
                : ", every lookup slowed down by " + slowdown);
  }
};

}  // namespace sklab
