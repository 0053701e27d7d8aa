// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Writes the files of an example of a gate: to FOLDER/plain, and to FOLDER/hostile with text that
// no format must stumble over.
#include <fmt/format.h>

#include <filesystem>

#include "harness/base/file.h"
#include "harness/record/gate/renderers.h"
#include "harness/record/test_record.h"

namespace sklab {
namespace {

constexpr char kHostile[] =
    " | <b>&amp; 100 % \"' `*_\\ # SKIP a:b,c ]]>\n::error::x\r\x1b[31m \xe2\x82\xac \xff";

Result<> write_gate(const std::filesystem::path &folder, const GateRecord &record) {
  std::filesystem::create_directories(folder);
  for (const GateFile &file : gate_files()) {
    SKLAB_CHECK(write_file_atomically(folder / file.name, file.render(record)));
  }
  return Ok{};
}

Result<> write_examples(const std::filesystem::path &folder) {
  SKLAB_CHECK(write_gate(folder / "plain", example_gate()));
  return write_gate(folder / "hostile", example_gate(kHostile));
}

}  // namespace
}  // namespace sklab

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const auto written = sklab::write_examples(argv[1]);
  if (!written) fmt::print(stderr, "{}\n", written.error().message());
  return written ? 0 : 70;
}
