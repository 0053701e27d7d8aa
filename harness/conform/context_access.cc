// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/context_access.h"

#include <fmt/core.h>

#include <cerrno>
#include <string>

#include "harness/kernel/instructions.h"
#include "harness/kernel/load_attempt.h"
#include "harness/model/context_rules.h"

namespace sklab {
namespace {

using namespace instructions;

// How far the sweep goes beyond the context, to both sides.
constexpr int kMargin = 8;

LoadAttempt attempt_read(int16_t offset, uint32_t size) {
  const Code code(load(size, BPF_REG_0, BPF_REG_1, offset), move(BPF_REG_0, SK_PASS), leave());
  return attempt_load(code.all());
}

LoadAttempt attempt_write(int16_t offset, uint32_t size) {
  const Code code(move(BPF_REG_0, SK_PASS), store(size, BPF_REG_1, offset, BPF_REG_0), leave());
  return attempt_load(code.all());
}

LoadAttempt attempt_write_of_constant(int16_t offset, uint32_t size) {
  const Code code(move(BPF_REG_0, SK_PASS), store_constant(size, BPF_REG_1, offset, 0), leave());
  return attempt_load(code.all());
}

// The two forms of an atomic addition, which reads and writes.
LoadAttempt attempt_atomic_add(int16_t offset, uint32_t size) {
  const bpf_insn add_to = {static_cast<uint8_t>(BPF_STX | BPF_ATOMIC | size_code(size)), BPF_REG_1,
                           BPF_REG_0, offset, BPF_ADD};
  const Code code(move(BPF_REG_0, SK_PASS), add_to, leave());
  return attempt_load(code.all());
}

struct AccessWay {
  std::string_view name;
  AccessKind kind;
  LoadAttempt (*attempt)(int16_t offset, uint32_t size);
  uint32_t narrowest;  // an atomic operation has at least 4 bytes
};

constexpr AccessWay kReadAccess = {"read", AccessKind::kRead, attempt_read, 1};
constexpr std::array kWrites = {
    AccessWay{"write", AccessKind::kWrite, attempt_write, 1},
    AccessWay{"write a constant of", AccessKind::kWrite, attempt_write_of_constant, 1},
    AccessWay{"atomic addition of", AccessKind::kWrite, attempt_atomic_add, 4},
};

void check_access(Case &one, const AccessWay &way, int offset, uint32_t size) {
  if (size < way.narrowest) return;
  const LoadAttempt attempt = way.attempt(static_cast<int16_t>(offset), size);
  const bool allowed = context_access_allowed(offset, size, way.kind);
  one.check(attempt.error_number == (allowed ? 0 : EACCES), [&] {
    return fmt::format("{} {} bytes at offset {}: expected {}, got {}", way.name, size, offset,
                       allowed ? "accepted" : "EACCES", attempt.text());
  });
}

// A stretch of offsets that makes two cases.
struct Stretch {
  std::string name;
  int begin;
  int end;
};

std::vector<Stretch> all_stretches() {
  constexpr int kEnd = kContextSize;
  std::vector<Stretch> stretches = {{"before the context", -kMargin, 0}};
  for (const ContextField &field : kContextFields) {
    const auto begin = static_cast<int>(field.offset);
    stretches.push_back({std::string(field.name), begin, begin + static_cast<int>(field.size)});
  }
  stretches.push_back({"past the context", kEnd, kEnd + kMargin});
  return stretches;
}

template <typename Body>
void for_each_access(const Stretch &stretch, Body &&body) {
  for (int offset = stretch.begin; offset < stretch.end; ++offset) {
    for (const uint32_t size : kAccessSizes) body(offset, size);
  }
}

}  // namespace

void check_context_access(CaseLog &log) {
  for (const Stretch &stretch : all_stretches()) {
    log.run("read " + stretch.name, [&](Case &one) -> Result<> {
      for_each_access(stretch, [&](int offset, uint32_t size) {
        check_access(one, kReadAccess, offset, size);
      });
      return Ok{};
    });
    log.run("write " + stretch.name, [&](Case &one) -> Result<> {
      for_each_access(stretch, [&](int offset, uint32_t size) {
        for (const AccessWay &way : kWrites) check_access(one, way, offset, size);
      });
      return Ok{};
    });
  }
}

}  // namespace sklab
