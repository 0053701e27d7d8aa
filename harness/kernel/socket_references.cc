// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/socket_references.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <sstream>
#include <vector>

#include "harness/base/file.h"

namespace sklab {
namespace {

// The columns that all four files have (udp4_format_sock, get_tcp4_sock and their kin).
constexpr size_t kLocalColumn = 1;
constexpr size_t kInodeColumn = 9;
constexpr size_t kReferencesColumn = 10;

Result<> add_sockets(const std::string &table, SocketReferences &references) {
  // The thread's own netns.
  SKLAB_TRY(const std::string text, read_file("/proc/thread-self/net/" + table));
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);  // titles
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    const std::vector<std::string> columns(std::istream_iterator<std::string>(words), {});
    if (columns.size() <= kReferencesColumn) {
      return fail("read sockets from", table, 0,
                  "a line has " + std::to_string(columns.size()) + " words");
    }
    // Connections in TIME_WAIT, and those not yet accepted, are nobody's.
    if (columns[kInodeColumn] == "0") continue;
    const std::string name =
        fmt::format("{} {} {}", table, columns[kLocalColumn], columns[kInodeColumn]);
    references[name] = static_cast<unsigned>(std::stoul(columns[kReferencesColumn]));
  }
  return Ok{};
}

}  // namespace

Result<SocketReferences> read_socket_references(const Netns &netns) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SocketReferences references;
  for (const char *table : {"udp", "udp6", "tcp", "tcp6"}) {
    SKLAB_CHECK(add_sockets(table, references));
  }
  return references;
}

std::string describe_difference(const SocketReferences &before, const SocketReferences &after) {
  std::string text;
  const auto add = [&](const std::string &line) { text += (text.empty() ? "" : "; ") + line; };
  for (const auto &[name, count] : before) {
    const auto found = after.find(name);
    if (found == after.end()) {
      add(name + " is gone");
    } else if (found->second != count) {
      add(fmt::format("{}: {}, not {}", name, found->second, count));
    }
  }
  for (const auto &[name, count] : after) {
    if (!before.contains(name)) add(fmt::format("{} is new, with {}", name, count));
  }
  return text;
}

}  // namespace sklab
