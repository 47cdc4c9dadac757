#include "config/settings_keys.h"

#include <cstdint>
#include <sstream>
#include <type_traits>
#include <utility>

namespace archive {
namespace {

namespace fs = std::filesystem;
using Kind = TomlValue::Kind;

constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kLarge = std::int64_t{1} << 40;
constexpr std::int64_t kDaysMax = 36'500;

/// at(&Settings::ingest, &IngestSettings::threads): that member of the settings.
template <class... Members>
auto at(Members... members) {
  return [=](auto& settings) -> auto& { return (settings .* ... .* members); };
}

template <class Member>
auto decode(Member member) {
  return at(&Settings::ingest, &IngestSettings::decode, member);
}

std::string wrong_kind(Kind wanted, Kind given) {
  return "expected " + std::string(name_of(wanted)) + ", found " + std::string(name_of(given));
}

std::string in_quotes(const std::string& text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

fs::path placed(const std::string& text, const fs::path& base) {
  const fs::path named(text);
  return text.empty() || named.is_absolute() ? named : (base / named).lexically_normal();
}

/// A whole number of any width, or milliseconds.
template <class Member>
SettingKind whole(Member member, std::int64_t least, std::int64_t most) {
  SettingKind kind;
  kind.range = std::to_string(least) + "–" + std::to_string(most);
  kind.take = [=](Settings& settings, const TomlValue& value, const fs::path&) -> std::string {
    if (value.kind != Kind::integer) return wrong_kind(Kind::integer, value.kind);
    if (value.integer < least || value.integer > most) {
      return "must lie between " + std::to_string(least) + " and " + std::to_string(most);
    }
    auto& target = member(settings);
    target = std::decay_t<decltype(target)>(value.integer);
    return "";
  };
  kind.show = [=](const Settings& settings) {
    const auto& value = member(settings);
    if constexpr (requires { value.count(); }) {
      return std::to_string(value.count());
    } else {
      return std::to_string(value);
    }
  };
  return kind;
}

template <class Member>
SettingKind share(Member member) {
  SettingKind kind;
  kind.range = "0–1";
  kind.take = [=](Settings& settings, const TomlValue& value, const fs::path&) -> std::string {
    const bool is_whole = value.kind == Kind::integer;
    if (value.kind != Kind::number && !is_whole) return wrong_kind(Kind::number, value.kind);
    const double given = is_whole ? static_cast<double>(value.integer) : value.number;
    if (!(given >= 0 && given <= 1)) return "must lie between 0 and 1";
    member(settings) = given;
    return "";
  };
  kind.show = [=](const Settings& settings) {
    std::ostringstream out;
    out << member(settings);
    return out.str();
  };
  return kind;
}

template <class Member>
SettingKind yes_or_no(Member member) {
  SettingKind kind;
  kind.range = "true | false";
  kind.take = [=](Settings& settings, const TomlValue& value, const fs::path&) -> std::string {
    if (value.kind != Kind::boolean) return wrong_kind(Kind::boolean, value.kind);
    member(settings) = value.boolean;
    return "";
  };
  kind.show = [=](const Settings& settings) {
    return std::string(member(settings) ? "true" : "false");
  };
  return kind;
}

template <class Member>
SettingKind place(Member member) {
  SettingKind kind;
  kind.range = R"("path")";
  kind.take = [=](Settings& settings, const TomlValue& value, const fs::path& base) -> std::string {
    if (value.kind != Kind::text) return wrong_kind(Kind::text, value.kind);
    member(settings) = placed(value.text, base);
    return "";
  };
  kind.show = [=](const Settings& settings) { return in_quotes(member(settings).string()); };
  return kind;
}

template <class Member>
SettingKind places(Member member) {
  SettingKind kind;
  kind.range = R"(["path", …])";
  kind.take = [=](Settings& settings, const TomlValue& value, const fs::path& base) -> std::string {
    if (value.kind != Kind::list) return wrong_kind(Kind::list, value.kind);
    auto& list = member(settings);
    list.clear();
    for (const TomlValue& item : value.items) {
      if (item.kind != Kind::text) return wrong_kind(Kind::text, item.kind);
      list.push_back(placed(item.text, base));
    }
    return "";
  };
  kind.show = [=](const Settings& settings) {
    std::string list;
    for (const auto& item : member(settings)) {
      list += (list.empty() ? "" : ", ") + in_quotes(item.string());
    }
    return "[" + list + "]";
  };
  return kind;
}

template <class Member>
SettingKind words(Member member) {
  SettingKind kind;
  kind.range = R"("text")";
  kind.take = [=](Settings& settings, const TomlValue& value, const fs::path&) -> std::string {
    if (value.kind != Kind::text) return wrong_kind(Kind::text, value.kind);
    member(settings) = value.text;
    return "";
  };
  kind.show = [=](const Settings& settings) { return in_quotes(member(settings)); };
  return kind;
}

template <class Member>
SettingKind one_of(Member member, std::vector<std::string> allowed) {
  SettingKind kind = words(member);
  kind.range.clear();
  for (const std::string& word : allowed) {
    kind.range += (kind.range.empty() ? "" : " | ") + in_quotes(word);
  }
  kind.take = [=, range = kind.range](Settings& settings, const TomlValue& value,
                                     const fs::path&) -> std::string {
    if (value.kind != Kind::text) return wrong_kind(Kind::text, value.kind);
    for (const std::string& word : allowed) {
      if (word != value.text) continue;
      member(settings) = value.text;
      return "";
    }
    return "must be one of " + range;
  };
  return kind;
}

SettingKind item_number() {
  SettingKind kind;
  kind.range = R"("{volume}…{item}" | "{volume}…{item:N}")";
  kind.take = [](Settings& settings, const TomlValue& value, const fs::path&) -> std::string {
    if (value.kind != Kind::text) return wrong_kind(Kind::text, value.kind);
    auto pattern = ItemNumberPattern::parse(value.text);
    if (!pattern) return pattern.error();
    settings.catalogue.item_number = *pattern;
    return "";
  };
  kind.show = [](const Settings& settings) {
    return in_quotes(settings.catalogue.item_number.text());
  };
  return kind;
}

void add_general_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"", "language", "",
                  "浏览器界面的默认语言；auto 随浏览器。命令行随 --lang 和系统区域设置",
                  "language of the browser's screens until somebody chooses; auto: the "
                  "browser's own. The command line goes by --lang and the locale",
                  one_of(at(&Settings::language), {"auto", "zh", "en"})});
  keys.push_back({"", "config_folder", "",
                  "程序的配置表目录；空为随程序安装的",
                  "the program's tables: forms, classes, rules; empty: the installed ones",
                  place(at(&Settings::config_folder))});
  keys.push_back({"", "office_folder", "",
                  "本单位自己的表单和配置表，覆盖或补充程序的；空为没有",
                  "the office's own forms and tables, which stand over the program's; empty: "
                  "none",
                  place(at(&Settings::office_folder))});
}

void add_ingest_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"ingest", "threads", "threads",
                  "同时识读的线程数；0 为每核一个",
                  "threads that read pages; 0: one for each core",
                  whole(at(&Settings::ingest, &IngestSettings::threads), 0, 1024)});
  keys.push_back({"ingest", "pages_in_flight", "pages",
                  "同时在内存中的页数；0 为每线程十六页",
                  "pages in memory at the same time; 0: sixteen for each thread",
                  whole(at(&Settings::ingest, &IngestSettings::pages_in_flight), 0, 4096)});
  keys.push_back({"ingest", "stable_after_ms", "milliseconds",
                  "文件多久不变动即视为完整",
                  "a file that did not change so long is complete",
                  whole(at(&Settings::ingest, &IngestSettings::stable_after), 0, 3'600'000)});
  keys.push_back({"ingest", "page_cpu_seconds_max", "seconds",
                  "识读一页最多用的处理器时间；超过即重新开始并搁置该页",
                  "processor time for reading one page; a page that takes more ends the program, "
                  "which begins anew and sets it aside",
                  whole(at(&Settings::ingest, &IngestSettings::page_cpu_seconds_max), 1, 86'400)});
  keys.push_back({"ingest", "index_commit_pages", "pages",
                  "至少每多少页写入一次索引",
                  "pages become findable at least this often",
                  whole(at(&Settings::ingest, &IngestSettings::index_commit_pages), 1, 100'000)});
  keys.push_back({"ingest", "index_commit_after_ms", "milliseconds",
                  "至少每隔多久写入一次索引",
                  "and at least after this time",
                  whole(at(&Settings::ingest, &IngestSettings::index_commit_after),
                        0, 3'600'000)});
}

void add_decode_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"ingest.decode", "file_bytes_max", "bytes",
                  "更大的文件搁置",
                  "a larger file is set aside",
                  whole(decode(&DecodeSettings::file_bytes_max), 1, kLarge)});
  keys.push_back({"ingest.decode", "pixels_max", "pixels",
                  "更大的页面搁置；A3 在 600 dpi 为七千万",
                  "a larger page is set aside; A3 at 600 dpi is 70 million",
                  whole(decode(&DecodeSettings::pixels_max), 1, std::int64_t{1} << 31)});
  keys.push_back({"ingest.decode", "pages_max", "pages",
                  "一个文件的最多页数",
                  "pages of one file",
                  whole(decode(&DecodeSettings::pages_max), 1, 1'000'000)});
  keys.push_back({"ingest.decode", "seconds_max", "seconds",
                  "解码一页的最长时间",
                  "time for decoding one page",
                  whole(decode(&DecodeSettings::seconds_max), 1, 3600)});
  keys.push_back({"ingest.decode", "memory_bytes_max", "bytes",
                  "解码一页的最多内存",
                  "memory for decoding one page",
                  whole(decode(&DecodeSettings::memory_bytes_max), 64 * kMiB, kLarge)});
  keys.push_back({"ingest.decode", "render_dpi", "dpi",
                  "非扫描的 PDF 页面按此分辨率绘制",
                  "for PDF pages that are drawn, not scanned",
                  whole(decode(&DecodeSettings::render_dpi), 72, 1200)});
}

void add_ocr_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"ocr", "engine", "",
                  "识别引擎；tesseract 较慢较弱，不需要模型",
                  "what reads the text; tesseract is weaker and needs no models",
                  one_of(at(&Settings::ocr, &OcrSettings::engine), {"pp-ocr", "tesseract"})});
  keys.push_back({"ocr", "model_folder", "",
                  "识别模型目录；空为随程序安装的",
                  "recognition models; empty: the installed ones",
                  place(at(&Settings::ocr, &OcrSettings::model_folder))});
  keys.push_back({"ocr", "detector_side", "pixels",
                  "文字检测所见图像的最长边",
                  "longest side the text detector sees",
                  whole(at(&Settings::ocr, &OcrSettings::detector_side), 320, 4096)});
  keys.push_back({"ocr", "sure_confidence", "",
                  "不低于此值即采信，不再复识",
                  "at or above: believed without a second opinion",
                  share(at(&Settings::ocr, &OcrSettings::sure_confidence))});
  keys.push_back({"ocr", "unsure_confidence", "",
                  "低于此值的行交人工核对",
                  "a line below goes to a person",
                  share(at(&Settings::ocr, &OcrSettings::unsure_confidence))});
  keys.push_back({"ocr", "second_opinion", "",
                  "对把握不大的关键字段再用 Tesseract 识别",
                  "ask Tesseract about unsure key fields",
                  yes_or_no(at(&Settings::ocr, &OcrSettings::second_opinion))});
}

void add_store_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"store", "fsync", "",
                  "落盘确认；只有测试可以关闭：关闭后断电会丢页",
                  "false only in tests: without it a power cut loses pages",
                  yes_or_no(at(&Settings::store, &StoreSettings::fsync))});
  keys.push_back({"store", "index_folder", "",
                  "全文索引目录；空为档案库内。加密档案库应指定加密磁盘或内存盘",
                  "where the full-text index lies; empty: in the archive. Of an encrypted "
                  "archive: on an encrypted disk, or in memory",
                  place(at(&Settings::store, &StoreSettings::index_folder))});
}

void add_ledger_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"ledger", "heads_to", "",
                  "档案库之外的目录，每个签名的账本头都复制过去",
                  "folders outside the archive that get every signed head",
                  places(at(&Settings::ledger, &LedgerSettings::heads_to))});
  keys.push_back({"ledger", "key_file", "",
                  "签名私钥；空为 ledger/signing.key",
                  "the private key that signs; empty: ledger/signing.key",
                  place(at(&Settings::ledger, &LedgerSettings::key_file))});
}

void add_custody_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"custody", "site", "",
                  "本档案库所在地；异地的副本才算第二处",
                  "where this archive is; copies at another site count as a second one",
                  words(at(&Settings::custody, &CustodySettings::site))});
  keys.push_back({"custody", "replicas", "",
                  "其他磁盘上的目录，每个对象都复制过去",
                  "folders on other disks that get every object",
                  places(at(&Settings::custody, &CustodySettings::replicas))});
  keys.push_back({"custody", "scrub_days", "days",
                  "在此天数内每个对象核对并解码一次",
                  "in so many days every object is hashed and decoded once",
                  whole(at(&Settings::custody, &CustodySettings::scrub_days), 1, kDaysMax)});
  keys.push_back({"custody", "scrub_mb_per_second", "MB/s",
                  "巡检限速；0 为不限",
                  "speed limit of scrub; 0: none",
                  whole(at(&Settings::custody, &CustodySettings::scrub_mb_per_second),
                        0, 1'000'000)});
  keys.push_back({"custody", "backup_days", "days",
                  "备份超过此天数即逾期",
                  "a backup older than this is overdue",
                  whole(at(&Settings::custody, &CustodySettings::backup_days), 1, kDaysMax)});
  keys.push_back({"custody", "backup_verify_days", "days",
                  "备份的核验超过此天数即逾期",
                  "a verification of a backup older than this is overdue",
                  whole(at(&Settings::custody, &CustodySettings::backup_verify_days),
                        1, kDaysMax)});
  keys.push_back({"custody", "second_site_days", "days",
                  "异地副本的核验不得早于此天数",
                  "a verified copy at another site must be no older",
                  whole(at(&Settings::custody, &CustodySettings::second_site_days), 1, kDaysMax)});
  keys.push_back({"custody", "backup_key_file", "",
                  "打开备份的密钥文件；请另存一份",
                  "the key file that opens backups; keep a copy elsewhere",
                  place(at(&Settings::custody, &CustodySettings::backup_key_file))});
}

void add_others_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"catalogue", "item_number", "",
                  "未著录的件的档号写法",
                  "numbers of items that nobody catalogued",
                  item_number()});
  keys.push_back({"lifecycle", "disposal_waiting_days", "days",
                  "销毁清册审批后须等待的天数",
                  "days from the approval of a disposal list to its execution",
                  whole(at(&Settings::lifecycle, &LifecycleSettings::disposal_waiting_days),
                        1, 3'650)});
  keys.push_back({"lifecycle", "garbage_grace_days", "days",
                  "无人需要的对象保留多少天后由 gc 清除",
                  "days that an object which nothing needs stays before `juanzong gc` removes it",
                  whole(at(&Settings::lifecycle, &LifecycleSettings::garbage_grace_days),
                        0, 3'650)});
  keys.push_back({"packages", "sender", "",
                  "本单位名称，写在移交包和复制件证明上",
                  "the name of this office, as it stands on packages and copies",
                  words(at(&Settings::packages, &PackageSettings::sender))});
}

void add_security_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"security", "malware_scanner", "",
                  "查毒命令，以文件为最后一个参数，退出码 0 无害、1 有害；空为没有",
                  "a command that gets a file as its last argument and exits 0 clean, 1 "
                  "harmful; empty: none",
                  words(at(&Settings::security, &SecuritySettings::malware_scanner))});
  keys.push_back({"security", "malware_seconds_max", "seconds",
                  "查一个文件的最长时间",
                  "time for one file",
                  whole(at(&Settings::security, &SecuritySettings::malware_seconds_max),
                        1, 86'400)});
  keys.push_back({"security", "training_days", "days",
                  "安全培训的有效天数，过期只见目录不见内容；0 为不要求",
                  "who had no security training within so many days sees lists only; 0: not "
                  "asked for",
                  whole(at(&Settings::security, &SecuritySettings::training_days), 0, 36'500)});
  keys.push_back({"security", "password_length_min", "characters",
                  "新密码至少多少个字符",
                  "characters that a new password has at least",
                  whole(at(&Settings::security, &SecuritySettings::password_length_min), 8, 128)});
  keys.push_back({"security", "password_kinds_min", "kinds",
                  "新密码至少含小写字母、大写字母、数字、其他字符中的几类（GB/T 22239）",
                  "of small letters, capitals, digits and others a new password has at least so "
                  "many (GB/T 22239)",
                  whole(at(&Settings::security, &SecuritySettings::password_kinds_min), 1, 4)});
}

void add_upload_keys(std::vector<SettingKey>& keys) {
  keys.push_back({"uploads", "folder", "",
                  "扫描工位上传文件的去处（热文件夹）；空为档案库的 inbox",
                  "where files from scanning stations go, a hot folder; empty: the inbox of the "
                  "archive",
                  place(at(&Settings::uploads, &UploadSettings::folder))});
  keys.push_back({"uploads", "file_bytes_max", "bytes",
                  "更大的上传文件拒收",
                  "a larger file is refused",
                  whole(at(&Settings::uploads, &UploadSettings::file_bytes_max), 1, kLarge)});
  keys.push_back({"uploads", "files_max", "files",
                  "同时上传的最多文件数",
                  "that are under way at the same time",
                  whole(at(&Settings::uploads, &UploadSettings::files_max), 1, 1'000'000)});
  keys.push_back({"uploads", "hours_max", "hours",
                  "多久没有新字节即放弃该上传",
                  "what got no byte for so long is given up",
                  whole(at(&Settings::uploads, &UploadSettings::hours_max), 1, 8'760)});
}

}  // namespace

std::string_view unit_in_chinese(std::string_view unit) {
  static constexpr std::pair<std::string_view, std::string_view> kUnits[] = {
      {"threads", "线程"}, {"pages", "页"},  {"files", "个文件"}, {"milliseconds", "毫秒"},
      {"seconds", "秒"},   {"hours", "小时"}, {"days", "天"},      {"bytes", "字节"},
      {"pixels", "像素"},     {"characters", "字符"}, {"kinds", "类"}};
  for (const auto& [english, chinese] : kUnits) {
    if (english == unit) return chinese;
  }
  return unit;
}

const std::vector<SettingKey>& setting_keys() {
  static const std::vector<SettingKey> keys = [] {
    std::vector<SettingKey> list;
    add_general_keys(list);
    add_ingest_keys(list);
    add_decode_keys(list);
    add_ocr_keys(list);
    add_store_keys(list);
    add_ledger_keys(list);
    add_custody_keys(list);
    add_others_keys(list);
    add_security_keys(list);
    add_upload_keys(list);
    return list;
  }();
  return keys;
}

}  // namespace archive
