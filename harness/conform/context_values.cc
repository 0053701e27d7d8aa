// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/context_values.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/conform/raw_program.h"
#include "harness/kernel/bpf_map.h"
#include "harness/model/context_rules.h"
#include "harness/path/test_run.h"

namespace sklab {
namespace {

using namespace instructions;

struct NamedPacket {
  const char *name;
  Protocol protocol;
  const char *source;
  const char *destination;
};

// Every byte of an address or port differs from the others, or all are the same extreme.
constexpr std::array<NamedPacket, 9> kNamedPackets = {{
    {"TCP over IPv4", Protocol::kTcp, "10.27.36.45:4660", "192.0.2.254:22136"},
    {"UDP over IPv4", Protocol::kUdp, "10.27.36.45:4660", "192.0.2.254:22136"},
    {"IPv4, all zero", Protocol::kUdp, "0.0.0.0:0", "0.0.0.0:0"},
    {"IPv4, all ones", Protocol::kTcp, "255.255.255.255:65535", "255.255.255.255:65535"},
    {"TCP over IPv6", Protocol::kTcp, "[2001:db8:1122:3344:5566:7788:99aa:bbcc]:4660",
     "[fd00:102:304:506:708:90a:b0c:d0e]:22136"},
    {"UDP over IPv6", Protocol::kUdp, "[2001:db8:1122:3344:5566:7788:99aa:bbcc]:4660",
     "[fd00:102:304:506:708:90a:b0c:d0e]:22136"},
    {"IPv6, all zero", Protocol::kTcp, "[::]:0", "[::]:0"},
    {"IPv6, all ones", Protocol::kUdp, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
     "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"},
    {"IPv6, v4-mapped", Protocol::kUdp, "[::ffff:10.27.36.45]:1", "[::ffff:192.0.2.254]:256"},
}};

struct Load {
  uint32_t offset;
  uint32_t size;
};

std::vector<Load> every_allowed_load() {
  std::vector<Load> loads;
  for (uint32_t offset = 0; offset < kContextSize; ++offset) {
    for (const uint32_t size : kAccessSizes) {
      if (context_access_allowed(static_cast<int>(offset), size, AccessKind::kRead)) {
        loads.push_back({offset, size});
      }
    }
  }
  return loads;
}

// Loads, and puts the value into the map at `index`. A pointer becomes whether it is not NULL: no
// program may show it as a number.
Code load_and_keep(const Load &one, uint8_t to, uint8_t context, size_t index) {
  Code code(load(one.size, to, context, static_cast<int16_t>(one.offset)));
  if (one.size == 8) code.append(skip_if_equal(to, 0, 1)).append(move(to, 1));
  return code.append(store(8, BPF_REG_7, static_cast<int16_t>(8 * index), to));
}

Result<UniqueFd> load_program(const Code &body) {
  return load_raw_program(Code(body, move(BPF_REG_0, SK_PASS), leave()));
}

// Each value by a program of its own, which overwrites the register of the context: the kernel
// replaces a load by up to three instructions, and these must get along with that.
Result<std::vector<UniqueFd>> load_one_each(const std::vector<Load> &loads, int map_fd) {
  std::vector<UniqueFd> programs;
  for (size_t i = 0; i < loads.size(); ++i) {
    const Code body(load_map_value(BPF_REG_7, map_fd),
                    load_and_keep(loads[i], BPF_REG_1, BPF_REG_1, i));
    SKLAB_TRY(UniqueFd fd, load_program(body));
    programs.push_back(std::move(fd));
  }
  return programs;
}

// All values by one program.
Result<std::vector<UniqueFd>> load_all_in_one(const std::vector<Load> &loads, int map_fd) {
  Code body(load_map_value(BPF_REG_7, map_fd));
  for (size_t i = 0; i < loads.size(); ++i) {
    body.append(load_and_keep(loads[i], BPF_REG_0, BPF_REG_1, i));
  }
  SKLAB_TRY(UniqueFd fd, load_program(body));
  std::vector<UniqueFd> programs;
  programs.push_back(std::move(fd));
  return programs;
}

constexpr size_t kMostLoads = 256;
using Values = std::array<uint64_t, kMostLoads>;

Result<Packet> parse_packet(const NamedPacket &named) {
  Packet packet;
  packet.protocol = named.protocol;
  SKLAB_TRY(packet.source, parse_endpoint(named.source));
  SKLAB_TRY(packet.destination, parse_endpoint(named.destination));
  return packet;
}

// One of the two ways to load all values.
struct LoadWay {
  const char *name;
  Result<std::vector<UniqueFd>> (*load_programs)(const std::vector<Load> &loads, int map_fd);
};
constexpr std::array<LoadWay, 2> kWays = {{
    {"loads in one program", load_all_in_one},
    {"each load alone", load_one_each},
}};

// The programs of one way, with the map that they keep their values in.
struct Reader {
  const LoadWay *way;
  BpfMap map;
  std::vector<UniqueFd> programs;
};

Result<Reader> make_reader(const LoadWay &way, const std::vector<Load> &loads) {
  if (loads.size() > kMostLoads)
    return fail("keep that many values:", std::to_string(loads.size()));
  SKLAB_TRY(BpfMap map, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(Values), 1));
  SKLAB_TRY(std::vector<UniqueFd> programs, way.load_programs(loads, map.fd()));
  return Reader{&way, std::move(map), std::move(programs)};
}

Result<Values> read_values(Reader &reader, const Packet &packet) {
  Values poison;
  poison.fill(~uint64_t{0});
  if (const int error = reader.map.put(0, poison); error != 0) return fail("fill", "map", error);
  for (const UniqueFd &program : reader.programs) {
    SKLAB_TRY(const TestRunResult result, test_run(program.get(), packet, 1));
    if (result.return_code != SK_PASS) return fail("run", "a program that passes: it did not");
  }
  return reader.map.get<Values>(0);
}

// The field when this is the load of its high half and the kernel keeps it in 16 bits.
const ContextField *high_half_of(const Load &one) {
  constexpr std::array<std::string_view, 3> kKeptIn16Bits = {"family", "protocol", "local_port"};
  constexpr uint32_t kHighHalf = std::endian::native == std::endian::little ? 2 : 0;
  const ContextField *field = context_field_at(static_cast<int>(one.offset));
  if (one.size != 2 || one.offset != field->offset + kHighHalf) return nullptr;
  const bool kept_in_16_bits =
      std::find(kKeptIn16Bits.begin(), kKeptIn16Bits.end(), field->name) != kKeptIn16Bits.end();
  return kept_in_16_bits ? field : nullptr;
}

// Where the other half of the field of `high_half` begins.
uint32_t other_half(const Load &high_half) { return high_half.offset ^ 2U; }

std::string wrong_value(const Load &one, uint64_t expected, uint64_t got) {
  return fmt::format("{} bytes at offset {}: expected {:#x}, got {:#x}", one.size, one.offset,
                     expected, got);
}

// Everything but the high halves below.
Result<> check_packet(Case &one, const Packet &packet, const std::vector<Load> &loads,
                      Reader &reader) {
  SKLAB_TRY(const Values values, read_values(reader, packet));
  const ContextBytes context = context_of(packet, 0);
  for (size_t i = 0; i < loads.size(); ++i) {
    if (high_half_of(loads[i]) != nullptr) continue;
    const uint64_t expected = loaded_value(context, loads[i].offset, loads[i].size);
    one.check(values[i] == expected, [&] { return wrong_value(loads[i], expected, values[i]); });
  }
  return Ok{};
}

// Compares the high half of a field that the kernel keeps in 16 bits: `is_right` is given it and
// the low half.
template <typename IsRight>
Result<> check_high_half(Case &one, const std::vector<Load> &loads, size_t index,
                         std::vector<Reader> &readers, IsRight is_right) {
  for (const NamedPacket &named : kNamedPackets) {
    SKLAB_TRY(const Packet packet, parse_packet(named));
    const uint64_t low = loaded_value(context_of(packet, 0), other_half(loads[index]), 2);
    for (Reader &reader : readers) {
      SKLAB_TRY(const Values values, read_values(reader, packet));
      one.check(is_right(values[index], low),
                [&] { return wrong_value(loads[index], 0, values[index]); });
    }
  }
  return Ok{};
}

// It is 0, as the bytes in it are when they are loaded one by one. Some kernels give the low half
// again, which is a known deviation; nothing else is, and has a case of its own.
void check_high_halves(CaseLog &log, const std::vector<Load> &loads, size_t index,
                       std::vector<Reader> &readers) {
  const std::string field(high_half_of(loads[index])->name);
  log.run("high half of " + field, [&](Case &one) {
    return check_high_half(one, loads, index, readers,
                           [](uint64_t high, uint64_t) { return high == 0; });
  });
  log.run(field + ", its high half is 0 or the low half", [&](Case &one) {
    return check_high_half(one, loads, index, readers,
                           [](uint64_t high, uint64_t low) { return high == 0 || high == low; });
  });
}

Result<std::vector<Reader>> make_readers(const std::vector<Load> &loads) {
  std::vector<Reader> readers;
  for (const LoadWay &way : kWays) {
    SKLAB_TRY(Reader reader, make_reader(way, loads));
    readers.push_back(std::move(reader));
  }
  return readers;
}

}  // namespace

Result<> check_loads(Case &one, const Packet &packet) {
  const std::vector<Load> loads = every_allowed_load();
  SKLAB_TRY(std::vector<Reader> readers, make_readers(loads));
  for (Reader &reader : readers) SKLAB_CHECK(check_packet(one, packet, loads, reader));
  return Ok{};
}

void check_context_values(CaseLog &log) {
  const std::vector<Load> loads = every_allowed_load();
  Result<std::vector<Reader>> readers = make_readers(loads);
  if (!readers) {
    return log.run("load programs",
                   [&](Case &) { return Result<>(tl::unexpected(readers.error())); });
  }
  for (Reader &reader : *readers) {
    for (const NamedPacket &packet : kNamedPackets) {
      log.run(std::string(reader.way->name) + ", " + packet.name, [&](Case &one) -> Result<> {
        SKLAB_TRY(const Packet parsed, parse_packet(packet));
        return check_packet(one, parsed, loads, reader);
      });
    }
  }
  for (size_t i = 0; i < loads.size(); ++i) {
    if (high_half_of(loads[i]) != nullptr) check_high_halves(log, loads, i, *readers);
  }
}

}  // namespace sklab
