// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/object_maps.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

namespace sklab {
namespace {

using Bytes = std::vector<uint8_t>;

tl::unexpected<Error> refuse(const std::string &operation, const std::string &name,
                             const SourceLine &line, const std::string &why, int error = 0) {
  const std::string hint =
      line.number == 0 ? why : fmt::format("line {} of the scenario: {}", line.number, why);
  return fail_as(ErrorKind::kUsage, operation, name, error, hint);
}

// Where a variable lies.
struct VariablePlace {
  bpf_map *map;
  size_t offset;
  size_t size;
};

// .data, .bss and .rodata are maps of one value, whose type is a list of variables.
std::optional<VariablePlace> place_in(bpf_map *map, const btf *types, const std::string &name) {
  const btf_type *section = btf__type_by_id(types, bpf_map__btf_value_type_id(map));
  if (section == nullptr || !btf_is_datasec(section)) return std::nullopt;
  const btf_var_secinfo *variables = btf_var_secinfos(section);
  for (unsigned i = 0; i < btf_vlen(section); ++i) {
    const btf_type *variable = btf__type_by_id(types, variables[i].type);
    if (name != btf__name_by_offset(types, variable->name_off)) continue;
    return VariablePlace{map, variables[i].offset, variables[i].size};
  }
  return std::nullopt;
}

std::optional<VariablePlace> find_variable(bpf_object *object, const std::string &name) {
  const btf *types = bpf_object__btf(object);
  bpf_map *map = nullptr;
  if (types == nullptr) return std::nullopt;
  bpf_object__for_each_map(map, object) {
    if (!bpf_map__is_internal(map)) continue;
    if (const auto place = place_in(map, types, name)) return place;
  }
  return std::nullopt;
}

Result<> set_global_variable(bpf_object *object, const GlobalVariable &global) {
  const std::string what = "set global variable";
  const auto place = find_variable(object, global.name);
  if (!place) {
    return refuse(what, global.name, global.line,
                  bpf_object__btf(object) == nullptr
                      ? "the object has no BTF, which names variables: compile it with -g"
                      : "the object has no such variable");
  }
  const Bytes value = bytes_of(global.value);
  if (value.size() != place->size) {
    return refuse(what, global.name, global.line,
                  fmt::format("it has {} bytes, not {}", place->size, value.size()));
  }
  size_t size = 0;
  const auto *initial = static_cast<const uint8_t *>(bpf_map__initial_value(place->map, &size));
  if (initial == nullptr || place->offset + place->size > size) {
    return refuse(what, global.name, global.line, "the object gives it no initial value");
  }
  Bytes section(initial, initial + size);
  std::copy(value.begin(), value.end(), section.begin() + static_cast<ptrdiff_t>(place->offset));
  const int error = bpf_map__set_initial_value(place->map, section.data(), section.size());
  if (error != 0) return refuse(what, global.name, global.line, "libbpf refused it", -error);
  return Ok{};
}

// What a map's values can be given as.
enum class MapContent : uint8_t { kBytes, kBytesForEachCpu, kSockets, kObjectsOfTheKernel };

MapContent content_of(bpf_map_type type) {
  switch (type) {
    case BPF_MAP_TYPE_SOCKMAP:
    case BPF_MAP_TYPE_SOCKHASH:
    case BPF_MAP_TYPE_REUSEPORT_SOCKARRAY:
      return MapContent::kSockets;
    case BPF_MAP_TYPE_PERCPU_ARRAY:
    case BPF_MAP_TYPE_PERCPU_HASH:
    case BPF_MAP_TYPE_LRU_PERCPU_HASH:
      return MapContent::kBytesForEachCpu;
    case BPF_MAP_TYPE_ARRAY:
    case BPF_MAP_TYPE_HASH:
    case BPF_MAP_TYPE_LRU_HASH:
    case BPF_MAP_TYPE_LPM_TRIE:
    case BPF_MAP_TYPE_QUEUE:
    case BPF_MAP_TYPE_STACK:
    case BPF_MAP_TYPE_BLOOM_FILTER:
      return MapContent::kBytes;
    // Keys or values are descriptors of this process, which numbers in a text cannot mean:
    // programs, maps, what storage belongs to. Of types that are not known here the kernel might
    // read more than a value's bytes.
    default:
      return MapContent::kObjectsOfTheKernel;
  }
}

template <typename T>
Bytes as_bytes(T value) {
  Bytes bytes(sizeof(value));
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

tl::unexpected<Error> refuse_entry(const MapEntry &entry, const std::string &why, int error = 0) {
  return refuse("put an entry into map", entry.map, entry.line, why, error);
}

// As a map of sockets takes it: its descriptor, in as many bytes as the values have.
Result<Bytes> socket_descriptor(const MapEntry &entry, const SocketSet &sockets, size_t size) {
  if (!entry.socket) return refuse_entry(entry, "its values are sockets: socket NAME");
  const int fd = sockets.fd(*entry.socket);
  if (fd < 0) return refuse_entry(entry, "there are more sockets than a process may have open");
  if (size == sizeof(uint64_t)) return as_bytes(static_cast<uint64_t>(fd));
  return as_bytes(static_cast<uint32_t>(fd));
}

Result<Bytes> value_for(const MapEntry &entry, const bpf_map *map, const SocketSet &sockets) {
  const size_t size = bpf_map__value_size(map);
  const MapContent content = content_of(bpf_map__type(map));
  if (content == MapContent::kSockets) return socket_descriptor(entry, sockets, size);
  if (content == MapContent::kObjectsOfTheKernel) {
    return refuse_entry(entry, "maps of its type cannot be filled from a text");
  }
  Bytes value = bytes_of(entry.value);
  if (entry.socket) {
    SKLAB_TRY(const uint64_t cookie, sockets.cookie(*entry.socket));
    value = as_bytes(cookie);
  }
  if (value.size() != size) {
    return refuse_entry(entry, fmt::format("its values have {} bytes, not {}{}", size, value.size(),
                                           entry.socket ? " as a socket's cookie" : ""));
  }
  if (content == MapContent::kBytes) return value;
  // Each CPU's value begins at a multiple of 8.
  constexpr size_t kAlignment = 8;
  value.resize((size + kAlignment - 1) / kAlignment * kAlignment);
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 1) return fail("count", "CPUs", -cpus);
  Bytes values;
  for (int i = 0; i < cpus; ++i) values.insert(values.end(), value.begin(), value.end());
  return values;
}

Result<> put_entry(const bpf_object *object, const MapEntry &entry, const SocketSet &sockets) {
  const bpf_map *map = bpf_object__find_map_by_name(object, entry.map.c_str());
  if (map == nullptr) {
    std::string names;
    const bpf_map *other = nullptr;
    bpf_object__for_each_map(other, object) {
      if (!bpf_map__is_internal(other)) names += std::string(" ") + bpf_map__name(other);
    }
    return refuse_entry(entry, names.empty() ? "the object has no maps" : "the object has" + names);
  }
  const Bytes key = bytes_of(entry.key);
  if (key.size() != bpf_map__key_size(map)) {
    return refuse_entry(
        entry, fmt::format("its keys have {} bytes, not {}", bpf_map__key_size(map), key.size()));
  }
  SKLAB_TRY(const Bytes value, value_for(entry, map, sockets));
  if (bpf_map_update_elem(bpf_map__fd(map), key.data(), value.data(), BPF_ANY) == 0) return Ok{};
  const int error = errno;
  // ENOSPC is that of a trie.
  if (error != E2BIG && error != ENOSPC) return refuse_entry(entry, "the kernel refused it", error);
  return refuse_entry(entry, fmt::format("it has room for {} entries", bpf_map__max_entries(map)),
                      error);
}

}  // namespace

Result<> set_global_variables(bpf_object *object, const ObjectScenario &scenario) {
  for (const GlobalVariable &global : scenario.globals) {
    SKLAB_CHECK(set_global_variable(object, global));
  }
  return Ok{};
}

Result<> fill_object_maps(const bpf_object *object, const ObjectScenario &scenario,
                          const SocketSet &sockets) {
  for (const MapEntry &entry : scenario.entries) SKLAB_CHECK(put_entry(object, entry, sockets));
  return Ok{};
}

}  // namespace sklab
