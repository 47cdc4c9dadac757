"""Settings and tables by the command line: looked at, explained, adapted by an office."""

import json
import re
import shutil
import unittest

from program import ROOT, SAMPLES, SETTINGS, USAGE, EndToEnd, juanzong

OFFICE = SAMPLES / "office"
EXPLAINED = ("key", "value", "default", "source", "file", "line", "unit", "range", "meaning")


class Settings(EndToEnd):
    def settings(self, archive, change=None):
        file = archive.folder / "juanzong.toml"
        text = file.read_text(encoding="utf-8")
        if change:
            file.write_text(change(text), encoding="utf-8")
        return file, text

    def explain(self, archive, *arguments):
        return self.said(archive.run("config explain", "--json", *arguments))[0]["settings"]

    def test_the_new_file_names_every_setting_with_its_default_and_meaning(self):
        archive = self.new_archive()
        _, text = self.settings(archive)
        explained = self.explain(archive)
        self.assertGreater(len(explained), 40)
        lines = text.splitlines()
        for one in explained:
            self.assertEqual(list(one), list(EXPLAINED))
            name = one["key"].split(".")[-1]
            line = lines[one["line"] - 1]
            self.assertTrue(line.startswith(f"{name} = {one['default']}  # "), line)
            self.assertIn(one["range"], line)
            self.assertEqual(lines[one["line"] - 3], "# " + one["meaning"]["zh"])
            self.assertEqual(lines[one["line"] - 2], "# " + one["meaning"]["en"])
            self.assertEqual((one["value"], one["source"]), (one["default"], "file"))
        self.assertEqual(len(re.findall(r"(?m)^[a-z_]+ = ", text)), len(explained))

    def test_a_file_may_name_nothing_or_one_thing(self):
        archive = self.new_archive()
        self.settings(archive, lambda _: "[custody]\nscrub_days = 7\n")
        for one in self.explain(archive):
            changed = one["key"] == "custody.scrub_days"
            self.assertEqual(one["source"], "file" if changed else "default", one)
            self.assertEqual(one["line"], 2 if changed else 0)
        (days,) = self.explain(archive, "custody.scrub_days")
        self.assertEqual((days["value"], days["default"], days["unit"]["zh"]), ("7", "30", "天"))
        self.assertEqual({one["key"].split(".")[0] for one in self.explain(archive, "ocr")}, {"ocr"})
        told = archive.run("config explain", "custody.scrub_days").stdout
        for words in ("custody.scrub_days = 7 days", "juanzong.toml:2", "default: 30", "1–36500"):
            self.assertIn(words, told)
        self.assertIn("custody.scrub_days = 7 天",
                      archive.run("config explain", "custody.scrub_days", "--lang", "zh").stdout)
        self.assert_says(archive.run("config explain", "custody.scrub_day"), USAGE,
                         "nearest: 'custody.scrub_days'")

    def test_every_mistake_is_listed_at_once(self):
        archive = self.new_archive()
        office = archive.folder / "office"
        (office / "domain").mkdir(parents=True)
        (office / "domain" / "retention.csv").write_text(
            "class_code,annex_item,retention_code,years,detail,verified\nSB01.01,,D55,,,V\n",
            encoding="utf-8")
        self.settings(archive, lambda _: "\n".join((
            'office_folder = "office"', "[ingest]", "thread = 2", "pages_in_flight = 5000",
            "[ocr]", "unsure_confidence = 0.99", "[stoer]", "fsync = true")) + "\n")
        ended = archive.run("config check", "--json")
        self.assertEqual(ended.returncode, SETTINGS, ended.stderr)
        told = json.loads(ended.stdout)
        listed = {(one["file"].rsplit("/", 1)[1], one["line"]): one["what"]
                  for one in told["problems"]}
        self.assertEqual(listed, {
            ("juanzong.toml", 3): "no setting 'ingest.thread'; nearest: 'ingest.threads'",
            ("juanzong.toml", 4): "ingest.pages_in_flight: must lie between 0 and 4096",
            ("juanzong.toml", 6): listed[("juanzong.toml", 6)],
            ("juanzong.toml", 7): "no setting 'stoer'; nearest: 'store'",
            ("retention.csv", 2): "'D55' is no retention code"})
        self.assertIn("above ocr.sure_confidence", listed[("juanzong.toml", 6)])
        self.assertTrue(all(one["what_to_do"] for one in told["problems"]))
        for language, words in (("en", "what to do: "), ("zh", "办法：")):
            text = archive.run("config check", "--lang", language)
            self.assertEqual(text.returncode, SETTINGS)
            self.assertEqual(text.stdout.count(words), 5, text.stdout)
            self.assertIn("juanzong.toml:3", text.stdout)
        self.assertEqual(self.new_archive("sound").run("config check").returncode, 0)

    def test_rights_that_cannot_be_read_keep_nobody_from_looking(self):
        archive = self.new_archive()
        duties = archive.folder / "office" / "duties"
        duties.mkdir(parents=True)
        (duties / "posts.csv").write_text(
            "post,zh,en,rights,contractor\nauditor,稽核,auditor,monitr,no\n", encoding="utf-8")
        self.settings(archive, lambda text: text.replace('office_folder = ""',
                                                         'office_folder = "office"'))
        self.assert_says(archive.run("status"), SETTINGS, "posts.csv:2")
        ended = archive.run("config check")
        self.assertEqual(ended.returncode, SETTINGS)
        self.assertIn("'monitr'", ended.stdout)

    def test_the_documentation_is_made_of_the_same_table(self):
        text = (ROOT / "docs" / "CONFIGURATION.md").read_text(encoding="utf-8")
        archive = self.new_archive()
        expected = ["| `{}` | `{}` | {} | `{}` | {} |".format(
            one["key"], one["default"], one["unit"]["en"], one["range"].replace("|", "\\|"),
            one["meaning"]["en"].replace("|", "\\|")) for one in self.explain(archive)]
        self.assertEqual(re.findall(r"(?m)^\| `[a-z_.]+` \| `.*$", text), expected)
        tables = self.said(archive.run("config explain", "--tables", "--json"))[0]["tables"]
        expected = ["| `{}` | {} | {} | {} |".format(
            one["table"], {"rows": "row by row", "whole": "as a whole", "no": "no"}[one["office"]],
            ", ".join(one["key"]), one["en"]) for one in tables]
        self.assertEqual(re.findall(r"(?m)^\| `[a-z_/*]+\.(?:csv|toml)` \| .*$", text), expected)


class Office(EndToEnd):
    """samples/office: what its README.md promises."""

    def setUp(self):
        super().setUp()
        self.archive = self.new_archive()
        shutil.copy(OFFICE / "juanzong.toml", self.archive.folder)
        shutil.copytree(OFFICE / "office", self.archive.folder / "office")

    def test_a_page_of_its_own_form_is_read_classified_and_kept_by_its_tables(self):
        checked = self.said(self.archive.run("config check", "--json"))[0]
        self.assertEqual(checked["problems"], [])
        self.assertGreater(len(checked["office_files"]), 8)
        ended = self.archive.ingest(OFFICE / "scans", "--batch", "subsidies")
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        (page,) = self.archive.pages()
        self.assertEqual(page["doc_type"], "DT50")
        fields = {one["field"]: one["value"] for one in page["fields"]}
        self.assertEqual(fields["person_name"], "冯洁丽")
        self.assertEqual(fields["id_number"], "43970219860407762X")
        self.assertEqual(fields["subsidy_amount"], "7298.40")
        self.assertEqual(fields["doc_date"], "2021-03-15")
        listed = self.said(self.archive.run("retention list", "--json"))
        self.assertIn("D30", json.dumps(listed))
        # Its post can be given, its purpose asked for, and the one that was struck cannot.
        self.archive.add_user("窗口甲", "counter_lead")
        self.assertIn("counter_lead", self.archive.run("user list", "--json").stdout)

    def test_backups_carry_its_tables(self):
        key, place, again = (self.work / name for name in ("key", "backups", "again"))
        for command in (("backup init", place), ("backup run", place)):
            ended = self.archive.run(*command, "--key-file", key)
            self.assertEqual(ended.returncode, 0, ended.stderr)
        ended = self.archive.run("backup restore", place, again, "--key-file", key)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        for file in (OFFICE / "office").rglob("*.*"):
            self.assertEqual((again / "office" / file.relative_to(OFFICE / "office")).read_bytes(),
                             file.read_bytes())
        self.assertEqual(juanzong("config", "check", "-A", again).returncode, 0)

    def test_tables_that_others_may_write_are_a_weak_spot(self):
        def spots():
            return {spot["where"] for spot in json.loads(
                self.archive.run("selfcheck", "--json", "--no-keep").stdout)["findings"]
                if spot["kind"] == "mode_open"}
        posts = self.archive.folder / "office" / "duties" / "posts.csv"
        posts.chmod(0o644)
        self.assertNotIn(str(posts), spots())
        posts.chmod(0o666)
        self.assertIn(str(posts), spots())


if __name__ == "__main__":
    unittest.main()
