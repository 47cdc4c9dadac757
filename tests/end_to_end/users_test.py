"""R4, R51: who may do what at the command line; a refusal is one line of the ledger."""

import json
import sqlite3
import unittest

from program import FORBIDDEN, PASSWORD, USAGE, EndToEnd, blank_page, juanzong


class Users(EndToEnd):
    def setUp(self):
        super().setUp()
        self.archive = self.new_archive()

    def user(self, verb, *arguments, **options):
        return juanzong("user", verb, "--archive", self.archive.folder, *arguments, **options)

    def refusals(self):
        database = sqlite3.connect(self.archive.folder / "records.sqlite")
        rows = database.execute(
            "SELECT actor, details FROM events WHERE action = 'refused'").fetchall()
        database.close()
        return rows

    def test_a_user_without_the_post_gets_a_refusal_and_one_line(self):
        self.archive.add_user("扫描", "scan_operator")
        refused = self.archive.by("扫描", "search", "张三")
        self.assert_says(refused, FORBIDDEN, "query", "juanzong user list")
        self.assertEqual(self.refusals(), [("扫描", '{"right":"query"}')])
        self.assertEqual(self.archive.by("扫描", "status").returncode, 0)
        self.assertTrue(json.loads(self.archive.run("verify", "--json").stdout)["ledger"]["sound"])

    def test_what_a_scan_operator_takes_in_bears_the_name_and_the_post(self):
        self.archive.add_user("扫描", "scan_operator")
        scan = self.work / "1.bmp"
        scan.write_bytes(blank_page())
        taken = self.archive.by("扫描", "ingest", "--no-wait", scan)
        self.assertEqual(taken.returncode, 0, taken.stderr)
        database = sqlite3.connect(self.archive.folder / "records.sqlite")
        self.assertEqual(database.execute(
            "SELECT DISTINCT actor, post FROM events WHERE action = 'page_filed'").fetchall(),
            [("扫描", "scan_operator")])
        database.close()

    def test_a_name_needs_its_password(self):
        self.archive.add_user("查询", "counter_clerk")
        wrong = self.archive.by("查询", "search", "张三", password="not this one")
        self.assert_says(wrong, FORBIDDEN, "do not go together")
        self.assertEqual(self.refusals(), [("查询", '{"right":"query"}')])
        self.assert_says(self.archive.run("search", "--by", "查询", "张三"), FORBIDDEN,
                         "JUANZONG_PASSWORD_FILE")
        self.assertEqual(self.archive.by("查询", "search", "张三").returncode, 0)

    def test_an_outside_helper_needs_the_signature_of_the_office(self):
        self.archive.add_user("李工", "records_manager")
        made = self.user("add", "外包甲", "--post", "scan_operator", "--agreement", "BM-7",
                         "--until", "2099-12-31", "--password", given=PASSWORD + "\n")
        self.assertEqual(made.returncode, 0, made.stderr)
        scan = self.work / "1.bmp"
        scan.write_bytes(blank_page())
        alone = self.archive.by("外包甲", "ingest", "--no-wait", scan)
        self.assert_says(alone, FORBIDDEN, "--co-signer")
        self.assertEqual(self.archive.counts()["filed"], 0)
        password = self.work / "password"
        password.write_text(PASSWORD + "\n", encoding="utf-8")
        files = {"JUANZONG_PASSWORD_FILE": password, "JUANZONG_CO_SIGNER_PASSWORD_FILE": password}
        signed = self.archive.run("ingest", "--no-wait", scan, "--by", "外包甲", "--co-signer",
                                  "李工", environment={k: str(v) for k, v in files.items()})
        self.assertEqual(signed.returncode, 0, signed.stderr)
        self.assertEqual(self.archive.counts()["filed"], 1)
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_lists_and_mistakes(self):
        users = json.loads(self.user("list", "--json").stdout)
        self.assertEqual(len(users), 1)
        self.assertIn("administrator", users[0]["posts"])
        posts = json.loads(self.user("posts", "--json").stdout)
        self.assertIn({"post": "auditor", "zh": "稽核", "en": "auditor", "contractor": False,
                       "rights": ["monitor", "query", "audit"]}, posts)
        for arguments, words in (
                (("add", "甲", "--post", "king", "--account", "a"), "there is no post 'king'"),
                (("add", "甲", "--post", "indexer"), "an account of the system, or a password"),
                (("add", "甲", "--account", "a", "--agreement", "7"), "its last day"),
                (("add", "甲", "--account", "a", "--agreement", "7", "--until", "soon"), "no day"),
                (("change", "乙", "--give", "indexer"), "there is no user"),
                (("end", users[0]["name"]), "nobody would be left")):
            with self.subTest(words):
                self.assert_says(self.user(*arguments), USAGE, words)


if __name__ == "__main__":
    unittest.main(verbosity=2)
