// Rows that are answered by the delivered files and the objects: digests, attributes, links,
// bytes, formats, packing, malware.

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "checks/property_answer.h"

namespace archive {
namespace {

using Bytes = FileEvidence::Bytes;

struct KindName {
  SourceKind kind;
  std::string_view name;
  std::array<std::string_view, 4> extensions;
};
constexpr std::array kKinds = {
    KindName{SourceKind::tiff, "TIFF", {".tif", ".tiff"}},
    KindName{SourceKind::pdf, "PDF", {".pdf"}},
    KindName{SourceKind::jpeg, "JPEG", {".jpg", ".jpeg", ".jpe", ".jfif"}},
    KindName{SourceKind::png, "PNG", {".png"}},
    KindName{SourceKind::bmp, "BMP", {".bmp", ".dib"}},
    KindName{SourceKind::jpeg2000, "JPEG 2000", {".jp2", ".j2k", ".jpf", ".j2c"}},
};

std::string name_of(SourceKind kind) {
  const auto found = std::ranges::find(kKinds, kind, &KindName::kind);
  return found == kKinds.end() ? "?" : std::string(found->name);
}

/// The kind that a file's name promises; `other` where it promises none of ours.
SourceKind kind_by_name(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return SourceKind::other;
  std::string extension = name.substr(dot);
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = std::ranges::find_if(kKinds, [&extension](const KindName& kind) {
    return std::ranges::find(kind.extensions, extension) != kind.extensions.end();
  });
  return found == kKinds.end() ? SourceKind::other : found->kind;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string fault_text(const PageFault& fault) {
  return std::string(name_of(fault.reason)) + (fault.detail.empty() ? "" : ": " + fault.detail);
}

void digests(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  std::int64_t sound = 0;
  for (const FileEvidence& file : evidence.files) {
    switch (file.bytes) {
      case Bytes::sound:
        ++sound;
        break;
      case Bytes::none_kept:
        answer.asks_a_person(remark_on(file, "交来时无法读取，没有可校验的字节：请重新交来",
                                       "could not be read when it was handed in, so there are no "
                                       "bytes to check: hand it in again"));
        break;
      case Bytes::missing:
        answer.fails(remark_on(file, "对象不在库中：请从备份恢复",
                               "its object is not in the store: bring it back from a backup"));
        break;
      case Bytes::damaged:
        answer.fails(remark_on(file, "对象的字节与其摘要不符：请从备份恢复",
                               "the bytes of its object do not agree with their digest: bring it "
                               "back from a backup"));
        break;
    }
  }
  for (const PageEvidence& page : evidence.pages) {
    if (page.objects_damaged.empty()) continue;
    const std::string which = joined(page.objects_damaged);
    answer.fails(remark_on(
        page, "派生对象的字节与其摘要不符（" + which + "）：请重新识读",
        "derived objects do not agree with their digest (" + which + "): read the page again"));
  }
  answer.notes(remark(
      "SHA-256，原始文件 " + std::to_string(sound) + " 个；未配置签名文件",
      "SHA-256, files handed in: " + std::to_string(sound) + "; no signature file is configured"));
}

void attributes(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  for (const FileEvidence& file : evidence.files) {
    if (file.bytes != Bytes::sound && file.bytes != Bytes::damaged) continue;
    if (file.size_found != file.size_recorded) {
      const std::string told = std::to_string(file.size_recorded);
      const std::string found = std::to_string(file.size_found);
      answer.fails(remark_on(file, "记录为 " + told + " 字节，实有 " + found + " 字节",
                             told + " bytes are recorded, there are " + found));
    }
    if (file.kind_found != file.kind_recorded) {
      const std::string told = name_of(file.kind_recorded);
      const std::string found = name_of(file.kind_found);
      answer.fails(remark_on(file, "记录格式为 " + told + "，文件头为 " + found,
                             told + " is recorded, the first bytes are " + found));
    }
    const SourceKind promised = kind_by_name(file.name);
    if (promised != SourceKind::other && promised != file.kind_found) {
      answer.fails(
          remark_on(file, "扩展名为 " + name_of(promised) + "，内容为 " + name_of(file.kind_found),
                    "is named as " + name_of(promised) + " and is " + name_of(file.kind_found)));
    }
    if (!file.fault && file.pages_found != file.pages_recorded) {
      const std::string told = std::to_string(file.pages_recorded);
      const std::string found = std::to_string(file.pages_found);
      answer.fails(remark_on(file, "记录为 " + told + " 页，实有 " + found + " 页",
                             told + " pages are recorded, it has " + found));
    }
  }
}

void links(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  for (const FileEvidence& file : evidence.files) {
    if (file.bytes != Bytes::missing) continue;
    answer.fails(remark_on(file, "记录中的散列值找不到对象", "its hash leads to no object"));
  }
  for (const PageEvidence& page : evidence.pages) {
    if (page.objects_missing.empty()) continue;
    const std::string which = joined(page.objects_missing);
    answer.fails(
        remark_on(page, "派生对象不在库中（" + which + "）：请重新识读",
                  "derived objects are not in the store (" + which + "): read the page again"));
  }
}

void bytes(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  std::uint64_t recorded = 0;
  std::uint64_t found = 0;
  for (const FileEvidence& file : evidence.files) {
    if (file.bytes == Bytes::none_kept) continue;
    recorded += file.size_recorded;
    found += file.size_found;
  }
  const auto numbers = [](std::uint64_t a, std::uint64_t b) {
    return std::pair(std::to_string(a), std::to_string(b));
  };
  if (recorded != found) {
    const auto [told, kept] = numbers(recorded, found);
    answer.fails(remark("收到 " + told + " 字节，库中 " + kept + " 字节",
                        told + " bytes were received, " + kept + " are kept"));
  }
  const BatchEvidence& batch = evidence.batch;
  if (batch.bytes_recorded != batch.bytes_found) {
    const auto [told, kept] = numbers(batch.bytes_recorded, batch.bytes_found);
    answer.fails(remark("本批次收到 " + told + " 字节，库中 " + kept + " 字节",
                        "of the batch " + told + " bytes were received, " + kept + " are kept"));
  }
  const auto [own, whole] = numbers(found, batch.bytes_found);
  answer.notes(remark("本卷 " + own + " 字节；本批次 " + whole + " 字节，文件 " +
                          std::to_string(batch.files) + " 个",
                      "this dossier: " + own + " bytes; its batch: " + whole + " bytes in " +
                          std::to_string(batch.files) + " files"));
}

void formats(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  std::int64_t opened = 0;
  for (const FileEvidence& file : evidence.files) {
    opened += file.pages_opened;
    if (file.bytes == Bytes::none_kept) continue;
    if (file.kind_found == SourceKind::other) {
      answer.fails(remark_on(
          file, "格式不在允许范围内" + (file.packed.empty() ? "" : "（" + file.packed + "）"),
          "its format is not on the list" + (file.packed.empty() ? "" : " (" + file.packed + ")")));
      continue;
    }
    if (file.fault) {
      answer.fails(remark_on(file, "无法打开（" + fault_text(*file.fault) + "）",
                             "does not open (" + fault_text(*file.fault) + ")"));
    }
    for (const auto& [page, fault] : file.bad_pages) {
      const std::string number = std::to_string(page + 1);
      answer.fails(remark_on(file, "第 " + number + " 页无法打开（" + fault_text(fault) + "）",
                             "page " + number + " does not open (" + fault_text(fault) + ")"));
    }
  }
  answer.notes(remark(
      "允许的格式：TIFF、PDF、JPEG、PNG、BMP、JPEG 2000；已打开 " + std::to_string(opened) + " 页",
      "on the list: TIFF, PDF, JPEG, PNG, BMP, JPEG 2000; pages opened: " +
          std::to_string(opened)));
}

void packing(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  for (const FileEvidence& file : evidence.files) {
    if (file.encrypted || (file.fault && file.fault->reason == FaultReason::encrypted)) {
      answer.fails(remark_on(file, "PDF 已加密：请交来未加密的副本",
                             "the PDF is encrypted: hand in a copy that is not"));
    }
    if (!file.packed.empty()) {
      answer.fails(remark_on(file, "是压缩包或外来格式（" + file.packed + "）",
                             "is packed or of a foreign format (" + file.packed + ")"));
    }
  }
}

void malware(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  std::int64_t asked = 0;
  for (const FileEvidence& file : evidence.files) {
    if (!file.active.empty()) {
      const std::string what = joined(file.active);
      answer.fails(remark_on(file, "PDF 含自动执行内容（" + what + "）",
                             "the PDF would do something by itself (" + what + ")"));
    }
    if (file.partly_searched) {
      answer.asks_a_person(remark_on(file, "PDF 对象过多，自动执行内容未能全部检查",
                                     "the PDF has too many objects to look at all of them for "
                                     "active content"));
    }
    switch (file.malware) {
      case MalwareAnswer::infected:
        answer.fails(remark_on(file, "杀毒程序报告有害：请隔离该文件并报告安全负责人",
                               "the malware scanner reports it: keep the file apart and tell who "
                               "is responsible for security"));
        break;
      case MalwareAnswer::failed:
        answer.asks_a_person(
            remark_on(file, "杀毒程序未能给出结论", "the malware scanner came to no result"));
        break;
      case MalwareAnswer::clean:
        ++asked;
        break;
      case MalwareAnswer::not_asked:
        break;
    }
  }
  if (!evidence.scanner_configured) {
    answer.asks_a_person(
        remark("未配置杀毒程序（security.malware_scanner）：由现场检查；PDF 自动执行内容已检查",
               "no malware scanner is configured (security.malware_scanner): a site check; active "
               "content of PDF files was looked for"));
  } else {
    answer.notes(remark("杀毒程序已检查文件 " + std::to_string(asked) + " 个",
                        "files that the scanner found clean: " + std::to_string(asked)));
  }
}

}  // namespace

void answer_by_files(PropertyCheck check, const PropertyEvidence& evidence,
                     PropertyAnswer& answer) {
  switch (check) {
    case PropertyCheck::digests:
      return digests(evidence, answer);
    case PropertyCheck::attributes:
      return attributes(evidence, answer);
    case PropertyCheck::links:
      return links(evidence, answer);
    case PropertyCheck::bytes:
      return bytes(evidence, answer);
    case PropertyCheck::formats:
      return formats(evidence, answer);
    case PropertyCheck::packing:
      return packing(evidence, answer);
    case PropertyCheck::malware:
      return malware(evidence, answer);
    default:
      return;
  }
}

}  // namespace archive
