// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/hypervisor.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include <array>
#include <cstring>

namespace sklab {

std::string hypervisor_vendor() {
#if defined(__x86_64__) || defined(__i386__)
  constexpr unsigned kFeatures = 1;
  constexpr unsigned kHypervisorPresent = 1U << 31U;
  constexpr unsigned kHypervisorVendor = 0x40000000;
  std::array<unsigned, 4> registers{};
  auto &[eax, ebx, ecx, edx] = registers;
  if (__get_cpuid(kFeatures, &eax, &ebx, &ecx, &edx) == 0) return "";
  if ((ecx & kHypervisorPresent) == 0) return "";
  __cpuid(kHypervisorVendor, eax, ebx, ecx, edx);
  std::array<char, 13> text{};
  std::memcpy(text.data(), &registers[1], 12);
  return text.data();
#else
  return "";
#endif
}

}  // namespace sklab
