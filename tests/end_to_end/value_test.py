"""R25: values typed by persons, with their region of the picture, and confirmed by a second one."""

import json
import os
import sqlite3
import subprocess
import tomllib
import unittest

from program import NOT_FOUND, ROOT, USAGE, EndToEnd, filed_once


class Filed:
    folder = None


def setUpModule():
    Filed.folder = filed_once(
        "maternity/0001.jpg", "maternity/0003.jpg",
        users=(("李工", "indexer"), ("王工", "indexer"), ("赵工", "indexer")))


def described(doc_type):
    with open(ROOT / "config" / "forms" / f"{doc_type}.toml", "rb") as file:
        return {field["id"]: field for field in tomllib.load(file)["field"]}


class R25(EndToEnd):
    BOX = "10,20,300,40"

    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(Filed.folder)

    def page(self, number):
        return json.loads(self.archive.run("show", number, "--json").stdout)

    def one_field(self, mandatory, kinds=("name", "text")):
        """A page and a field of it that is to be known, or not, as its form says."""
        for page in self.archive.pages():
            if not (ROOT / "config" / "forms" / f"{page['doc_type']}.toml").exists():
                continue
            for name, field in described(page["doc_type"]).items():
                if field.get("row") or field["type"] not in kinds:
                    continue
                if field.get("required", False) == mandatory:
                    return page["page"], name
        raise AssertionError("no page of the samples has such a field")

    def value(self, page, field, *arguments, by="李工", code=0):
        ended = self.archive.by(by, "value", page, field, "--json", *arguments)
        self.assertEqual(ended.returncode, code, ended.stderr)
        return json.loads(ended.stdout) if code == 0 else ended

    def say(self, page, field, text, person, box=BOX):
        return self.value(page, field, "--typed", text, "--box", box, by=person)

    def shown(self, page, field):
        return next((one for one in self.page(page)["fields"] if one["field"] == field), None)

    def test_a_mandatory_value_waits_counts_is_found_and_survives_reprocess(self):
        page, field = self.one_field(mandatory=True)
        before = self.shown(page, field)
        waiting = self.say(page, field, "欧阳 试录", "李工")
        self.assertEqual(waiting["state"], "typed_not_confirmed")
        self.assertEqual(waiting["machine_value"], before and before["value"])
        self.assertIn("unconfirmed_value", self.page(page)["review"])
        self.assertEqual(self.archive.hits("欧阳试录"), [], "nobody has confirmed it")
        self.assertIn("typed, not confirmed",
                      self.archive.run("show", page, "--lang", "en").stdout)
        self.assertIn("已录入，待第二人确认",
                      self.archive.run("show", page, "--lang", "zh").stdout)

        refused = self.value(page, field, "--confirm", by="李工", code=USAGE)
        self.assertIn("nobody confirms a value that he typed himself", refused.stderr)

        settled = self.value(page, field, "--confirm", by="王工")
        self.assertEqual((settled["state"], settled["value"]), ("settled", "欧阳试录"))
        self.assertEqual([one["person"] for one in settled["typed"]], ["李工", "王工"])
        self.assertIn(page, [hit["page"] for hit in self.archive.hits("欧阳试录")])

        with sqlite3.connect(self.archive.folder / "records.sqlite") as database:
            database.execute("UPDATE pages SET engines = '[]' WHERE page = ?", (page,))
        database.close()
        again = self.archive.run("reprocess", "--json", page)
        self.assertEqual(again.returncode, 0, again.stderr)
        after = self.shown(page, field)
        self.assertEqual((after["value"], after["by_person"], after["typed_state"]),
                         ("欧阳试录", True, "settled"))
        self.assertEqual(after.get("machine", {}).get("value"), before and before["value"])
        self.assertIn(page, [hit["page"] for hit in self.archive.hits("欧阳试录")])
        verified = json.loads(self.archive.run("verify", "--json").stdout)
        self.assertEqual(verified["damage"], 0)
        self.assertFalse(verified["ledger"]["sound"])  # the engine was changed by SQL above

    def test_two_values_are_a_conflict_and_both_are_kept(self):
        page, field = self.one_field(mandatory=True)
        self.say(page, field, "欧阳试录", "李工")
        told = self.say(page, field, "欧阳试彔", "王工")
        self.assertEqual(told["state"], "conflict")
        self.assertEqual([one["value"] for one in told["typed"]], ["欧阳试录", "欧阳试彔"])
        self.assertIn("conflicting_values", self.page(page)["review"])
        self.assertIn("different values",
                      self.value(page, field, "--confirm", by="赵工", code=USAGE).stderr)
        self.assertEqual(self.value(page, field, "--withdraw", by="王工")["state"],
                         "typed_not_confirmed")
        self.assertEqual(self.say(page, field, "欧阳　试录", "王工")["state"], "settled",
                         "the same value after normalisation")

    def test_a_value_that_may_be_left_out_counts_at_once(self):
        page, field = self.one_field(mandatory=False)
        self.assertEqual(self.say(page, field, "试录内容", "李工")["state"], "settled")
        self.assertEqual(self.value(page, field, "--withdraw", by="李工")["state"], "none")
        self.assertEqual(self.archive.hits("试录内容"), [])

    def test_a_value_can_be_kept_out_of_the_command_line(self):
        page, field = self.one_field(mandatory=False)
        command = [os.environ["JUANZONG"], "value", "--archive", self.archive.folder, str(page),
                   field, "--typed", "-", "--box", self.BOX, "--json"]
        said = subprocess.run(command, input="试录内容\r\n".encode(), stdout=subprocess.PIPE,
                              check=True).stdout
        self.assertEqual(json.loads(said)["value"], "试录内容")
        self.assertEqual(subprocess.run(command, input=b"\n", stderr=subprocess.PIPE).returncode,
                         USAGE)

    def test_a_typed_value_needs_a_region_on_the_picture(self):
        page, field = self.one_field(mandatory=True)
        width = self.page(page)["width"]
        for arguments, words in (
                (("--typed", "张三"), "--box"),
                (("--typed", "张三", "--box", f"{width},0,1,1"), "not on its picture"),
                (("--typed", "张三", "--box", "1,2,3"), "four whole numbers"),
                (("--confirm",), "nobody typed a value"),
                (("--withdraw",), "nothing that this person typed")):
            with self.subTest(words):
                ended = self.value(page, field, *arguments, code=USAGE)
                self.assertIn(words, ended.stderr)
                self.assertNotIn("张三", ended.stderr)
        self.assertEqual(self.page(page)["typed_values"], [])

    def test_pages_and_fields_that_are_not_there_are_named(self):
        page, _ = self.one_field(mandatory=True)
        self.value(999, "id_number", code=NOT_FOUND)
        self.assertIn("has no field", self.value(page, "no_such_field", code=USAGE).stderr)


if __name__ == "__main__":
    unittest.main()
