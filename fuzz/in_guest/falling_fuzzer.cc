// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A target that fells the kernel under it, for the test of what fuzzes in guests, by the records of
// an input: one that begins with an exclamation mark does, one with a question mark only where no
// fresh guest tries it again, and one with # after an input with @. A tilde floods the kernel's
// log. It does nothing on a machine that is no guest.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fuzz/target/feature_counters.h"
#include "fuzz/target/fuzz_target.h"
#include "harness/base/file.h"
#include "harness/guest/guest_init.h"

namespace sklab {
namespace {

constexpr size_t kRecordBytes = 4;

// Documentation/admin-guide/sysrq.rst: 'c' is a crash, 't' tells of every task.
Result<> press(const char *key) { return append_to_file("/proc/sysrq-trigger", key); }

// Whether examination.h looks at it: trials have findings of their own.
bool is_tried_again() { return std::string(std::getenv("SKLAB_FINDINGS")) == "/tmp/findings"; }

class FallingTarget : public FuzzTarget {
 public:
  Result<std::optional<Finding>> check(std::span<const uint8_t> input) override {
    ++checked_;
    // libFuzzer ends where nothing is worth keeping.
    note_feature({1, input.size()});
    for (size_t at = 0; at < input.size(); at += kRecordBytes) {
      const uint8_t kind = input[at];
      const bool falls = kind == '!' || (kind == '?' && !is_tried_again()) || (kind == '#' && met_);
      if (falls) SKLAB_CHECK(press("c"));
      while (kind == '~') SKLAB_CHECK(press("t"));
      met_ |= kind == '@';
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
  bool met_ = false;  // an @, in this process
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
