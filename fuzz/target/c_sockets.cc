// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/c_sockets.h"

#include <fmt/format.h>

#include "fuzz/target/c_source.h"

namespace sklab {

const char *c_family(Family family) { return family == Family::kIpv4 ? "AF_INET" : "AF_INET6"; }

const char *c_type(Protocol protocol) {
  return protocol == Protocol::kTcp ? "SOCK_STREAM" : "SOCK_DGRAM";
}

std::string c_endpoint(const Endpoint &endpoint) {
  return fmt::format("{{{}, {}}}", c_string(endpoint.address.text()), endpoint.port);
}

std::string c_socket_table(const std::vector<SocketSpec> &sockets) {
  std::string rows;
  for (const SocketSpec &socket : sockets) {
    rows += fmt::format("\t{{.name = \"{}\", .family = {}, .type = {}, .local = {}", socket.name,
                        c_family(socket.family), c_type(socket.protocol), c_endpoint(socket.local));
    if (socket.peer) rows += ", .peer = " + c_endpoint(*socket.peer);
    if (socket.v6_only) rows += ", .v6only = 1";
    if (socket.reuseport_group) rows += ", .reuseport = 1";
    rows += "},\n";
  }
  return fmt::format("static const struct socket_spec sockets[] = {{\n{}\t{{}},\n}};\n\n", rows);
}

}  // namespace sklab
