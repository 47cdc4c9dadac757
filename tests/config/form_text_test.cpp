#include "config/form_text.h"

#include <gtest/gtest.h>

#include "config/form_file.h"
#include "core/error.h"
#include "tests/config/temporary_folder.h"

namespace archive {
namespace {

FormDescription read_back(const FormDescription& form) {
  TemporaryFolder folder;
  folder.write("form.toml", form_text(form, "示例表 · Example"));
  return read_form_file(folder.path() / "form.toml");
}

FormDescription example() {
  FormDescription form;
  form.doc_type = "DT50";
  form.titles = {"增员申报表"};
  FieldDescription name;
  name.id = name.domain = "person_name";
  name.label_zh = "姓名";
  name.labels = {"姓名"};
  name.type = ValueType::name;
  form.fields = {name};
  return form;
}

TEST(FormText, IsReadBackAsItWas) {
  FormDescription form = example();
  form.marks = {"一式两份"};
  FieldDescription amount;
  amount.id = "field_2";
  amount.domain = "";
  amount.label_zh = "金额(\"元\")";
  amount.labels = {amount.label_zh, "C:\\合计"};
  amount.type = ValueType::money;
  amount.row = amount.required = amount.closing = true;
  amount.sensitivity = "P2";
  amount.pick = Pick::last;
  amount.length_min = 2;
  amount.total_of = "person_name";
  form.fields.push_back(amount);

  const FormDescription back = read_back(form);
  EXPECT_EQ(back.doc_type, "DT50");
  EXPECT_EQ(back.titles, form.titles);
  EXPECT_EQ(back.marks, form.marks);
  ASSERT_EQ(back.fields.size(), 2u);
  EXPECT_EQ(back.fields[0].domain, "person_name");
  EXPECT_EQ(back.fields[0].type, ValueType::name);
  EXPECT_EQ(back.fields[1].domain, "");
  EXPECT_EQ(back.fields[1].labels, amount.labels);
  EXPECT_EQ(back.fields[1].type, ValueType::money);
  EXPECT_EQ(back.fields[1].total_of, "person_name");
  EXPECT_TRUE(back.fields[1].row && back.fields[1].required && back.fields[1].closing);
  EXPECT_EQ(back.fields[1].pick, Pick::last);
  EXPECT_EQ(back.fields[1].length_min, 2u);
}

TEST(FormText, ALongListIsSeveralLines) {
  FormDescription form = example();
  for (int i = 10; i < 40; ++i) form.marks.push_back("印刷语句" + std::to_string(i));
  const std::string text = form_text(form, "");
  EXPECT_NE(text.find("marks = [\n  \"印刷语句10\", "), std::string::npos) << text;
  EXPECT_EQ(read_back(form).marks, form.marks);
}

TEST(FormText, WhatIsAsUsualIsNotSaid) {
  EXPECT_EQ(form_text(example(), "增员申报表"),
            "# 增员申报表\n"
            "doc_type = \"DT50\"\n"
            "titles = [\"增员申报表\"]\n"
            "\n[[field]]\n"
            "id = \"person_name\"\n"
            "label = \"姓名\"\n"
            "type = \"name\"\n");
}

}  // namespace
}  // namespace archive
