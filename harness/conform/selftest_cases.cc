// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/selftest_cases.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace sklab {
namespace {

constexpr const char *kTcp4 = "tcp4 127.0.0.9:4000 -> 127.0.0.1:7007";
constexpr const char *kTcp6 = "tcp6 [fd00::3]:4000 -> [fd00::1]:7007";
constexpr const char *kUdp4 = "udp4 127.0.0.9:4000 -> 127.0.0.1:7007";
constexpr const char *kUdp6 = "udp6 [fd00::3]:4000 -> [fd00::1]:7007";

std::string socket(const char *name, const char *where, const char *options = "") {
  return fmt::format("socket {} {} {}\n", name, where, options);
}

// A listener for the real destination, which must not get what is steered elsewhere.
std::string bystander(const char *packet) {
  const std::string text(packet);
  return fmt::format("socket bystander {} {}\n", text.substr(0, 4),
                     text.substr(text.find("> ") + 2));
}

// Two members of a reuseport group.
std::string group(const char *where) {
  return socket("a", where, "reuseport=1") + socket("b", where, "reuseport=1");
}

constexpr char kSteer[] = "program assign server; pass\n";
constexpr char kSelectB[] = "program assign a; pass\nreuseport 1 select b\n";
constexpr char kSkip[] = "program assign a no_reuseport; pass\nreuseport 1 select b\n";
constexpr char kGroupDrops[] = "program assign a; pass\nreuseport 1 drop\n";

std::vector<SelftestCase> redirections() {
  const std::string conns4 = group("udp4 127.0.0.2:8008") +
                             socket("c", "udp4 127.0.0.2:8008", "reuseport=1 peer=127.0.0.9:4001");
  const std::string conns6 = group("udp6 [fd00::2]:8008") +
                             socket("c", "udp6 [fd00::2]:8008", "reuseport=1 peer=[fd00::3]:4001");
  return {
      {"TCP IPv4 redir port", socket("server", "tcp4 127.0.0.1:8008"), kSteer, kTcp4, "server"},
      {"TCP IPv4 redir addr", socket("server", "tcp4 127.0.0.2:7007"), kSteer, kTcp4, "server"},
      {"TCP IPv4 redir with reuseport", group("tcp4 127.0.0.2:8008"), kSelectB, kTcp4, "b"},
      {"TCP IPv4 redir skip reuseport", group("tcp4 127.0.0.2:8008"), kSkip, kTcp4, "a"},
      {"TCP IPv6 redir port", socket("server", "tcp6 [fd00::1]:8008"), kSteer, kTcp6, "server"},
      {"TCP IPv6 redir addr", socket("server", "tcp6 [fd00::2]:7007"), kSteer, kTcp6, "server"},
      {"TCP IPv4->IPv6 redir port", socket("server", "tcp6 [::ffff:127.0.0.2]:8008"), kSteer, kTcp4,
       "server"},
      {"TCP IPv6 redir with reuseport", group("tcp6 [fd00::2]:8008"), kSelectB, kTcp6, "b"},
      {"TCP IPv6 redir skip reuseport", group("tcp6 [fd00::2]:8008"), kSkip, kTcp6, "a"},
      {"UDP IPv4 redir port", socket("server", "udp4 127.0.0.1:8008"), kSteer, kUdp4, "server"},
      {"UDP IPv4 redir addr", socket("server", "udp4 127.0.0.2:7007"), kSteer, kUdp4, "server"},
      {"UDP IPv4 redir with reuseport", group("udp4 127.0.0.2:8008"), kSelectB, kUdp4, "b"},
      {"UDP IPv4 redir and reuseport with conns", conns4, kSelectB, kUdp4, "b"},
      {"UDP IPv4 redir skip reuseport", group("udp4 127.0.0.2:8008"), kSkip, kUdp4, "a"},
      {"UDP IPv6 redir port", socket("server", "udp6 [fd00::1]:8008"), kSteer, kUdp6, "server"},
      {"UDP IPv6 redir addr", socket("server", "udp6 [fd00::2]:7007"), kSteer, kUdp6, "server"},
      {"UDP IPv4->IPv6 redir port", socket("server", "udp6 [::ffff:127.0.0.2]:8008"), kSteer, kUdp4,
       "server"},
      {"UDP IPv6 redir and reuseport", group("udp6 [fd00::2]:8008"), kSelectB, kUdp6, "b"},
      {"UDP IPv6 redir and reuseport with conns", conns6, kSelectB, kUdp6, "b"},
      {"UDP IPv6 redir skip reuseport", group("udp6 [fd00::2]:8008"), kSkip, kUdp6, "a"},
  };
}

std::vector<SelftestCase> drops() {
  constexpr char kDrop[] = "program drop\n";
  return {
      {"TCP IPv4 drop on lookup", bystander(kTcp4), kDrop, kTcp4, "refused"},
      {"TCP IPv6 drop on lookup", bystander(kTcp6), kDrop, kTcp6, "refused"},
      {"UDP IPv4 drop on lookup", bystander(kUdp4), kDrop, kUdp4, "refused"},
      {"UDP IPv6 drop on lookup", bystander(kUdp6), kDrop, kUdp6, "refused"},
      {"TCP IPv4 drop on reuseport", bystander(kTcp4) + group("tcp4 127.0.0.2:8008"), kGroupDrops,
       kTcp4, "refused"},
      {"TCP IPv6 drop on reuseport", bystander(kTcp6) + group("tcp6 [fd00::2]:8008"), kGroupDrops,
       kTcp6, "refused"},
      {"UDP IPv4 drop on reuseport", bystander(kUdp4) + group("udp4 127.0.0.2:8008"), kGroupDrops,
       kUdp4, "refused"},
      {"UDP IPv6 drop on reuseport", bystander(kUdp6) + group("udp6 [fd00::2]:8008"), kGroupDrops,
       kUdp6, "refused"},
  };
}

std::vector<SelftestCase> assigns() {
  const std::string servers =
      socket("a", "tcp4 127.0.0.2:8008") + socket("b", "tcp4 127.0.0.2:8009");
  return {
      {"sk_assign returns EEXIST", servers, "program assign b; assign a; pass\n", kTcp4, "b"},
      {"sk_assign honors F_REPLACE", servers, "program assign a; assign b replace; pass\n", kTcp4,
       "b"},
      {"sk_assign accepts NULL socket", servers,
       "program assign null; assign a; assign null; assign null replace; assign b replace; pass\n",
       kTcp4, "b"},
      {"sk_assign rejects TCP established",
       bystander(kTcp4) + socket("c", "tcp4 127.0.0.2:8008", "peer=127.0.0.9:4001"),
       "program assign c; pass\n", kTcp4, "bystander"},
      {"sk_assign rejects UDP connected",
       bystander(kUdp4) + socket("c", "udp4 127.0.0.2:8008", "peer=127.0.0.9:4001"),
       "program assign c; pass\n", kUdp4, "bystander"},
  };
}

// Every ordered pair; the second to steer has another server in mind, so that it shows who wins.
std::vector<SelftestCase> pairs_of_programs() {
  struct Pair {
    const char *name;
    const char *first;
    const char *second;
    const char *expected;
  };
  static constexpr char kPass[] = "pass";
  static constexpr char kDrop[] = "drop";
  static constexpr char kA[] = "assign a; pass";
  static constexpr char kB[] = "assign b replace; pass";
  static constexpr std::array kPairs = {
      Pair{"multi prog - pass, pass", kPass, kPass, "bystander"},
      Pair{"multi prog - drop, drop", kDrop, kDrop, "refused"},
      Pair{"multi prog - pass, drop", kPass, kDrop, "refused"},
      Pair{"multi prog - drop, pass", kDrop, kPass, "refused"},
      Pair{"multi prog - pass, redir", kPass, kA, "a"},
      Pair{"multi prog - redir, pass", kA, kPass, "a"},
      Pair{"multi prog - drop, redir", kDrop, kA, "a"},
      Pair{"multi prog - redir, drop", kA, kDrop, "a"},
      Pair{"multi prog - redir, redir", kA, kB, "b"},
  };
  const std::string sockets =
      bystander(kTcp4) + socket("a", "tcp4 127.0.0.2:8008") + socket("b", "tcp4 127.0.0.2:8009");
  std::vector<SelftestCase> cases;
  cases.reserve(kPairs.size());
  for (const Pair &pair : kPairs) {
    cases.push_back({pair.name, sockets,
                     fmt::format("program {}\nprogram {}\n", pair.first, pair.second), kTcp4,
                     pair.expected});
  }
  return cases;
}

}  // namespace

std::span<const SelftestCase> selftest_cases() {
  static const std::vector<SelftestCase> cases = [] {
    std::vector<SelftestCase> all = redirections();
    for (const auto &more : {drops(), assigns(), pairs_of_programs()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return cases;
}

}  // namespace sklab
