// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/proof/edge_cases.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "harness/guest/profile/profile_marks.h"

namespace sklab {
namespace {

constexpr size_t kPageSize = 4096;

// The store faults, and is begun again when the kernel has found a page for it.
uint64_t touch(void *page) {
  uint64_t address = 0;
  asm volatile("lea 1f(%%rip), %0\n1: movb $1, (%1)" : "=&r"(address) : "r"(page) : "memory");
  return address;
}

// The emulator takes each repetition for an instruction, as its clock does, and the end for
// another.
uint64_t repeat_store(void *page, uint64_t count) {
  uint64_t address = 0;
  asm volatile("lea 1f(%%rip), %0\n1: rep stosb"
               : "=&r"(address), "+D"(page), "+c"(count)
               : "a"(0)
               : "memory");
  return address;
}

// As a BPF program that replaces another: other code at the same address.
void run_replaced_code(uint8_t *page, int first, int second) {
  constexpr std::array<uint8_t, 2> kShort = {0x90, 0xc3};          // nop; ret
  constexpr std::array<uint8_t, 5> kLong = {0xb8, 0x01, 0, 0, 0};  // mov $1, %eax, and
  constexpr uint8_t kReturn = 0xc3;
  const auto run = [&](int times) {
    for (int i = 0; i < times; ++i) reinterpret_cast<void (*)()>(page)();
  };
  std::memcpy(page, kShort.data(), kShort.size());
  run(first);
  std::memcpy(page, kLong.data(), kLong.size());
  page[kLong.size()] = kReturn;
  run(second);
}

}  // namespace

bool run_edge_cases() {
  constexpr uint64_t kRepetitions = 100;
  constexpr int kFirst = 5;
  constexpr int kSecond = 7;
  void *const memory = ::mmap(nullptr, 2 * kPageSize, PROT_READ | PROT_WRITE | PROT_EXEC,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    fmt::print("mmap: {}\n", errno);
    return false;
  }
  auto *const page = static_cast<uint8_t *>(memory);
  begin_profile();
  const uint64_t touched = touch(page);
  const uint64_t repeated = repeat_store(page, kRepetitions);
  run_replaced_code(page + kPageSize, kFirst, kSecond);
  end_profile();
  const auto code = reinterpret_cast<uintptr_t>(page + kPageSize);
  fmt::print("expect {:#x} 2\nexpect {:#x} {}\nexpect {:#x} {}\nexpect {:#x} {}\n", touched,
             repeated, kRepetitions + 1, code, kFirst + kSecond, code + 1, kFirst);
  return true;
}

}  // namespace sklab
