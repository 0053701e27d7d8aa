// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/ip_options.h"

#include <netinet/in.h>

#include <algorithm>

namespace sklab {
namespace {

using Bytes = std::span<const uint8_t>;

// Numbers of IPv4 options (RFC 791, RFC 2113), with their copied bit and class.
enum : uint8_t {
  kEnd = 0,
  kNoOperation = 1,
  kRecordRoute = 7,
  kTimestamp = 68,
  kLooseSourceRoute = 131,
  kCipso = 134,
  kStrictSourceRoute = 137,
  kRouterAlert = 148,
};

constexpr uint8_t kTimestampsOnly = 0;
constexpr uint8_t kTimestampsAndAddresses = 1;
constexpr uint8_t kPrespecified = 3;

bool check_record_route(Bytes option) {
  if (option.size() < 3 || option[2] < 4) return false;
  return option[2] > option.size() || option[2] + 3U <= option.size();
}

bool check_timestamp(Bytes option) {
  if (option.size() < 4 || option[2] < 5) return false;
  const unsigned flag = option[3] & 0xfU;
  if (option[2] > option.size()) return flag == kPrespecified || option[3] >> 4U != 15;
  if (option[2] + 3U > option.size()) return false;
  const bool with_address = flag == kTimestampsAndAddresses || flag == kPrespecified;
  return !with_address || option[2] + 7U <= option.size();
}

// Whether what is added to it at a time fits into the room that is left, without a rest.
bool room_is_whole(Bytes option) {
  if (option.size() < 4 || option[2] > option.size()) return true;
  const unsigned flag = option[3] & 0xfU;
  const bool with_address = flag == kTimestampsAndAddresses || flag == kPrespecified;
  const size_t added = option[0] == kTimestamp && with_address ? 8 : 4;
  return (option.size() + 1 - option[2]) % added == 0;
}

// Those that are more than one byte, up to the end of the list; ends where `visit` says false, or
// at what is no option.
template <typename Visit>
bool for_each_option(Bytes options, Visit visit) {
  while (!options.empty() && options[0] != kEnd) {
    const bool no_operation = options[0] == kNoOperation;
    if (!no_operation && (options.size() < 2 || options[1] < 2 || options[1] > options.size())) {
      return false;
    }
    const size_t size = no_operation ? 1 : options[1];
    if (!no_operation && !visit(options.first(size))) return false;
    options = options.subspan(size);
  }
  return true;
}

// The options of one kind after another; the first two may be there once.
struct SeenOptions {
  bool record_route = false;
  bool timestamp = false;
};

OptionsVerdict check_ipv4_option(Bytes option, SeenOptions &seen) {
  const auto verdict = [](bool good) {
    return good ? OptionsVerdict::kPass : OptionsVerdict::kDrop;
  };
  switch (option[0]) {
    case kRecordRoute:
      if (seen.record_route) return OptionsVerdict::kDrop;
      seen.record_route = true;
      return verdict(check_record_route(option));
    case kTimestamp:
      if (seen.timestamp) return OptionsVerdict::kDrop;
      seen.timestamp = true;
      return verdict(check_timestamp(option));
    case kLooseSourceRoute:
    case kStrictSourceRoute:
      return OptionsVerdict::kDrop;
    case kRouterAlert:
      return verdict(option.size() >= 4);
    case kCipso:
      return OptionsVerdict::kPossible;
    default:
      return OptionsVerdict::kPass;
  }
}

// Whether an option of this type, in this place, lets the packet go on. The two high bits of one
// that is not known say what to do (RFC 8200, 4.2).
OptionsVerdict check_ipv6_option(uint8_t header, Bytes option) {
  constexpr uint8_t kRouterAlert6 = 5;
  constexpr uint8_t kCalipso = 7;
  constexpr uint8_t kIoam = 49;
  constexpr uint8_t kJumbo = 194;
  constexpr uint8_t kHomeAddress = 201;
  const uint8_t type = option[0];
  const bool hop = header == IPPROTO_HOPOPTS;
  if (hop && type == kRouterAlert6) {
    return option.size() == 4 ? OptionsVerdict::kPass : OptionsVerdict::kDrop;
  }
  if (hop && (type == kCalipso || type == kIoam || type == kJumbo))
    return OptionsVerdict::kPossible;
  if (!hop && type == kHomeAddress) return OptionsVerdict::kPossible;
  return type >> 6U == 0 ? OptionsVerdict::kPass : OptionsVerdict::kDrop;
}

OptionsVerdict check_ipv6_options(uint8_t header, Bytes options) {
  constexpr unsigned kMostPadding = 7;
  constexpr unsigned kSurelyAllowed = 2;  // sysctl max_hbh_opts_number, max_dst_opts_number
  OptionsVerdict worst = OptionsVerdict::kPass;
  unsigned padding = 0;
  unsigned count = 0;
  while (!options.empty()) {
    size_t size = 1;
    if (options[0] == 0) {  // Pad1
      if (++padding > kMostPadding) return OptionsVerdict::kDrop;
    } else {
      if (options.size() < 2) return OptionsVerdict::kDrop;
      size = 2U + options[1];
      if (size > options.size()) return OptionsVerdict::kDrop;
      const Bytes option = options.first(size);
      if (options[0] == 1) {  // PadN
        padding += static_cast<unsigned>(size);
        const bool clean =
            std::all_of(option.begin() + 2, option.end(), [](uint8_t byte) { return byte == 0; });
        if (padding > kMostPadding || !clean) return OptionsVerdict::kDrop;
      } else {
        padding = 0;
        worst = std::max(worst, check_ipv6_option(header, option));
        if (++count > kSurelyAllowed) worst = std::max(worst, OptionsVerdict::kPossible);
      }
    }
    options = options.subspan(size);
  }
  return worst;
}

OptionsVerdict check_routing(Bytes header) {
  constexpr uint8_t kMobile = 2;
  constexpr uint8_t kRpl = 3;
  constexpr uint8_t kSegments = 4;
  const uint8_t type = header[2];
  if (type == kMobile || type == kRpl || type == kSegments) return OptionsVerdict::kPossible;
  return header[3] == 0 ? OptionsVerdict::kPass : OptionsVerdict::kDrop;
}

}  // namespace

OptionsVerdict check_ipv4_options(Bytes options) {
  SeenOptions seen;
  OptionsVerdict worst = OptionsVerdict::kPass;
  const bool are_a_list = for_each_option(options, [&](Bytes option) {
    worst = std::max(worst, check_ipv4_option(option, seen));
    return worst != OptionsVerdict::kDrop;
  });
  return are_a_list ? worst : OptionsVerdict::kDrop;
}

bool can_be_echoed(Bytes ipv4_options) {
  return for_each_option(ipv4_options, [](Bytes option) {
    return (option[0] != kRecordRoute && option[0] != kTimestamp) || room_is_whole(option);
  });
}

HeaderVerdict check_extension_header(uint8_t number, Bytes bytes) {
  if (bytes.size() < 8) return {};
  const size_t size = size_t{8} * (bytes[1] + 1U);
  if (size > bytes.size()) return {};
  if (number == IPPROTO_ROUTING) return {check_routing(bytes), size};
  return {check_ipv6_options(number, bytes.subspan(2, size - 2)), size};
}

}  // namespace sklab
