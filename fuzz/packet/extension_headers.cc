// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/extension_headers.h"

#include <netinet/in.h>

#include <utility>

#include "harness/path/network_bytes.h"

namespace sklab {
namespace {

ExtensionHeader options_header(const HeaderPart &part) {
  // Unlike those of IPv4 and TCP, these do not count their own two bytes.
  Frame bytes = {0, 0, part.type, static_cast<uint8_t>(part.content.size())};
  put_bytes(bytes, part.content);
  const size_t padding = (8 - bytes.size() % 8) % 8;
  if (padding == 1) bytes.push_back(0);
  if (padding > 1) {
    bytes.push_back(1);  // PadN
    bytes.push_back(static_cast<uint8_t>(padding - 2));
    bytes.resize(bytes.size() + padding - 2);
  }
  bytes[1] = static_cast<uint8_t>(bytes.size() / 8 - 1);
  const bool hop = part.kind == HeaderPart::Kind::kHopByHop;
  return {static_cast<uint8_t>(hop ? +IPPROTO_HOPOPTS : +IPPROTO_DSTOPTS), bytes};
}

}  // namespace

ExtensionHeader fragment_header(uint32_t offset_and_more, uint32_t identification) {
  Frame bytes = {0, 0};
  put16(bytes, offset_and_more);
  put32(bytes, identification);
  return {IPPROTO_FRAGMENT, bytes};
}

std::vector<ExtensionHeader> extension_headers(const PacketSpec &spec, uint32_t identification) {
  std::vector<ExtensionHeader> headers;
  bool hop = false;
  bool atomic = false;
  for (const HeaderPart &part : spec.parts) {
    switch (part.kind) {
      case HeaderPart::Kind::kHopByHop:
        if (!hop) headers.insert(headers.begin(), options_header(part));
        hop = true;
        break;
      case HeaderPart::Kind::kDestination:
        headers.push_back(options_header(part));
        break;
      case HeaderPart::Kind::kRouting:
        headers.push_back({IPPROTO_ROUTING, {0, 0, part.type, 0, 0, 0, 0, 0}});
        break;
      case HeaderPart::Kind::kAtomic:
        // A packet may have one fragment header (IP6SKB_FRAGMENTED).
        if (!atomic && !spec.fragmentation) headers.push_back(fragment_header(0, identification));
        atomic = true;
        break;
      case HeaderPart::Kind::kIpv4Option:
      case HeaderPart::Kind::kTcpOption:
        break;
    }
  }
  return headers;
}

Frame chain(const std::vector<ExtensionHeader> &headers, uint8_t &protocol,
            std::span<const uint8_t> body) {
  Frame out(body.begin(), body.end());
  for (size_t i = headers.size(); i-- > 0;) {
    Frame bytes = headers[i].bytes;
    bytes[0] = std::exchange(protocol, headers[i].number);
    out.insert(out.begin(), bytes.begin(), bytes.end());
  }
  return out;
}

}  // namespace sklab
