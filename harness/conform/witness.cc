// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/witness.h"

#include <fmt/format.h>

#include "harness/conform/raw_program.h"

namespace sklab {
namespace {

using namespace instructions;

struct Testimony {
  uint64_t runs = 0;
  ContextBytes context{};
};
static_assert(sizeof(Testimony) == sizeof(uint64_t) + kContextSize);

// Into the map value that R7 points to.
Code keep_context() {
  constexpr auto kAt = static_cast<int16_t>(offsetof(Testimony, context));
  // A pointer may not be kept as a number.
  Code code(load(8, BPF_REG_2, BPF_REG_1, 0), skip_if_equal(BPF_REG_2, 0, 1), move(BPF_REG_2, 1),
            store(8, BPF_REG_7, kAt, BPF_REG_2));
  for (const ContextField &field : kContextFields) {
    if (field.widest != 4) continue;
    for (uint32_t offset = field.offset; offset < field.offset + field.size; offset += 4) {
      const auto at = static_cast<int16_t>(offset);
      code.append(load(4, BPF_REG_2, BPF_REG_1, at))
          .append(store(4, BPF_REG_7, static_cast<int16_t>(kAt + at), BPF_REG_2));
    }
  }
  return code;
}

}  // namespace

Result<Witness> Witness::create(int32_t return_code) {
  SKLAB_TRY(BpfMap map, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(Testimony), 1));
  SKLAB_TRY(
      UniqueFd program,
      load_raw_program(Code(load_map_value(BPF_REG_7, map.fd()), load(8, BPF_REG_2, BPF_REG_7, 0),
                            add(BPF_REG_2, 1), store(8, BPF_REG_7, 0, BPF_REG_2), keep_context(),
                            move(BPF_REG_0, return_code), leave())));
  return Witness(std::move(map), std::move(program));
}

Result<uint64_t> Witness::take_runs() {
  SKLAB_TRY(Testimony testimony, map_.get<Testimony>(0));
  const uint64_t runs = std::exchange(testimony.runs, 0);
  if (const int error = map_.put(0, testimony); error != 0) return fail("clear", "map", error);
  return runs;
}

Result<ContextBytes> Witness::context() const {
  SKLAB_TRY(const Testimony testimony, map_.get<Testimony>(0));
  return testimony.context;
}

std::string describe(const ContextBytes &context) {
  std::string text;
  for (const ContextField &field : kContextFields) {
    text += fmt::format(" {}=", field.name);
    for (uint32_t i = 0; i < field.size; ++i)
      text += fmt::format("{:02x}", context[field.offset + i]);
  }
  return text.substr(1);
}

}  // namespace sklab
