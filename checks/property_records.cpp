// Rows that are answered by the records: numbers, elements, history, content; and those that only
// the office or a package can answer.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "checks/property_answer.h"
#include "core/utf8.h"

namespace archive {
namespace {

/// Characters that stand in no value: controls, and the mark of a character that was lost.
bool has_foreign_characters(const std::string& text) {
  constexpr char32_t kLost = 0xFFFD;
  return std::ranges::any_of(code_points(text), [](char32_t c) {
    return c == kLost || c < 0x20 || (c >= 0x7F && c < 0xA0);
  });
}

void values(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  std::int64_t looked_at = 0;
  for (const PageFact& page : evidence.facts.pages) {
    for (const FieldFact& field : page.fields) {
      ++looked_at;
      if (!has_foreign_characters(field.raw) && !has_foreign_characters(field.value)) continue;
      PropertyRemark told =
          remark("字段 " + field.field + " 含控制字符或缺字",
                 "the field " + field.field + " has control characters or lost ones");
      told.page = page.number;
      answer.fails(std::move(told));
    }
  }
  answer.notes(remark("已检查值 " + std::to_string(looked_at) + " 个",
                      "values that were looked at: " + std::to_string(looked_at)));
}

void archive_number(const PropertyEvidence& evidence, const CheckTables& tables,
                    PropertyAnswer& answer) {
  const std::string& number = evidence.dossier.dossier_no;
  if (number.empty()) {
    answer.asks_a_person(remark("没有读到档号：请编号或著录",
                                "no archive number was read: give it one, or catalogue it"));
    return;
  }
  const bool known = std::ranges::any_of(
      tables.archive_numbers, [&number](const Pattern& p) { return p.found_in(number); });
  if (!known) {
    answer.fails(remark("档号不符合规则（archive_numbers.csv）",
                        "the archive number has none of the forms of archive_numbers.csv"));
  }
}

void repeated(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  for (const DossierNumber other : evidence.same_number) {
    const std::string number = std::to_string(other);
    answer.fails(remark("卷宗 " + number + " 有相同的档号",
                        "dossier " + number + " has the same archive number"));
  }
  std::map<std::tuple<std::string, std::string, std::string>, int> seen;
  for (const ItemRecord& item : evidence.dossier.items) {
    if (item.title.empty() || item.date.empty() || item.pages_declared.empty()) continue;
    const auto [before, fresh] =
        seen.emplace(std::tuple(item.title, item.date, item.pages_declared), item.sequence);
    if (fresh) continue;
    const std::string first = std::to_string(before->second);
    const std::string again = std::to_string(item.sequence);
    answer.fails(remark("第 " + again + " 件与第 " + first + " 件题名、日期、页号相同",
                        "item " + again + " has title, date and pages of item " + first));
  }
}

void items(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  const BatchEvidence& batch = evidence.batch;
  const std::string received = std::to_string(batch.pages_received);
  if (batch.pages_unaccounted != 0) {
    const std::string lost = std::to_string(batch.pages_unaccounted);
    answer.fails(remark(
        "本批次有 " + lost + " 页既未归档也未搁置：请再次运行 ingest",
        "of the batch " + lost + " pages are neither filed nor set aside: run ingest again"));
  }
  if (batch.pages_expected == 0) {
    answer.asks_a_person(
        remark("没有任务单，收到 " + received + " 页：请清点",
               "there is no job sheet; " + received + " pages were received: count them"));
  } else if (batch.pages_expected != batch.pages_received) {
    const std::string told = std::to_string(batch.pages_expected);
    answer.fails(remark("任务单为 " + told + " 页，收到 " + received + " 页",
                        "the job sheet says " + told + " pages, " + received + " were received"));
  } else {
    answer.notes(remark("任务单与收到均为 " + received + " 页",
                        "job sheet and batch agree: " + received + " pages"));
  }
  answer.notes(remark("本卷 " + std::to_string(evidence.dossier.items.size()) + " 件、" +
                          std::to_string(evidence.pages.size()) + " 页",
                      "this dossier: " + std::to_string(evidence.dossier.items.size()) +
                          " items, " + std::to_string(evidence.pages.size()) + " pages"));
}

void elements(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  const DossierRecord& dossier = evidence.dossier;
  if (dossier.dossier_no.empty()) answer.fails(remark("案卷缺档号", "the volume has no number"));
  if (dossier.title.empty()) answer.fails(remark("案卷缺题名", "the volume has no title"));
  for (const ItemRecord& item : dossier.items) {
    std::string zh;
    std::string en;
    const auto lacks = [&](bool lacking, const char* word_zh, const char* word_en) {
      if (!lacking) return;
      zh += (zh.empty() ? "" : "、") + std::string(word_zh);
      en += (en.empty() ? "" : ", ") + std::string(word_en);
    };
    lacks(item.title.empty(), "题名", "title");
    lacks(item.doc_type.empty(), "材料类型", "type");
    lacks(item.date.empty(), "日期", "date");
    lacks(item.pages_declared.empty(), "页号", "page numbers");
    lacks(item.retention.empty(), "保管期限", "retention");
    const std::string number = std::to_string(item.sequence);
    if (!zh.empty()) {
      answer.fails(remark("第 " + number + " 件缺" + zh, "item " + number + " has no " + en));
    }
    if (item.retention == "HOLD") {
      answer.asks_a_person(remark("第 " + number + " 件保管期限待定",
                                  "the retention of item " + number + " is not decided"));
    }
  }
}

/// Mandatory fields that no page of an item has: a form of several pages has each of them once.
void mandatory(const PropertyEvidence& evidence, const CheckTables& tables,
               PropertyAnswer& answer) {
  struct Form {
    const PageFact* first = nullptr;
    std::set<std::string> filled;
  };
  std::map<std::pair<int, std::string>, Form> forms;
  for (const PageFact& page : evidence.facts.pages) {
    if (page.set_aside || page.kind != PageKind::content) continue;
    Form& form = forms[{page.item_sequence, page.doc_type}];
    if (form.first == nullptr) form.first = &page;
    for (const FieldFact& field : page.fields) {
      if (!field.raw.empty() || !field.value.empty()) form.filled.insert(field.field);
    }
  }
  for (const auto& [key, form] : forms) {
    const FormDescription* described = tables.forms.form(key.second);
    if (described == nullptr) continue;
    for (const FieldDescription& field : described->fields) {
      if (!field.required || form.filled.contains(field.id)) continue;
      PropertyRemark told = remark(key.second + " 的必填字段为空：" + field.label_zh,
                                   key.second + " lacks its mandatory field: " + field.name_en);
      told.page = form.first->number;
      answer.fails(std::move(told));
    }
  }
}

void history(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  for (const PageEvidence& page : evidence.pages) {
    if (!page.received_on_record) {
      answer.fails(remark_on(page, "没有接收记录", "its receipt is not on record"));
    }
    if (!page.filed_on_record) {
      answer.fails(
          remark_on(page, "没有归档或搁置记录", "neither filing nor setting aside is on record"));
    }
    if (!page.set_aside && !page.engines_on_record) {
      answer.fails(remark_on(page, "没有识读记录：请重新识读",
                             "what read it is not on record: read it again"));
    }
  }
  if (!evidence.assembled_on_record) {
    answer.fails(remark("没有组卷记录", "its assembly is not on record"));
  }
  if (!evidence.batch.accepted) {
    answer.asks_a_person(remark("本批次尚未抽检验收：juanzong accept",
                                "the batch was not accepted yet: juanzong accept"));
  }
}

void content(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  for (const FileEvidence& file : evidence.files) {
    if (file.bytes == FileEvidence::Bytes::missing || file.bytes == FileEvidence::Bytes::damaged) {
      answer.fails(remark_on(file, "字节缺失或已变", "its bytes are lost or changed"));
    }
  }
  for (const PageEvidence& page : evidence.pages) {
    if (!page.set_aside) continue;
    answer.asks_a_person(remark_on(page, "未归档（juanzong status --set-aside）",
                                   "waits for a person (juanzong status --set-aside)"));
  }
}

void records(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  for (const PageEvidence& page : evidence.pages) {
    if (!page.unreadable) continue;
    answer.fails(remark_on(page, "文字版面无法读取：请重新识读",
                           "its text layout cannot be read: read the page again"));
  }
  if (evidence.pages.empty()) {
    answer.does_not_apply(remark("本卷没有页", "the dossier has no page"));
  }
}

/// A package whose sums, lists or description are wrong is not taken in at all
/// (app/package_receive_command.cpp): what is left is whether as much came as was sent.
void package(const PropertyEvidence& evidence, PropertyAnswer& answer) {
  if (!evidence.package) {
    answer.does_not_apply(remark("本卷未经信息包移交", "the dossier did not come in a package"));
    return;
  }
  const std::string& id = evidence.package->package_id;
  switch (evidence.package->state) {
    case PackageState::accepted:
      answer.notes(remark("信息包 " + id + " 接收时逐项核对相符",
                          "package " + id + " was compared on receipt, and agreed"));
      return;
    case PackageState::returned:
      answer.fails(remark("信息包 " + id + " 已回退", "package " + id + " was returned"));
      return;
    case PackageState::handing_over:
      answer.fails(remark("信息包 " + id + " 收到的页数与移交方清点数不符，或尚未收完",
                          "package " + id + " has not come in as the sender counted it"));
      return;
  }
}

}  // namespace

void answer_by_records(PropertyCheck check, const PropertyEvidence& evidence,
                       const CheckTables& tables, PropertyAnswer& answer) {
  switch (check) {
    case PropertyCheck::values:
      return values(evidence, answer);
    case PropertyCheck::archive_number:
      return archive_number(evidence, tables, answer);
    case PropertyCheck::repeated:
      return repeated(evidence, answer);
    case PropertyCheck::items:
      return items(evidence, answer);
    case PropertyCheck::elements:
      return elements(evidence, answer);
    case PropertyCheck::mandatory:
      return mandatory(evidence, tables, answer);
    case PropertyCheck::history:
      return history(evidence, answer);
    case PropertyCheck::content:
      return content(evidence, answer);
    case PropertyCheck::records:
      return records(evidence, answer);
    default:
      return;
  }
}

void answer_by_site(PropertyCheck check, const PropertyEvidence& evidence, PropertyAnswer& answer) {
  switch (check) {
    case PropertyCheck::package:
    case PropertyCheck::medium:
      return package(evidence, answer);
    case PropertyCheck::scanner:
      if (!evidence.scanner_configured) {
        answer.asks_a_person(
            remark("未配置杀毒程序：由现场检查", "no malware scanner is configured: a site check"));
      }
      return;
    case PropertyCheck::process:
      answer.asks_a_person(remark("访问日志与权限由现场检查；处理历史只能追加",
                                  "access log and rights are a site check; the history can only "
                                  "be added to"));
      return;
    default:
      return;
  }
}

}  // namespace archive
