// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/object_lab.h"

#include <cerrno>
#include <utility>

#include "harness/kernel/program.h"
#include "harness/model/hashtable_rules.h"
#include "harness/path/test_run.h"

namespace sklab {
namespace {

bool is_unicast(const IpAddress &address) {
  if (address.is_wildcard()) return false;
  if (address.family == Family::kIpv4) {
    constexpr uint8_t kFirstMulticast = 224;
    return address.bytes[0] != 0 && address.bytes[0] < kFirstMulticast;
  }
  const bool multicast = address.bytes[0] == 0xff;
  // An address of one link is only one together with the link.
  const bool link_local = address.bytes[0] == 0xfe && (address.bytes[1] & 0xc0U) == 0x80;
  return !multicast && !link_local;
}

bool goes_to_one_socket(const Packet &packet) {
  for (const Endpoint &endpoint : {packet.source, packet.destination}) {
    if (!is_unicast(endpoint.address) || endpoint.port == 0) return false;
  }
  return true;
}

}  // namespace

Result<ObjectLab> ObjectLab::create(ObjectSource source) {
  SKLAB_TRY(PacketPath path, PacketPath::create(source.scenario.sockets));
  SKLAB_TRY(UserObject object, UserObject::create(source, path.sockets()));
  SKLAB_TRY(ScriptedPrograms lookups, ScriptedPrograms::create({kLargestBatch, 1}));
  SKLAB_CHECK(lookups.attach(path.netns(), Dialect::kPassDrop, {}, 0));
  SKLAB_TRY(BpfStats stats, BpfStats::enable());
  ObjectLab lab(std::move(source.scenario), std::move(path), std::move(lookups), std::move(object),
                std::move(stats));
  for (size_t i = 0; i < lab.scenario_.sockets.size(); ++i) {
    SKLAB_TRY(const uint64_t cookie, lab.path_.sockets().cookie(i));
    lab.sockets_by_cookie_[cookie] = i;
  }
  return lab;
}

Result<> ObjectLab::attach() {
  if (link_) return Ok{};
  SKLAB_TRY(NetnsLink link, NetnsLink::attach(object_.fd(), netns()));
  link_.emplace(std::move(link));
  return Ok{};
}

Result<std::vector<std::optional<size_t>>> ObjectLab::look_up(std::span<const Packet> packets) {
  const ScriptedPrograms::Batch batch = lookups_.batch();
  for (size_t i = 0; i < packets.size(); ++i) {
    write_packet(packets[i], batch.packets[i]);
    batch.lookups[i] = {.packet = static_cast<uint32_t>(i), .mark = 0};
  }
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns()));
  SKLAB_CHECK(lookups_.look_up(packets.size()));
  std::vector<std::optional<size_t>> found;
  found.reserve(packets.size());
  for (size_t i = 0; i < packets.size(); ++i) {
    found.push_back(SocketSet::index_of(batch.lookups[i].mark));
    if (!found.back() || *found.back() < scenario_.sockets.size()) continue;
    return fail_as(ErrorKind::kMismatch, "find a socket of the scenario for",
                   packets[i].destination.text());
  }
  return found;
}

Result<ProgramAnswer> ObjectLab::ask_program(const Packet &packet) {
  using Kind = ProgramAnswer::Kind;
  const auto run = test_run(object_.fd(), packet, 1);
  // A test run has no packet to choose a member for.
  if (!run && run.error().error_number == EOPNOTSUPP) return ProgramAnswer{Kind::kSelectGroup, {}};
  if (!run) return tl::unexpected(run.error());
  if (run->return_code == kSkDrop) return ProgramAnswer{Kind::kDrop, {}};
  if (run->selected_cookie == 0) return ProgramAnswer{Kind::kPass, {}};
  const auto found = sockets_by_cookie_.find(run->selected_cookie);
  if (found == sockets_by_cookie_.end()) return ProgramAnswer{Kind::kSelect, {}};
  return ProgramAnswer{Kind::kSelect, found->second};
}

Result<ObjectBatch> ObjectLab::observe(std::span<const Packet> packets) {
  link_.reset();
  SKLAB_TRY(const auto plain, look_up(packets));
  SKLAB_CHECK(attach());
  SKLAB_TRY(const uint64_t before, run_count(object_.fd()));
  SKLAB_TRY(const auto found, look_up(packets));
  SKLAB_TRY(const uint64_t after, run_count(object_.fd()));
  ObjectBatch batch{std::vector<ObjectObservation>(packets.size()), after - before};
  for (size_t i = 0; i < packets.size(); ++i) {
    batch.observed[i].plain = plain[i];
    batch.observed[i].found = found[i];
    SKLAB_TRY(batch.observed[i].program, ask_program(packets[i]));
  }
  return batch;
}

Result<std::optional<Delivery>> ObjectLab::send(const Packet &packet) {
  if (!goes_to_one_socket(packet)) return std::nullopt;
  Scenario scenario;
  scenario.sockets = scenario_.sockets;
  scenario.packet = packet;
  SKLAB_CHECK(attach());
  PacketOperation operation = &PacketPath::send_datagram;
  if (packet.protocol == Protocol::kTcp) {
    operation =
        find_connected(scenario, kernel_rules()) ? &PacketPath::send_data : &PacketPath::send_syn;
  }
  auto delivery = (path_.*operation)(packet);
  if (delivery) return *delivery;
  if (delivery.error().kind == ErrorKind::kUnavailable) return std::nullopt;
  return tl::unexpected(delivery.error());
}

}  // namespace sklab
