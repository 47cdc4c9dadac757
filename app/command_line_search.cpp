#include "app/command_parser.h"

namespace archive {

void CommandParser::add_search() {
  auto* command = add("search",
                      text("全文检索：姓名、身份证号、单位、词句；支持 \"短语\"、字段:值、"
                           "2009..2013、OR、NOT、星号、近似~",
                           "find pages: names, numbers, employers, words; \"phrases\", "
                           "field:value, 2009..2013, OR, NOT, stars, near~"),
                      search_, run_search, {Right::query});
  add_archive(command, search_.archive);
  command->add_option("query", words_, text("要找的内容", "what to look for"));
  auto& request = search_.request;
  auto& filters = request.filters;
  const auto filter = [&](const char* name, std::string& value, std::string_view zh,
                          std::string_view en) {
    command->add_option(name, value, text(zh, en))->group(text("条件", "Filters"));
  };
  filter("--person", filters.person, "姓名", "name of a person");
  filter("--id-kind", filters.id_kind, "证件类型", "kind of identity paper");
  filter("--id", filters.id_number, "证件号码", "its number");
  filter("--period", filters.period, "缴费期间，与之有重叠的：2009-01..2010-06",
         "months paid for that overlap: 2009-01..2010-06");
  filter("--employer", filters.employer, "单位名称", "name of an employer");
  filter("--credit-code", filters.credit_code, "统一社会信用代码", "credit code of an employer");
  filter("--type", filters.doc_type, "材料类型，如 DT19", "type, such as DT19");
  filter("--class", filters.class_code, "类别号，如 SB02", "class, such as SB02");
  filter("--year", filters.year, "年度：2009 或 2009..2013", "year: 2009 or 2009..2013");
  filter("--retention", filters.retention, "保管期限，如 D30", "retention, such as D30");
  filter("--confidence", filters.confidence, "识别置信度：low、fair、high",
         "how sure the text is: low, fair, high");
  filter("--review", filters.review, "是否待人查看：needed、none",
         "whether a person should look: needed, none");
  filter("--operator", filters.operator_name, "操作员", "who scanned it");
  filter("--dossier", filters.dossier, "档号", "dossier number");
  filter("--batch", filters.batch, "批次", "batch");
  filter("--finding", search_.records.rule, "有此未决问题的卷宗，如 X04",
         "dossiers with this open finding, such as X04");
  filter("--review-state", search_.records.review_state, "审核状态", "state of its review");

  command->add_option("--limit", request.limit, text("条数", "how many"))
      ->check(CLI::Range(1, 1000));
  auto* offset = command->add_option("--offset", request.offset, text("跳过条数", "skip so many"));
  command
      ->add_option("--after", request.after,
                   text("从上次结果之后继续（上次给出的标记）",
                        "go on behind an earlier answer, by the mark it gave"))
      ->excludes(offset);
  command->add_flag("--exactly", request.exactly,
                    text("只要完全相符的", "nothing similar, misread or in another order"));
  command
      ->add_option("--facets", request.facets,
                   text("按这些项统计：", "count hits by these: ") +
                       "doc_type class year retention confidence review operator batch "
                       "dossier person unit_name")
      ->delimiter(',')
      ->check(CLI::IsMember(facet_names()));
  command->add_option("--group", search_.group, text("归并：dossier、person", "dossier or person"))
      ->check(CLI::IsMember({"dossier", "person"}));
  command->add_flag("--csv", search_.csv, text("输出 CSV", "a line a hit, as CSV"));
  command
      ->add_option("--open", search_.open,
                   text("打开第几条的图像，标出命中处", "show the picture of this hit, marked"))
      ->check(CLI::Range(1, 1000));
  command
      ->add_option("--list", search_.list,
                   text("逐行检索一份名单（CSV 第一列），给出命中数和页号",
                        "answer a list, the first column of a CSV, with counts and pages"))
      ->check(CLI::ExistingFile);
  command->add_option("-o,--output", search_.output,
                      text("名单的结果写入此文件", "the answers of a list go into this file"));
  command->add_option("--purpose", search_.purpose,
                      text("查询事由，与检索一并记下", "what for; noted with the search"));
  command->add_flag("--history", search_.history,
                    text("列出检索记录", "what was searched for, by whom and what for"));
  command->footer(text("检索语言见 docs/FINDING.md", "the query language: docs/FINDING.md"));
  command->callback([this] {
    std::string query;
    for (const std::string& word : words_) query += (query.empty() ? "" : " ") + word;
    search_.request.text = query;
    choose(search_, run_search, {Right::query});
  });
}

}  // namespace archive
