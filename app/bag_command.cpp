#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/package_text.h"
#include "core/error.h"
#include "store/packages/bag_signature.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

struct SignatureWords {
  std::string_view name;  // stable, for machines
  std::string_view zh;
  std::string_view en;
};

SignatureWords signature_words(BagSignature::State state) {
  switch (state) {
    case BagSignature::State::none:
      return {"none", "未签名", "not signed"};
    case BagSignature::State::broken:
      return {"broken", "签名不符", "the signature is wrong"};
    case BagSignature::State::unknown:
      return {"unknown", "签名相符，密钥未经另行确认",
              "the signature is right, by a key that nobody vouched for"};
    case BagSignature::State::known:
      break;
  }
  return {"known", "签名相符，是所给的密钥", "the signature is right, by the key that was given"};
}

void print_bag(const std::filesystem::path& folder, const BagReport& report,
               const BagSignature& signature, const Console& say) {
  const std::string_view verdict =
      !report.valid
          ? say("无效", "invalid")
          : (report.warned() ? say("有效，有提示", "valid, with remarks") : say("有效", "valid"));
  say.result(fmt::format("{}: {}  BagIt {}  {} {}, {} {}", folder.string(), verdict,
                         report.version.empty() ? "-" : report.version, say("文件", "files"),
                         report.payload.size(), say("字节", "bytes"), report.payload_bytes));
  for (const BagRemark& remark : report.remarks) {
    say.note(fmt::format("  {}{}", makes_invalid(remark.problem) ? "! " : "  ",
                         remark_text(remark, say)));
  }
  if (report.remarks_left > 0) {
    say.note(fmt::format("  {} {}", say("另有条数", "and more:"), report.remarks_left));
  }
  if (signature.state == BagSignature::State::none) return;
  const SignatureWords words = signature_words(signature.state);
  say.result(fmt::format("  {} ({})", say(words.zh, words.en), signature.key_id));
}

}  // namespace

int run_bag_check(const BagCheckOptions& options, const Console& say) {
  const std::string known = options.sender_key.empty() ? "" : key_text(options.sender_key);
  bool sound = true;
  for (const std::filesystem::path& folder : options.folders) {
    const BagReport report = check_bag(folder);
    const BagSignature signature = check_bag_signature(folder, known);
    const bool vouched = known.empty() || signature.state == BagSignature::State::known;
    sound = sound && report.valid && signature.state != BagSignature::State::broken && vouched;
    if (say.json()) {
      Json json = {{"folder", folder.string()}};
      json.update(bag_json(report));
      json["signature"] = signature_words(signature.state).name;
      json["key"] = signature.key_id;
      say.result_json(json);
    } else {
      print_bag(folder, report, signature, say);
    }
  }
  return sound ? 0 : static_cast<int>(ErrorKind::damage);
}

}  // namespace archive
