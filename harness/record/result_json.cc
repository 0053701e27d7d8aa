// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/result_json.h"

#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/record/json_writer.h"
#include "harness/record/result_fields.h"

namespace sklab {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kStatusNames = {"ok", "failed", "skipped"};

struct StatusName {
  Json operator()(RowStatus status) const { return kStatusNames[static_cast<size_t>(status)]; }
};

// A name as a part of a JSON pointer (RFC 6901).
std::string pointer_token(const std::string &name) {
  std::string out;
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

// Thrown and caught in this file only: one place of a deep document is wrong, all callers end.
struct WrongField {
  std::string pointer;
  std::string expected;
};

class Reader {
 public:
  Reader(const Json &json, std::string pointer) : json_(json), pointer_(std::move(pointer)) {}

  void read(std::string &value) const {
    if (!json_.is_string()) throw WrongField{pointer_, "a string"};
    value = json_.get<std::string>();
  }
  void read(bool &value) const {
    if (!json_.is_boolean()) throw WrongField{pointer_, "true or false"};
    value = json_.get<bool>();
  }
  void read(double &value) const {
    // JSON has no NaN and no infinity: both are written as null.
    if (!json_.is_number() && !json_.is_null()) throw WrongField{pointer_, "a number"};
    value = json_.is_null() ? std::numeric_limits<double>::quiet_NaN() : json_.get<double>();
  }
  template <std::unsigned_integral T>
  void read(T &value) const {
    if (!json_.is_number_unsigned() || json_.get<uint64_t>() > std::numeric_limits<T>::max()) {
      throw WrongField{pointer_, "a whole number that fits"};
    }
    value = json_.get<T>();
  }
  void read(RowStatus &value) const {
    for (size_t i = 0; i < kStatusNames.size(); ++i) {
      if (json_ == kStatusNames[i]) {
        value = static_cast<RowStatus>(i);
        return;
      }
    }
    throw WrongField{pointer_, "ok, failed or skipped"};
  }
  template <typename T>
  void read(std::vector<T> &values) const {
    if (!json_.is_array()) throw WrongField{pointer_, "an array"};
    values.resize(json_.size());
    for (size_t i = 0; i < values.size(); ++i) {
      Reader(json_[i], pointer_ + "/" + std::to_string(i)).read(values[i]);
    }
  }
  template <typename T>
  void read(std::map<std::string, T> &values) const {
    if (!json_.is_object()) throw WrongField{pointer_, "an object"};
    for (const auto &[name, value] : json_.items()) {
      Reader(value, pointer_ + "/" + pointer_token(name)).read(values[name]);
    }
  }
  template <typename T>
  void read(std::optional<T> &value) const {
    if (!json_.is_null()) read(value.emplace());
  }
  template <typename T>
  void read(T &record) const {
    if (!json_.is_object()) throw WrongField{pointer_, "an object"};
    visit_fields(record, [this](const char *name, auto &field) {
      const auto found = json_.find(name);
      const std::string pointer = pointer_ + "/" + name;
      if (found == json_.end()) throw WrongField{pointer, "a field of this name"};
      Reader(*found, pointer).read(field);
    });
  }

 private:
  const Json &json_;
  std::string pointer_;
};

tl::unexpected<Error> unreadable(const std::string &where, const std::string &why) {
  return fail_as(ErrorKind::kUsage, "read result.json", where, 0, why);
}

}  // namespace

std::string result_json(const RunRecord &record) {
  Json document = {{"schema_version", kResultSchemaVersion}};
  document.update(JsonWriter<StatusName>::write(record));
  // Command lines need not be UTF-8, and a run must not be lost for one.
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<RunRecord> parse_result_json(std::string_view text) {
  const Json document = Json::parse(text, nullptr, false);
  if (!document.is_object()) return unreadable("", "it is no JSON object");
  const auto version = document.find("schema_version");
  if (version == document.end() || *version != kResultSchemaVersion) {
    return unreadable("/schema_version",
                      "expected version " + std::to_string(kResultSchemaVersion) +
                          (version == document.end() ? "" : ", not " + version->dump()));
  }
  RunRecord record;
  try {
    Reader(document, "").read(record);
  } catch (const WrongField &wrong) {
    return unreadable(wrong.pointer, "expected " + wrong.expected);
  }
  return record;
}

}  // namespace sklab
