// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The addresses of scenarios that are made up: few, so that sockets and packets meet, and all on
// the loopback of sklab's network namespaces.
#pragma once

#include <array>
#include <cstdint>

#include "harness/model/address.h"

namespace sklab {

inline constexpr std::array kServers4 = {IpAddress{Family::kIpv4, {127, 0, 0, 1}},
                                         IpAddress{Family::kIpv4, {127, 0, 0, 2}}};
inline constexpr std::array kServers6 = {
    IpAddress{Family::kIpv6, {0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
    IpAddress{Family::kIpv6, {0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}},
    IpAddress{Family::kIpv6, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}};
inline constexpr std::array kClients4 = {IpAddress{Family::kIpv4, {127, 0, 0, 9}},
                                         IpAddress{Family::kIpv4, {127, 0, 0, 10}}};
inline constexpr std::array kClients6 = {
    IpAddress{Family::kIpv6, {0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}},
    IpAddress{Family::kIpv6, {0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}}};
inline constexpr std::array<uint16_t, 2> kServerPorts = {7007, 8008};
inline constexpr std::array<uint16_t, 2> kClientPorts = {40000, 40001};

}  // namespace sklab
