// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_sockets.h"

#include <fmt/format.h>

namespace sklab {
namespace {

uint16_t range_port(size_t index) { return static_cast<uint16_t>(kRangePortLow + index); }

}  // namespace

std::vector<SocketSpec> range_sockets(RangeMethod method, const FamilyCase &family) {
  std::vector<SocketSpec> specs;
  const auto add = [&](const IpAddress &address, uint16_t port) -> SocketSpec & {
    SocketSpec spec;
    spec.name = fmt::format("range{}", specs.size());
    spec.protocol = family.protocol;
    spec.family = family.socket_family;
    spec.local = {address, port};
    return specs.emplace_back(std::move(spec));
  };
  const IpAddress wildcard{family.range.family, {}};
  switch (method) {
    case RangeMethod::kSockets:
      for (size_t i = 0; i < kRangeSize * kRangeSize; ++i) {
        add(range_address(family, i / kRangeSize), range_port(i % kRangeSize));
      }
      break;
    case RangeMethod::kWildcards:
      for (size_t i = 0; i < kRangeSize; ++i) add(wildcard, range_port(i));
      break;
    case RangeMethod::kReuseport:
      for (size_t i = 0; i < kRangeSize * kRangeGroupSize; ++i) {
        const size_t port = i / kRangeGroupSize;
        add(wildcard, range_port(port)).reuseport_group = static_cast<unsigned>(port + 1);
      }
      break;
    case RangeMethod::kTcAssign:
    case RangeMethod::kTproxy:
    case RangeMethod::kSkLookup:
      add(family.server, kServerPort);
      break;
  }
  return specs;
}

size_t range_socket(RangeMethod method, size_t number) {
  switch (method) {
    case RangeMethod::kSockets:
      return number;
    case RangeMethod::kWildcards:
      return number % kRangeSize;
    case RangeMethod::kReuseport:
      return number % kRangeSize * kRangeGroupSize;
    case RangeMethod::kTcAssign:
    case RangeMethod::kTproxy:
    case RangeMethod::kSkLookup:
      break;
  }
  return 0;
}

}  // namespace sklab
