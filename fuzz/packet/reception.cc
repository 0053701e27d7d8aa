// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/reception.h"

#include <netinet/in.h>

#include <utility>

#include "fuzz/packet/ip_options.h"
#include "fuzz/packet/ip_view.h"
#include "fuzz/packet/transport_reception.h"
#include "harness/path/network_bytes.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

using Bytes = std::span<const uint8_t>;

constexpr size_t kFragmentHeader = 8;
constexpr size_t kMostPacket = 65535;
constexpr IpAddress kLoopback6{Family::kIpv6, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

Reception weaken(Reception reception, bool is_possible) {
  if (is_possible && reception.lookup == LookupChance::kCertain)
    reception.lookup = LookupChance::kPossible;
  return reception;
}

// The first fragment has the whole transport header (RFC 8200, 4.5; ipv6frag_thdr_truncated, which
// lets pass what ipv6_skip_exthdr cannot follow).
bool has_transport_header(uint8_t next_header, Bytes bytes) {
  size_t at = 0;
  while (is_extension_header(next_header)) {
    if (next_header == IPPROTO_NONE || at + 4 > bytes.size()) return true;
    const Bytes header = bytes.subspan(at);
    const bool fragment = next_header == IPPROTO_FRAGMENT;
    if (fragment && get16(header, 2) >> 3U != 0) return true;
    const bool authentication = next_header == IPPROTO_AH;
    at += authentication ? size_t{4} * (header[1] + 2U)
          : fragment     ? kFragmentHeader
                         : size_t{8} * (header[1] + 1U);
    next_header = header[0];
  }
  const size_t needed = next_header == IPPROTO_TCP                                    ? 20
                        : next_header == IPPROTO_UDP || next_header == IPPROTO_ICMPV6 ? 8
                                                                                      : 1;
  return at + needed <= bytes.size();
}

}  // namespace

const char *lookup_name(LookupChance lookup) {
  constexpr const char *kNames[] = {"none", "possible", "certain", "unknown"};
  return kNames[static_cast<size_t>(lookup)];
}

Reception Receiver::receive(Bytes frame) {
  // The frame's Ethernet type follows its first bits (Wire::send).
  return !frame.empty() && frame[0] >> 4U == 4 ? receive_ipv4(frame) : receive_ipv6(frame);
}

// ip_rcv_core, ip_rcv_options, ip_local_deliver.
Reception Receiver::receive_ipv4(Bytes frame) {
  if (frame.size() < kIpv4Header) return {};
  const size_t header = size_t{4} * (frame[0] & 0xfU);
  if (header < kIpv4Header || header > frame.size()) return {};
  const size_t length = get16(frame, 2);
  if (length > frame.size() || length < header) return {};
  if (internet_checksum(frame.first(header)) != 0) return {};
  const Bytes option_bytes = frame.subspan(kIpv4Header, header - kIpv4Header);
  const OptionsVerdict options = check_ipv4_options(option_bytes);
  if (options == OptionsVerdict::kDrop) return {};
  const bool may_lack_reply = !can_be_echoed(option_bytes);
  const Bytes carried = frame.subspan(header, length - header);
  Body body{address_in(4, frame, 0),
            address_in(4, frame, 1),
            frame[9],
            {carried.begin(), carried.end()},
            options == OptionsVerdict::kPossible};
  const unsigned fragment = get16(frame, 6);
  const auto receive_whole = [&](Bytes bytes, bool lacks_reply) {
    Reception reception = receive_transport({body.source, body.destination, body.protocol, bytes});
    reception.may_lack_reply = lacks_reply;
    return weaken(std::move(reception), body.is_possible);
  };
  if ((fragment & 0x3fffU) == 0) return receive_whole(body.bytes, may_lack_reply);
  const QueueKey key{body.source, body.destination, get16(frame, 4), body.protocol};
  Queue &queue = queues_[key];
  queue.may_lack_reply = queue.may_lack_reply || may_lack_reply;
  const auto result =
      queue.fragments.add({size_t{8} * (fragment & 0x1fffU), (fragment & 0x2000U) != 0,
                           std::move(body.bytes), static_cast<uint8_t>(frame[1] & 3U)});
  if (result == FragmentQueue::State::kKept) return {};
  const Queue complete = std::move(queue);
  queues_.erase(key);
  if (result == FragmentQueue::State::kDropped) return {};
  const auto whole = complete.fragments.bytes();
  if (header + whole.size() > kMostPacket) return {};
  return receive_whole(whole, complete.may_lack_reply);
}

// ip6_rcv_core.
Reception Receiver::receive_ipv6(Bytes frame) {
  if (frame.size() < kIpv6Header || frame[0] >> 4U != 6) return {};
  Body body{address_in(6, frame, 0), address_in(6, frame, 1), frame[6], {}, false};
  // ::1 does not come through a wire, and multicast sends nothing.
  if (body.source == kLoopback6 || body.destination == kLoopback6) return {};
  if (body.source.bytes[0] == 0xff) return {};
  size_t length = get16(frame, 4);
  // A jumbo payload option may tell the length.
  const bool jumbo = length == 0 && body.protocol == IPPROTO_HOPOPTS;
  if (jumbo) length = frame.size() - kIpv6Header;
  body.is_possible = jumbo;
  if (kIpv6Header + length > frame.size()) return {};
  const Bytes carried = frame.subspan(kIpv6Header, length);
  body.bytes.assign(carried.begin(), carried.end());
  if (body.protocol == IPPROTO_HOPOPTS) {
    const HeaderVerdict hop = check_extension_header(IPPROTO_HOPOPTS, body.bytes);
    if (hop.options == OptionsVerdict::kDrop) return {};
    body.is_possible = body.is_possible || hop.options == OptionsVerdict::kPossible;
    body.protocol = body.bytes[0];
    body.bytes.erase(body.bytes.begin(), body.bytes.begin() + static_cast<ptrdiff_t>(hop.size));
  }
  return follow_headers(std::move(body), frame, false);
}

// ip6_protocol_deliver_rcu.
Reception Receiver::follow_headers(Body body, Bytes frame, bool fragmented) {
  while (true) {
    if (body.protocol == IPPROTO_FRAGMENT) {
      // One fragment header a packet, and none in a jumbogram.
      if (fragmented || get16(frame, 4) == 0 || body.bytes.size() < kFragmentHeader) return {};
      if ((get16(body.bytes, 2) & 0xfff9U) != 0) return add_fragment(std::move(body), frame);
      fragmented = true;
      body.protocol = body.bytes[0];
      body.bytes.erase(body.bytes.begin(), body.bytes.begin() + kFragmentHeader);
      continue;
    }
    if (body.protocol != IPPROTO_DSTOPTS && body.protocol != IPPROTO_ROUTING) break;
    const HeaderVerdict verdict = check_extension_header(body.protocol, body.bytes);
    if (verdict.options == OptionsVerdict::kDrop) return {};
    body.is_possible = body.is_possible || verdict.options == OptionsVerdict::kPossible;
    body.protocol = body.bytes[0];
    body.bytes.erase(body.bytes.begin(), body.bytes.begin() + static_cast<ptrdiff_t>(verdict.size));
  }
  return weaken(receive_transport({body.source, body.destination, body.protocol, body.bytes}),
                body.is_possible);
}

// ipv6_frag_rcv, ip6_frag_queue.
Reception Receiver::add_fragment(Body body, Bytes frame) {
  const uint32_t offset = get16(body.bytes, 2) & 0xfff8U;
  const bool more = (get16(body.bytes, 2) & 1U) != 0;
  const uint8_t next_header = body.bytes[0];
  const uint32_t identification = get32(body.bytes, 4);
  body.bytes.erase(body.bytes.begin(), body.bytes.begin() + kFragmentHeader);
  if (offset == 0 && !has_transport_header(next_header, body.bytes)) return {};
  const size_t end = offset + body.bytes.size();
  const QueueKey key{body.source, body.destination, identification, 0};
  Queue &queue = queues_[key];
  // A queue that such a fragment finds stays, as does an empty one that it begins.
  if (end > kMostPacket || (more && end % 8 != 0)) return {};
  if (offset == 0) queue.next_header = next_header;
  const auto result = queue.fragments.add(
      {offset, more, std::move(body.bytes), static_cast<uint8_t>(frame[1] >> 4U & 3U)});
  if (result == FragmentQueue::State::kKept) return {};
  const Queue complete = std::move(queue);
  queues_.erase(key);
  if (result == FragmentQueue::State::kDropped) return {};
  body.protocol = complete.next_header;
  body.bytes = complete.fragments.bytes();
  return follow_headers(std::move(body), frame, true);
}

std::vector<Frame> Receiver::flush() {
  std::vector<Frame> frames;
  for (const auto &[key, queue] : queues_) {
    frames.push_back(build_fragment({key.source, key.destination, key.identification, key.protocol},
                                    FragmentQueue::last_straw()));
  }
  queues_.clear();
  return frames;
}

}  // namespace sklab
