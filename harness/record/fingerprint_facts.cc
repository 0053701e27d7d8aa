// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/fingerprint_facts.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>

#include "harness/record/result_fields.h"

namespace sklab {
namespace {

constexpr std::array<std::string_view, 10> kMayDiffer = {
    "kernel_release",      "kernel_version", "kernel_btf_sha256",
    "kernel_command_line",  // has the image's name in it; what counts of it has facts of its own
    "memory_total_bytes",   // less what the kernel itself takes
    "distribution",        "compiler",       "libbpf_version",    "google_benchmark_version",
    "sklab_version"};

}  // namespace

// Two visits would not see both sides of a field at once, so each is turned into text.
std::map<std::string, std::string> fingerprint_facts(const Fingerprint &fingerprint) {
  std::map<std::string, std::string> facts;
  visit_fields(fingerprint, [&facts](const char *name, const auto &value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_arithmetic_v<Value>) {
      facts[name] = std::to_string(value);
    } else if constexpr (std::is_same_v<Value, std::string>) {
      facts[name] = value;
    } else {
      for (const auto &[key, one] : value) facts[key] = one;
    }
  });
  return facts;
}

std::vector<FactChange> changed_facts(const std::map<std::string, std::string> &before,
                                      const std::map<std::string, std::string> &after) {
  std::map<std::string, FactChange> all;
  for (const auto &[fact, value] : before) all[fact] = {fact, value, ""};
  for (const auto &[fact, value] : after) {
    all[fact].fact = fact;
    all[fact].after = value;
  }
  std::vector<FactChange> changed;
  for (auto &[fact, change] : all) {
    if (change.before != change.after) changed.push_back(std::move(change));
  }
  return changed;
}

bool may_differ(const std::string &fact) {
  return std::find(kMayDiffer.begin(), kMayDiffer.end(), fact) != kMayDiffer.end();
}

}  // namespace sklab
