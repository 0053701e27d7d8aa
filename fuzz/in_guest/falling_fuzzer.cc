// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A target that fells the kernel under it, for the test of what fuzzes in guests: any input that
// has a record which begins with an exclamation mark. It does nothing on a machine that is no
// guest.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "fuzz/target/feature_counters.h"
#include "fuzz/target/fuzz_target.h"
#include "harness/base/file.h"
#include "harness/guest/guest_init.h"

namespace sklab {
namespace {

constexpr size_t kRecordBytes = 4;

class FallingTarget : public FuzzTarget {
 public:
  Result<std::optional<Finding>> check(std::span<const uint8_t> input) override {
    ++checked_;
    // libFuzzer ends where nothing is worth keeping.
    note_feature({1, input.size()});
    for (size_t at = 0; at < input.size(); at += kRecordBytes) {
      // Documentation/admin-guide/sysrq.rst: a crash.
      if (input[at] == '!') SKLAB_CHECK(append_to_file("/proc/sysrq-trigger", "c"));
    }
    return std::nullopt;
  }
  [[nodiscard]] std::map<std::string, std::string> describe_input(
      std::span<const uint8_t> input) const override {
    return {{"input.txt", std::string(input.begin(), input.end())},
            {"reproducer.c",
             "#include <fcntl.h>\n#include <unistd.h>\nint main(void)\n{\n"
             "\treturn write(open(\"/proc/sysrq-trigger\", O_WRONLY), \"c\", 1) != 1;\n}\n"}};
  }
  [[nodiscard]] uint64_t checked() const override { return checked_; }

 private:
  uint64_t checked_ = 0;
};

}  // namespace

const FuzzTargetInfo kFuzzTarget = {.name = "falling_fuzzer",
                                    .needs_kernel = true,
                                    .most_input_bytes = 64,
                                    .record_bytes = kRecordBytes};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules & /*rules*/) {
  if (!in_guest()) {
    return fail_as(ErrorKind::kUnavailable, "fell the kernel of", "this machine", 0,
                   "it is for guests");
  }
  return std::make_unique<FallingTarget>();
}

}  // namespace sklab
