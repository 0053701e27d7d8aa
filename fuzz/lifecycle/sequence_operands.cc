// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/sequence_operands.h"

#include <algorithm>
#include <array>

#include "harness/model/loopback_addresses.h"

namespace sklab::operands {
namespace {

// Ports of the far ends of connections, which nothing else is bound to.
constexpr uint16_t kFirstFarPort = 40000;
constexpr uint8_t kFarPorts = 4;

template <size_t kCount>
IpAddress address_at(const std::array<IpAddress, kCount> &addresses, size_t index) {
  return addresses[index % kCount];
}

}  // namespace

// The index after the last address is the wildcard.
IpAddress server_address(bool ipv6, size_t index, bool or_wildcard) {
  const size_t count = ipv6 ? kServers6.size() : kServers4.size();
  index %= or_wildcard ? count + 1 : count;
  if (index == count) return {ipv6 ? Family::kIpv6 : Family::kIpv4, {}};
  return ipv6 ? address_at(kServers6, index) : address_at(kServers4, index);
}
Endpoint client_endpoint(bool ipv6, uint8_t byte) {
  const IpAddress address =
      ipv6 ? address_at(kClients6, byte / kFarPorts) : address_at(kClients4, byte / kFarPorts);
  return {address, static_cast<uint16_t>(kFirstFarPort + byte % kFarPorts)};
}
uint16_t server_port(uint8_t byte) { return kServerPorts[byte % kServerPorts.size()]; }

// Rather small numbers: those beyond the two that are defined are all refused alike.
uint64_t assign_flags_of(uint8_t byte) {
  return byte < 240 ? byte & 3 : uint64_t{1} << (byte & 31);
}
// BPF_ANY, BPF_NOEXIST, BPF_EXIST, and what is none of them. BPF_F_LOCK is a matter of maps with
// locks.
uint64_t put_flags_of(uint8_t byte) {
  constexpr std::array<uint64_t, 8> kFlags = {0, 0, 0, 1, 1, 2, 2, 3};
  return byte < 250 ? kFlags[byte % kFlags.size()] : uint64_t{1} << 40;
}

// Mostly the first keys, so that programs and sockets meet.
ProgramStep::Source source_of(uint8_t byte) {
  constexpr std::array<uint32_t, 16> kKeys = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5};
  static_assert(*std::max_element(kKeys.begin(), kKeys.end()) < kMapKeys);
  return {byte % 3 == 2 ? SocketMapKind::kSockhash : SocketMapKind::kSockmap,
          kKeys[byte / 3 % kKeys.size()]};
}

ProgramTable default_programs() {
  const auto assign = [](SocketMapKind map, uint32_t key, uint64_t flags) {
    return ProgramStep{ProgramStep::Source{map, key}, flags};
  };
  const ProgramStep first = assign(SocketMapKind::kSockmap, 0, 0);
  const ProgramStep replace_first = assign(SocketMapKind::kSockmap, 0, kAssignReplace);
  const ProgramStep second = assign(SocketMapKind::kSockmap, 1, 0);
  const ProgramStep replace_second = assign(SocketMapKind::kSockmap, 1, kAssignReplace);
  const ProgramStep hashed = assign(SocketMapKind::kSockhash, 0, kAssignNoReuseport);
  const ProgramStep clear = {std::nullopt, kAssignReplace};
  return {{{{}, kSkPass},
           {{}, kSkDrop},
           {{first}, kSkPass},
           {{replace_second}, kSkPass},
           {{hashed}, kSkPass},
           {{replace_first}, kSkDrop},
           {{clear}, kSkPass},
           {{first, second}, kSkPass}}};
}

void decode_program(SequenceRecordView record, ProgramTable &programs) {
  NumberedProgram &program = programs[record[1] % programs.size()];
  if ((record[4] & 2) == 0) program.steps.clear();
  program.return_code = (record[4] & 1) != 0 ? kSkDrop : kSkPass;
  if (program.steps.size() == SKLAB_STEPS) return;
  ProgramStep step{std::nullopt, assign_flags_of(record[3])};
  if (record[2] % 8 != 7) step.source = source_of(record[2] / 8);
  program.steps.push_back(step);
}

}  // namespace sklab::operands
