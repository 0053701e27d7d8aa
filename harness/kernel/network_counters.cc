// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/network_counters.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/lines.h"

namespace sklab {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const size_t length = std::min(line.find(' '), line.size());
    if (length != 0) words.push_back(line.substr(0, length));
    line.remove_prefix(std::min(length + 1, line.size()));
  }
  return words;
}

std::optional<uint64_t> number_of(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

NetworkCounters parse_network_counters(std::string_view text) {
  NetworkCounters counters;
  while (!text.empty()) {
    const auto names = words_of(take_line(text));
    const auto values = words_of(take_line(text));
    if (names.empty() || values.size() != names.size() || names.front() != values.front()) continue;
    const std::string group(names.front().substr(0, names.front().size() - 1));
    for (size_t i = 1; i < names.size(); ++i) {
      const auto value = number_of(values[i]);
      if (value) counters.emplace(group + std::string(names[i]), *value);
    }
  }
  return counters;
}

NetworkCounters parse_network_counters6(std::string_view text) {
  NetworkCounters counters;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const size_t space = line.find_first_of(" \t");
    if (space == std::string_view::npos) continue;
    const auto value = number_of(line.substr(line.find_last_of(" \t") + 1));
    if (value) counters.emplace(line.substr(0, space), *value);
  }
  return counters;
}

Result<NetworkCounters> read_network_counters() {
  SKLAB_TRY(const std::string snmp, read_file("/proc/thread-self/net/snmp"));
  SKLAB_TRY(const std::string netstat, read_file("/proc/thread-self/net/netstat"));
  // Not there without IPv6.
  const std::string snmp6 = read_fact("/proc/thread-self/net/snmp6", "");
  NetworkCounters counters = parse_network_counters(snmp);
  counters.merge(parse_network_counters(netstat));
  counters.merge(parse_network_counters6(snmp6));
  return counters;
}

}  // namespace sklab
