// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/fault_mail.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sklab {

std::string fault_mail(const FaultFacts &facts) {
  std::string text = fmt::format(
      "To: bpf@vger.kernel.org, netdev@vger.kernel.org\n"
      "Subject: [BUG] {}\n\n"
      "sklab's {} made Linux {} ({}) fail, in a guest:\n\n",
      facts.signature, facts.target, facts.kernel.kernel_release, facts.kernel.kernel_version);
  text += facts.report.empty() ? "(The kernel says nothing.)\n" : facts.report;
  text += fmt::format("\nThe input was given to {} fresh guests, {} of which failed.\n",
                      facts.tries, facts.fell);
  if (!facts.reproducer.empty()) text += facts.reproducer + "\n";
  text += "Again, with sklab " + facts.kernel.sklab_version + ":\n\n";
  for (const std::string &command : facts.repeat) text += "  " + command + "\n";
  text += "\n";
  if (!facts.kernel.kernel_config_sha256.empty()) {
    text += "SHA-256 of the configuration's options: " + facts.kernel.kernel_config_sha256 + "\n";
  }
  if (!facts.kernel.kernel_btf_sha256.empty()) {
    text += "SHA-256 of its BTF: " + facts.kernel.kernel_btf_sha256 + "\n";
  }
  text += fmt::format("Emulator: {}\n", fmt::join(facts.emulator, " "));
  return text;
}

}  // namespace sklab
