#include "app/package_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "core/error.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

struct PackageKindWords {
  PackageKind kind;
  const char* zh;
  const char* en;
};
constexpr std::array kKindWords = {
    PackageKindWords{PackageKind::give_out, "利用出库", "given out"},
    PackageKindWords{PackageKind::hand_over, "移交", "hand-over"},
    PackageKindWords{PackageKind::transfer, "转出", "transfer"}};

struct PackageStateWords {
  PackageState state;
  const char* zh;
  const char* en;
};
constexpr std::array kPackageStates = {
    PackageStateWords{PackageState::handing_over, "交接中", "being handed over"},
    PackageStateWords{PackageState::accepted, "已接收", "accepted"},
    PackageStateWords{PackageState::returned, "已回退", "returned"}};

struct RemarkWords {
  BagProblem problem;
  const char* zh;
  const char* en;
};
constexpr std::array kRemarkWords = {
    RemarkWords{BagProblem::not_a_bag, "没有 bagit.txt，不是信息包",
                "no bagit.txt: this is no bag"},
    RemarkWords{BagProblem::bagit_txt, "bagit.txt 格式不对",
                "bagit.txt is not as the format has it"},
    RemarkWords{BagProblem::version, "不认识的 BagIt 版本", "a version of BagIt that nobody knows"},
    RemarkWords{BagProblem::tag_encoding, "说明文件不是所声明的编码",
                "not in the encoding that the bag declares"},
    RemarkWords{BagProblem::bag_info, "bag-info.txt 有无标签的行", "a line without a label"},
    RemarkWords{BagProblem::no_manifest, "没有内容清单", "there is no manifest of the payload"},
    RemarkWords{BagProblem::unknown_checksum, "不会计算的校验算法",
                "digests that cannot be counted here"},
    RemarkWords{BagProblem::manifest_line, "清单行不是“校验值 路径”",
                "a line that is no digest and path"},
    RemarkWords{BagProblem::path_escape, "路径通向包外", "the path leads out of the bag"},
    RemarkWords{BagProblem::path_place, "路径不在应在之处", "the path lies where it may not"},
    RemarkWords{BagProblem::link, "链接或特殊文件", "a link or a special file"},
    RemarkWords{BagProblem::unreadable, "读不出", "cannot be read"},
    RemarkWords{BagProblem::missing_file, "清单上有，文件没有", "listed and not there"},
    RemarkWords{BagProblem::extra_file, "清单上没有的文件", "there and not listed"},
    RemarkWords{BagProblem::wrong_sum, "校验值不符", "other bytes than the manifest says"},
    RemarkWords{BagProblem::listed_twice, "同一文件列了两次", "listed twice"},
    RemarkWords{BagProblem::not_in_all, "不是每份清单都列出", "not in every manifest"},
    RemarkWords{BagProblem::fetch_line, "fetch.txt 的行格式不对", "no line of fetch.txt"},
    RemarkWords{BagProblem::not_fetched, "须从网上取来而未取；本程序不联网",
                "to be fetched from elsewhere: nothing is fetched here"},
    RemarkWords{BagProblem::wrong_oxum, "字节数或文件数与 Payload-Oxum 不符",
                "other numbers of bytes and files than Payload-Oxum says"},
    RemarkWords{BagProblem::too_large, "超出上限", "beyond the limits"},
    RemarkWords{BagProblem::relative_path, "路径以 ./ 开头", "./ in front of the path"},
    RemarkWords{BagProblem::sum_tool_line, "路径前有 *（md5sum 的写法）",
                "* in front of the path, as md5sum writes it"},
    RemarkWords{BagProblem::listed_again, "同一文件以同一校验值列了两次",
                "listed twice with the same digest"},
    RemarkWords{BagProblem::equal_names, "仅大小写或规范形式不同的名称",
                "names that differ in case or normal form only"},
    RemarkWords{BagProblem::system_file, "文件管理器留下的文件", "a file browser left it"},
    RemarkWords{BagProblem::weak_checksum, "只有 MD5 或 SHA-1，防不了篡改",
                "only MD5 or SHA-1: no guard against an attacker"},
    RemarkWords{BagProblem::tag_manifest_listed, "标签清单列了标签清单",
                "a tag manifest lists a tag manifest"}};

const PackageStateWords& package_words(PackageState state) {
  return *std::ranges::find(kPackageStates, state, &PackageStateWords::state);
}

const PackageKindWords& package_words(PackageKind kind) {
  return *std::ranges::find(kKindWords, kind, &PackageKindWords::kind);
}

}  // namespace

std::string package_line(const PackageRecord& package, const Console& say) {
  const PackageKindWords& kind = package_words(package.kind);
  const PackageStateWords& state = package_words(package.state);
  return fmt::format("{} → {}  {}  {}  ({} {})", say(kind.zh, kind.en), package.recipient,
                     say(state.zh, state.en), package.made_at, say("信息包", "package"),
                     package.number);
}

void print_package(const PackageRecord& package, const Console& say) {
  const PackageKindWords& kind = package_words(package.kind);
  const PackageStateWords& state = package_words(package.state);
  const std::string_view way = package.received ? say("收到", "received") : say("发出", "made");
  say.result(fmt::format("{} {}  {}  {} {}  {}", say("信息包", "package"), package.number,
                         package.package_id, say(kind.zh, kind.en), way, say(state.zh, state.en)));
  say.result(fmt::format("  {} → {}  {}  {}", package.sender.empty() ? "-" : package.sender,
                         package.recipient, package.purpose, package.legal_basis));
  say.result(fmt::format("  {} {}, {} {}, {} {}, {} {}, {} {}", say("卷", "dossiers"),
                         package.dossiers.size(), say("件", "items"), package.items,
                         say("页", "pages"), package.pages, say("文件", "files"), package.files,
                         say("字节", "bytes"), package.bytes));
  say.result(fmt::format("  SHA-256 {}", package.manifest));
  if (!package.signed_by.empty()) {
    say.result(fmt::format("  {} {}", say("签名密钥", "signed by key"), package.signed_by));
  }
}

Json bag_json(const BagReport& report) {
  Json remarks = Json::array();
  for (const BagRemark& remark : report.remarks) {
    remarks.push_back({{"problem", name_of(remark.problem)},
                       {"invalid", makes_invalid(remark.problem)},
                       {"file", remark.file},
                       {"detail", remark.detail}});
  }
  return {{"valid", report.valid},
          {"version", report.version},
          {"encoding", report.encoding},
          {"files", report.payload.size()},
          {"bytes", report.payload_bytes},
          {"remarks", std::move(remarks)},
          {"remarks_left", report.remarks_left}};
}

std::string remark_text(const BagRemark& remark, const Console& say) {
  const auto words = std::ranges::find(kRemarkWords, remark.problem, &RemarkWords::problem);
  std::string text = fmt::format("{}: {}", name_of(remark.problem), say(words->zh, words->en));
  if (!remark.file.empty()) text += "  " + remark.file;
  if (!remark.detail.empty()) text += "  (" + remark.detail + ")";
  return text;
}

std::string new_package_id(const std::string& made_at) {
  std::random_device chance;
  std::string day = made_at.substr(0, 10);
  std::erase(day, '-');
  return fmt::format("{}-{:08x}{:08x}", day, chance(), chance());
}

void clear_unfinished_packages(const std::filesystem::path& spool) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(spool, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("package-") && !name.starts_with(".package-")) continue;
    std::error_code ignored;
    std::filesystem::remove_all(entry.path(), ignored);
  }
}

std::string key_text(const std::filesystem::path& file) {
  constexpr std::uintmax_t kBytesMax = 4096;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  std::ifstream in(file, std::ios::binary);
  if (error || size > kBytesMax || !in) {
    throw ArchiveError(ErrorKind::settings, file.string(), "no key can be read from it",
                       "check the path and its permissions");
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace archive
