// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "harness/record/fingerprint.h"

namespace sklab {

// What there is to say about a fault of a kernel.
struct FaultFacts {
  std::string signature;
  std::string report;  // the kernel's own, with source lines; "" if it said nothing
  Fingerprint kernel;
  std::string target;  // the fuzzer
  unsigned fell = 0;   // so many of
  unsigned tries = 0;  // fresh guests that met the input
  std::vector<std::string> repeat;
  std::string reproducer;             // whether its C program does it, a sentence; "" for none
  std::vector<std::string> emulator;  // command line
};

// A mail for the kernel's lists (Documentation/admin-guide/reporting-issues.rst), as text.
std::string fault_mail(const FaultFacts &facts);

}  // namespace sklab
