// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

constexpr size_t kMaxPrograms = 64;  // netns_bpf_max_progs

tl::unexpected<Error> invalid(const std::string &what, const std::string &why) {
  return fail_as(ErrorKind::kUsage, "use", what, 0, why);
}

bool is_name(const std::string &name) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && name != "null" &&
         std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(), allowed);
}

Result<> validate_addresses(const SocketSpec &socket, const std::string &what) {
  if (socket.local.address.family != socket.family) {
    return invalid(what, "its local address is of another family");
  }
  if (!socket.peer) return Ok{};
  if (socket.peer->address.family != socket.family) {
    return invalid(what, "its peer's address is of another family");
  }
  if (socket.local.address.is_wildcard() || socket.peer->address.is_wildcard()) {
    return invalid(what, "a connected socket has no wildcard addresses");
  }
  if (socket.local.address.is_v4_mapped() != socket.peer->address.is_v4_mapped()) {
    return invalid(what, "one of its addresses is v4-mapped, the other is not");
  }
  if (socket.peer->port == 0) return invalid(what, "its peer has port 0");
  return Ok{};
}

Result<> validate_socket(const SocketSpec &socket) {
  const std::string what = "socket '" + socket.name + "'";
  if (!is_name(socket.name)) return invalid(what, "a name is letters, digits and '_'");
  if (socket.local.port == 0) return invalid(what, "its port is 0");
  if (socket.v6_only && socket.family == Family::kIpv4) return invalid(what, "IPv4 and v6only");
  if (socket.v6_only && socket.local.address.is_v4_mapped()) {
    return invalid(what, "v6only and a v4-mapped address");
  }
  if (socket.protocol == Protocol::kTcp && socket.peer && socket.reuseport_group) {
    return invalid(what, "an established TCP socket is in no reuseport group");
  }
  return validate_addresses(socket, what);
}

// All that has to be equal for the kernel to put two sockets into one reuseport group.
bool fit_one_group(const SocketSpec &a, const SocketSpec &b) {
  return a.protocol == b.protocol && a.family == b.family && a.local == b.local &&
         a.v6_only == b.v6_only;
}

Result<> validate_sockets(const std::vector<SocketSpec> &sockets) {
  std::set<std::string> names;
  std::map<unsigned, const SocketSpec *> first_of_group;
  for (const SocketSpec &socket : sockets) {
    SKLAB_CHECK(validate_socket(socket));
    if (!names.insert(socket.name).second) {
      return invalid("socket '" + socket.name + "'", "the name is taken");
    }
    if (!socket.reuseport_group) continue;
    const auto [first, is_new] = first_of_group.emplace(*socket.reuseport_group, &socket);
    if (!is_new && !fit_one_group(*first->second, socket)) {
      return invalid("socket '" + socket.name + "'", "its reuseport group is bound differently");
    }
  }
  return Ok{};
}

Result<> validate_programs(const Scenario &scenario) {
  if (scenario.programs.size() > kMaxPrograms) return invalid("programs", "more than 64");
  for (const ScriptedProgram &program : scenario.programs) {
    // The verifier refuses to load anything else.
    if (program.return_code > kSkPass) return invalid("a return code", "it must be pass or drop");
    for (const AssignOperation &assign : program.assigns) {
      if (assign.socket && *assign.socket >= scenario.sockets.size()) {
        return invalid("an assign", "there is no such socket");
      }
    }
  }
  return Ok{};
}

Result<> validate_packet(const Packet &packet) {
  const IpAddress &source = packet.source.address;
  const IpAddress &destination = packet.destination.address;
  if (source.family != destination.family) return invalid("a packet", "it mixes families");
  if (source.is_v4_mapped() || destination.is_v4_mapped()) {
    return invalid("a packet", "it is IPv4 and has to be written so");
  }
  if (destination.is_wildcard()) return invalid("a packet", "it goes to the wildcard address");
  return Ok{};
}

}  // namespace

Result<> validate_scenario(const Scenario &scenario) {
  SKLAB_CHECK(validate_sockets(scenario.sockets));
  SKLAB_CHECK(validate_programs(scenario));
  return validate_packet(scenario.packet);
}

}  // namespace sklab
