"""Finding at the command line: filters, groups, lists, marks to go on from, the index's upkeep."""

import csv
import io
import json
import shutil
import unittest

from program import USAGE, EndToEnd, filed_once, juanzong

NAME, NUMBER = "冯洁丽", "43970219860407762X"
PAGES = [f"back_payment/000{i}.tif" for i in (1, 3, 4, 7)]
INDEX = 17
FILED = None


def setUpModule():
    global FILED
    FILED = filed_once(*PAGES)


class Finding(EndToEnd):
    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(FILED)

    def answer(self, *arguments):
        ended = self.archive.run("search", "--json", *arguments)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return json.loads(ended.stdout)

    def pages(self, *arguments):
        return [hit["page"] for hit in self.answer(*arguments)["hits"]]

    def test_a_name_in_many_spellings_is_one_name(self):
        pages = self.pages(NAME)
        self.assertTrue(pages)
        self.assertEqual(self.pages("馮潔麗"), pages)
        self.assertEqual(set(self.pages("fengjieli")) - set(pages), set())
        self.assertTrue(self.pages("fjl"))
        self.assertEqual(self.pages(NUMBER), self.pages("４３９７０２１９８６０４０７７６２Ｘ"))
        self.assertTrue(set(self.pages("439702********762X")) >= set(self.pages(NUMBER)))

    def test_boxes_lie_on_the_page(self):
        for hit in self.answer(NAME)["hits"]:
            self.assertTrue(hit["boxes"], hit)
            self.assertIn("«", hit["snippet"])
            self.assertTrue(hit["picture"].startswith("sha256-"))

    def test_filters_and_facets(self):
        by_type = self.answer(NAME, "--facets", "doc_type")["facets"]["doc_type"]
        for one in by_type:
            self.assertEqual(len(self.pages(NAME, "--type", one["value"])), one["pages"])
        self.assertEqual(self.pages("--id", NUMBER, "--type", "DT37"),
                         self.pages(NUMBER, "--type", "DT37"))
        self.assertEqual(self.pages(NAME, "--finding", "X99"), [])
        self.assertEqual(self.pages(NAME, "--year", "1990"), [])

    def test_r26_a_filter_is_a_value_and_never_a_query(self):
        for value in ("' OR '1'='1", "*", f"{NAME} OR x", "x)", "\x1b[2J"):
            self.assertEqual(self.pages(NAME, "--person", value), [], value)

    def test_going_on_reaches_every_page_once(self):
        every = self.pages("社会保险 OR 姓名", "--limit", "100")
        seen, mark = [], None
        while mark != "":
            some = self.answer("社会保险 OR 姓名", "--limit", "1", *(["--after", mark] if mark else []))
            seen += [hit["page"] for hit in some["hits"]]
            mark = some["next"]
        self.assertEqual(seen, every)
        self.assert_says(self.archive.run("search", NAME, "--after", "nonsense"), USAGE)

    def test_table_groups_and_csv(self):
        table = self.archive.run("search", NAME, "--lang", "en")
        self.assertEqual(table.returncode, 0, table.stderr)
        self.assertIn("«" + NAME + "»", table.stdout)
        grouped = self.archive.run("search", NAME, "--group", "person", "--lang", "en")
        self.assertIn("== " + NAME, grouped.stdout)
        rows = list(csv.DictReader(io.StringIO(self.archive.run("search", NAME, "--csv").stdout)))
        self.assertEqual([int(row["page"]) for row in rows], self.pages(NAME))

    def test_a_list_is_answered_row_by_row(self):
        names = self.work / "names.csv"
        names.write_text(f'query,remark\n{NAME},x\n"=1+1",y\n{NUMBER},z\n冯洁丽二,\n"a"") OR (b",\n',
                         encoding="utf-8")
        answers = self.work / "answers.csv"
        ended = self.archive.run("search", "--list", names, "-o", answers, "--purpose", "核对")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        with answers.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["query"] for row in rows],
                         [NAME, "'=1+1", NUMBER, "冯洁丽二", 'a") OR (b'])
        self.assertEqual(int(rows[0]["exact"]), len(self.pages(NAME, "--exactly")))
        self.assertEqual([int(page) for page in rows[2]["pages"].split()],
                         self.pages(f'"{NUMBER}"', "--exactly"))
        self.assertEqual(rows[1]["exact"], "0")

    def test_a_search_with_a_purpose_is_remembered(self):
        self.answer(NAME)
        self.answer(NAME, "--purpose", "窗口查询")
        past = [json.loads(line) for line in
                self.archive.run("search", "--history", "--json").stdout.splitlines()]
        self.assertEqual([(one["query"], one["purpose"]) for one in past], [(NAME, "窗口查询")])
        self.assertEqual((self.archive.folder / "access" / "log").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_the_index_is_checked_compacted_and_mended(self):
        before = self.pages(NAME)
        self.assertEqual(self.archive.run("index check").returncode, 0)
        self.assertEqual(self.archive.run("index compact").returncode, 0)
        self.assertEqual(self.pages(NAME), before)
        checked = json.loads(self.archive.run("index check", "--json").stdout)
        self.assertTrue(checked["sound"])
        self.assertEqual(checked["compared"], checked["filed"])

        part = next(path for path in (self.archive.folder / "index").iterdir() if path.is_dir())
        shutil.move(part, self.work / "away")
        missing = self.archive.run("index check", "--json")
        self.assertNotEqual(missing.returncode, 0)
        self.assertEqual(self.archive.run("index rebuild").returncode, 0)
        self.assertEqual(self.pages(NAME), before)
        self.assertEqual(self.archive.run("index check").returncode, 0)

    def test_an_index_of_an_older_program_says_what_to_do(self):
        (self.archive.folder / "index" / "manifest").write_text("juanzong index 1\n")
        self.assert_says(self.archive.run("search", NAME), INDEX, "index rebuild")

    def test_a_rebuild_that_was_stopped_goes_on_and_is_never_taken_for_the_whole(self):
        before = self.pages(NAME)
        manifest = self.archive.folder / "index" / "manifest"
        manifest.write_text(manifest.read_text() + "rebuilding\n")
        self.assertFalse(self.answer(NAME)["complete"])
        self.assertEqual(self.archive.run("index rebuild").returncode, 0)
        self.assertTrue(self.answer(NAME)["complete"])
        self.assertEqual(self.pages(NAME), before)

    def test_an_index_that_was_deleted_is_never_taken_for_the_whole(self):
        before = self.pages(NAME)
        shutil.rmtree(self.archive.folder / "index")
        self.assertEqual(self.archive.run("index compact").returncode, 0)
        self.assertFalse(self.answer(NAME)["complete"], "it is empty beside filed pages")
        self.assertEqual(self.archive.run("index rebuild").returncode, 0)
        self.assertTrue(self.answer(NAME)["complete"])
        self.assertEqual(self.pages(NAME), before)

    def test_nothing_to_look_for_is_said(self):
        self.assert_says(self.archive.run("search"), USAGE)
        self.assert_says(self.archive.run("search", "pay_base:1*"), USAGE)


if __name__ == "__main__":
    unittest.main()
