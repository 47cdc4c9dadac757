"""R9, R10, R23, R44, R50 at the command line: review, correction, retention, places and loans."""

import unittest

from program import FORBIDDEN, USAGE, EndToEnd, filed_once


OFFICE = (("李工", "indexer"), ("王工", "first_reviewer"), ("赵工", "rechecker"),
          ("钱主任", "approver"), ("孙工", "records_manager"))


class Filed:
    folder = None


def setUpModule():
    Filed.folder = filed_once("maternity/0001.jpg", "maternity/0003.jpg", users=OFFICE)


class Duties(EndToEnd):
    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(Filed.folder)

    def an_item(self):
        waiting = self.said(self.archive.run("review", "--json"))[0]
        self.assertTrue(waiting)
        return waiting[0]["dossier"], waiting[0]["item"]

    def take(self, who, step, *options):
        return self.archive.by(who, "review", *self.item, "--take", step, *options)

    def test_a_case_from_entry_to_a_correction(self):
        self.item = self.an_item()
        self.assert_says(self.take("王工", "review"), USAGE, "does not follow")
        self.assert_says(self.take("王工", "enter"), FORBIDDEN, "describe")
        for who, step, options in (("李工", "enter", ()),
                                   ("王工", "verify", ("--submitter", "一厂")),
                                   ("王工", "review", ()), ("赵工", "recheck", ()),
                                   ("钱主任", "approve", ())):
            state = self.said(self.take(who, step, *options, "--json"))[0]
        self.assertEqual((state["state"], state["verification"], state["submitter"]),
                         ("approved", "verified", "一厂"))
        self.assertEqual([step["person"] for step in state["steps"]],
                         ["李工", "王工", "王工", "赵工", "钱主任"])
        self.assertIn("已审批", self.archive.run("review", *self.item, "--lang", "zh").stdout)

        page = next(page for page in self.archive.pages() if page["item"])
        field = next(one for one in page["fields"] if one["field"] == "person_name")
        box = ("--box", "10,20,300,40")
        over = self.archive.by("李工", "value", page["page"], field["field"], "--typed", "欧阳试录",
                               *box)
        self.assert_says(over, USAGE, "propose a correction")
        proposal = ("correct", page["page"], field["field"], "--to", "欧阳试录", *box)
        self.assert_says(self.archive.by("李工", *proposal), USAGE, "needs a reason")
        self.assert_says(self.archive.by("李工", *proposal, "--reason", "身份证"), USAGE, "proves it")
        told = self.said(self.archive.by("李工", *proposal, "--reason", "身份证", "--evidence",
                                         page["page"], "--json"))[0]
        self.assertEqual((told["before"], told["after"]), (field["value"], "欧阳试录"))
        decided = self.said(self.archive.by("钱主任", "correct", "--decide", told["correction"],
                                            "--approve", "--json"))[0]
        self.assertEqual((decided["verdict"], decided["decided_by"]), ("approved", "钱主任"))
        self.assertIn(page["page"], [hit["page"] for hit in self.archive.hits("欧阳试录")])
        again = self.said(self.archive.run("review", *self.item, "--json"))[0]
        self.assertEqual((again["state"], again["changed_since"]), ("filed", True))
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_periods_only_grow_and_what_falls_due_is_a_task(self):
        dossier, item = self.an_item()
        before = self.archive.counts()
        listed = self.said(self.archive.run("retention list", "--json", "--dossier", dossier))
        self.assertTrue(listed)
        shorter = self.archive.by("钱主任", "retention change", dossier, item, "--to", "D10",
                                  "--reason", "r", "--report", "JD-1")
        self.assert_says(shorter, USAGE, "only ever made longer")
        self.said(self.archive.by("钱主任", "retention change", dossier, item, "--to", "Y",
                                  "--reason", "r", "--report", "JD-1", "--json"))
        self.said(self.archive.by("孙工", "retention appraise", "--on", "2199-12-31", "--json"))
        tasks = self.said(self.archive.run("retention list", "--tasks", "--json"))
        self.assertNotIn((dossier, item), [(task["dossier"], task["item"]) for task in tasks])
        self.assertEqual(self.archive.counts(), before)
        if tasks:
            number = tasks[0]["appraisal"]
            self.said(self.archive.by("孙工", "retention appraise", "--close", number,
                                      "--outcome", "disposal", "--reason", "r", "--json"))
            made = self.said(self.archive.by("孙工", "disposal", "--make", number, "--reason", "r",
                                             "--json"))
            self.assertEqual(made[0]["hindrance"], "nobody has approved it")
            approved = self.said(self.archive.by("钱主任", "disposal", "--approve", made[0]["list"],
                                                 "--json"))
            self.assertIn("the time of waiting", approved[0]["hindrance"])
            held = self.said(self.archive.by("孙工", "hold", tasks[0]["dossier"], "--reason", "r",
                                             "--basis", "法", "--json"))
            self.assertEqual(held[0]["set_by"], "孙工")
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_paper_has_a_place_and_loans_come_back(self):
        dossier, _ = self.an_item()
        self.assertTrue(self.said(self.archive.run("place", "--json")))
        placed = self.said(self.archive.by("孙工", "place", dossier, "--room", "一号库", "--box", "7",
                                           "--json"))
        self.assertEqual((placed[0]["room"], placed[0]["box"]), ("一号库", "7"))
        self.assertNotIn(dossier, [gap["dossier"] for gap in self.said(
            self.archive.run("place", "--json"))])
        lent = self.said(self.archive.by("孙工", "loan", dossier, "--to", "王五", "--due",
                                         "2099-12-31", "--reason", "核对", "--json"))
        self.assertFalse(lent[0]["overdue"])
        self.assert_says(self.archive.by("孙工", "loan", dossier, "--to", "王五", "--due",
                                         "2099-12-31", "--reason", "核对"), USAGE, "out already")
        self.assertEqual(self.said(self.archive.by("孙工", "loan", "--returned", lent[0]["loan"],
                                                   "--json")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
