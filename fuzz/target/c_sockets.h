// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Sockets and addresses of the model as the C of reproducers has them (fuzz/target/c/sockets.h).
#pragma once

#include <string>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

const char *c_family(Family family);               // AF_INET, AF_INET6
const char *c_type(Protocol protocol);             // SOCK_STREAM, SOCK_DGRAM
std::string c_endpoint(const Endpoint &endpoint);  // an initialiser of struct endpoint

// `static const struct socket_spec sockets[]`, which ends with a nameless one, and an empty line.
std::string c_socket_table(const std::vector<SocketSpec> &sockets);

}  // namespace sklab
