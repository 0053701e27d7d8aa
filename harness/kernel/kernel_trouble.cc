// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/kernel_trouble.h"

#include <algorithm>
#include <array>

#include "harness/base/lines.h"

namespace sklab {
namespace {

constexpr std::array<std::string_view, 11> kTroubles = {"WARNING:",
                                                        "BUG:",
                                                        "kernel BUG at",
                                                        "Oops",
                                                        "general protection fault",
                                                        "UBSAN:",
                                                        "KASAN:",
                                                        "INFO: task ",
                                                        "rcu: INFO:",
                                                        "unregister_netdevice: waiting",
                                                        "Kernel panic - not syncing"};

// Of the processor, when the kernel starts: "Spectre V2 : WARNING: ..., data leaks possible ...".
constexpr std::string_view kOfTheProcessor = "data leaks possible";

bool is_trouble(std::string_view line) {
  const auto has = [&](std::string_view mark) { return line.find(mark) != std::string_view::npos; };
  return std::any_of(kTroubles.begin(), kTroubles.end(), has) && !has(kOfTheProcessor);
}

}  // namespace

std::string find_kernel_trouble(std::string_view log) {
  while (!log.empty()) {
    const std::string_view line = take_line(log);
    if (is_trouble(line)) return std::string(line);
  }
  return "";
}

}  // namespace sklab
