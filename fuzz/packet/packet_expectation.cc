// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/packet_expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/model/model.h"

namespace sklab {
namespace {

// What the sender gets from TCP, by the flags (tcp_rcv_state_process for TCP_LISTEN,
// tcp_v4_send_reset). SYN cookies are not in use: no listener's queue is ever full.
Reply tcp_reply(uint8_t flags, bool found) {
  if ((flags & kTcpReset) != 0) return Reply::kNone;
  if (!found || (flags & kTcpAck) != 0) return Reply::kReset;
  return (flags & (kTcpSyn | kTcpFin)) == kTcpSyn ? Reply::kSynAck : Reply::kNone;
}

// Of a frame that is looked up; none: anything. A connection answers by its own state.
std::optional<Reply> reply_to(const PacketExpectation &expected) {
  const Reception &reception = expected.reception;
  const bool found = !expected.outcome.sockets.empty();
  if (reception.is_error) return Reply::kNone;
  if (reception.packet.protocol == Protocol::kTcp &&
      expected.outcome.decided_by == DecidedBy::kConnected) {
    return std::nullopt;
  }
  if (reception.after == AfterLookup::kDropped) return Reply::kNone;
  const bool tcp = reception.packet.protocol == Protocol::kTcp;
  const Reply udp_reply = found ? Reply::kNone : Reply::kPortUnreachable;
  const Reply reply = tcp ? tcp_reply(reception.tcp_flags, found) : udp_reply;
  if (reception.may_lack_reply && (reply == Reply::kReset || reply == Reply::kPortUnreachable)) {
    return std::nullopt;
  }
  return reply;
}

// Whether the socket shows that it got the frame.
std::optional<bool> is_received(const PacketExpectation &expected) {
  const Reception &reception = expected.reception;
  if (expected.outcome.sockets.empty()) return false;
  if (reception.is_error || reception.packet.protocol == Protocol::kUdp) {
    return reception.after != AfterLookup::kDropped;
  }
  if (expected.outcome.decided_by == DecidedBy::kConnected) return std::nullopt;
  return reply_to(expected) == Reply::kSynAck;
}

// Other ICMP errors are no part of the rules: they say what is wrong with a header.
Reply kind_of(const ParsedPacket &reply) {
  if (reply.kind == PacketKind::kUnreachable && reply.reason == Unreachable::kPort) {
    return Reply::kPortUnreachable;
  }
  if (reply.kind != PacketKind::kTcp) return Reply::kNone;
  if ((reply.tcp.flags & kTcpReset) != 0) return Reply::kReset;
  return (reply.tcp.flags & kTcpSyn) != 0 ? Reply::kSynAck : Reply::kAck;
}

Reply reply_of(const FrameObservation &observed) {
  for (const ParsedPacket &reply : observed.arrived.replies) {
    if (const Reply kind = kind_of(reply); kind != Reply::kNone) return kind;
  }
  return Reply::kNone;
}

ReceivedKind received_kind(const Reception &reception) {
  if (reception.is_error) return ReceivedKind::kError;
  return reception.packet.protocol == Protocol::kUdp ? ReceivedKind::kData
                                                     : ReceivedKind::kConnection;
}

bool is_allowed(const Outcome &outcome, size_t socket) {
  return std::find(outcome.sockets.begin(), outcome.sockets.end(), socket) != outcome.sockets.end();
}

// More than a socket can hold of a datagram is cut off by who reads it.
bool same_payload(const std::vector<uint8_t> &sent, const std::vector<uint8_t> &received) {
  return received.size() <= sent.size() &&
         std::equal(received.begin(), received.end(), sent.begin()) &&
         (received.size() == sent.size() || received.size() >= 2048);
}

std::string receiver_difference(const PacketExpectation &expected,
                                const FrameObservation &observed) {
  const auto &received = observed.arrived.received;
  for (const Received &one : received) {
    if (!is_allowed(expected.outcome, one.socket)) return "another socket receives";
  }
  const auto wanted = is_received(expected);
  if (!wanted) return "";
  if (!*wanted) return received.empty() ? "" : "a socket receives what it should not";
  if (received.empty()) return "no socket receives";
  if (received.size() > 1) return "it is received twice";
  if (received[0].kind != received_kind(expected.reception)) return "something else is received";
  const bool datagram = received[0].kind == ReceivedKind::kData;
  if (datagram && !same_payload(expected.reception.payload, received[0].payload)) {
    return "other bytes are received";
  }
  return "";
}

std::string lookup_difference(const PacketExpectation &expected, const FrameObservation &observed) {
  const Outcome &outcome = expected.outcome;
  if (observed.observation.run_counts != outcome.run_counts) return "other programs run";
  if (!observed.observation.in_order) return "programs run in another order";
  if (observed.observation.assign_results != outcome.assign_results) {
    return "an assign has another result";
  }
  if (std::string difference = receiver_difference(expected, observed); !difference.empty()) {
    return difference;
  }
  const auto reply = reply_to(expected);
  if (reply && *reply != reply_of(observed)) {
    return fmt::format("the reply is {} instead of {}", reply_name(reply_of(observed)),
                       reply_name(*reply));
  }
  return "";
}

std::string no_lookup_difference(const FrameObservation &observed) {
  const auto &runs = observed.observation.run_counts;
  if (std::any_of(runs.begin(), runs.end(), [](uint64_t count) { return count != 0; })) {
    return "programs run for what is no whole packet";
  }
  if (!observed.arrived.received.empty()) return "a socket receives what is no whole packet";
  if (reply_of(observed) != Reply::kNone) return "there is a reply to what is no whole packet";
  return "";
}

std::string program_facts(const std::vector<uint64_t> &runs,
                          const std::vector<std::vector<int>> &results) {
  std::string text;
  for (size_t i = 0; i < runs.size(); ++i) {
    text += fmt::format("program {} ran {}", i, runs[i]);
    for (const int result : results[i]) text += fmt::format(", {}", result);
    text += '\n';
  }
  return text;
}

std::string name_of(size_t socket, const Scenario &scenario) {
  return socket < scenario.sockets.size() ? scenario.sockets[socket].name
                                          : fmt::format("#{}", socket);
}

}  // namespace

PacketExpectation expect(const Reception &reception, const Scenario &scenario, const Rules &rules) {
  PacketExpectation expected{reception, {}};
  Scenario looked_up = scenario;
  looked_up.packet = reception.packet;
  const Arrival arrival = reception.is_error ? Arrival::kHelper : Arrival::kPacket;
  if (reception.lookup != LookupChance::kNone)
    evaluate_into(looked_up, arrival, rules, expected.outcome);
  return expected;
}

std::vector<PacketExpectation> alternatives(const PacketExpectation &expected) {
  const Reception &reception = expected.reception;
  if (reception.lookup == LookupChance::kUnknown) return {};
  std::vector<PacketExpectation> all = {expected};
  if (reception.lookup == LookupChance::kNone) return all;
  if (reception.after == AfterLookup::kMayBeDropped) {
    all[0].reception.after = AfterLookup::kGoesOn;
    all.push_back(all[0]);
    all.back().reception.after = AfterLookup::kDropped;
  }
  if (reception.lookup == LookupChance::kPossible) {
    for (PacketExpectation &one : all) one.reception.lookup = LookupChance::kCertain;
    all.push_back(all[0]);
    all.back().reception.lookup = LookupChance::kNone;
  }
  return all;
}

std::string find_difference(const PacketExpectation &expected, const FrameObservation &observed) {
  std::string first;
  for (const PacketExpectation &one : alternatives(expected)) {
    const bool looked_up = one.reception.lookup == LookupChance::kCertain;
    std::string difference =
        looked_up ? lookup_difference(one, observed) : no_lookup_difference(observed);
    if (difference.empty()) return "";
    if (first.empty()) first = std::move(difference);
  }
  return first;
}

ArrivalFacts arrival_facts(const PacketExpectation &expected, const Scenario &scenario) {
  if (expected.reception.lookup == LookupChance::kNone) {
    const size_t programs = scenario.programs.size();
    return {std::vector<uint64_t>(programs),
            std::vector<std::vector<int>>(programs),
            {},
            false,
            ReceivedKind::kData,
            Reply::kNone};
  }
  return {expected.outcome.run_counts, expected.outcome.assign_results,   expected.outcome.sockets,
          is_received(expected),       received_kind(expected.reception), reply_to(expected)};
}

std::string names_of_receivers(const ArrivalFacts &facts, const Scenario &scenario) {
  if (facts.is_received == false || facts.sockets.empty()) return "none";
  std::string names;
  for (const size_t socket : facts.sockets) {
    names += (names.empty() ? "" : " or ") + name_of(socket, scenario);
  }
  return names;
}

std::string expected_facts(const PacketExpectation &expected, const Scenario &scenario) {
  const ArrivalFacts facts = arrival_facts(expected, scenario);
  const std::string names = names_of_receivers(facts, scenario);
  return program_facts(facts.run_counts, facts.assign_results) +
         fmt::format("received by {}\nreply {}\n", names,
                     facts.reply ? reply_name(*facts.reply) : "any");
}

std::string observed_facts(const FrameObservation &observed, const Scenario &scenario) {
  std::string text =
      program_facts(observed.observation.run_counts, observed.observation.assign_results);
  std::string names;
  for (const Received &one : observed.arrived.received) {
    names += (names.empty() ? "" : " and ") + name_of(one.socket, scenario);
  }
  text += fmt::format("received by {}\n", names.empty() ? "none" : names);
  return text + fmt::format("reply {}\n", reply_name(reply_of(observed)));
}

}  // namespace sklab
