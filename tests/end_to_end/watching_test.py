"""What the server watches while others work: alarms about who looks at what (R13), and the five figures
of how the office keeps its records (R36)."""

import json
import time
import unittest

from program import filed_once
from serve_test import OFFICE
from serving import Filed, Serving

WAIT_S = 20


def setUpModule():
    Filed.folder = filed_once("maternity/0001.jpg", "maternity/0003.jpg", users=OFFICE)


class Watching(Serving):
    def until(self, what, *arguments):
        """What `what` returns, as soon as it is something."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            found = what(*arguments)
            if found:
                return found
            time.sleep(0.2)
        self.fail("nothing came of it")

    def alarms(self, browser):
        return browser.get("/api/v1/alarms")["alarms"]

    def test_r13_many_refusals_are_one_alarm_until_somebody_else_sees_to_it(self):
        technician, auditor = self.browser("郑技术"), self.browser("周稽核")
        for _ in range(15):
            self.assertEqual(technician.ask("GET", "/api/v1/pages/1"), 403)
        alarm, = self.until(self.alarms, auditor)
        self.assertEqual((alarm["alarm"], alarm["who"]), ("repeated_denial", "郑技术"))
        address = f"/api/v1/alarms/{alarm['number']}/acknowledge"
        said = {"reason": "问过本人，误操作"}
        self.assertEqual(technician.ask("POST", address, said), 409, "not one's own")
        self.assertEqual(auditor.ask("POST", address, said), 403, "an auditor changes nothing")
        manager = self.browser("孙工")
        self.assertEqual(manager.ask("POST", address, {"reason": ""}), 400)
        self.assertEqual(len(self.alarms(auditor)), 1)
        self.assertEqual(manager.ask("POST", address, said), 204, manager.body)
        self.assertEqual(self.alarms(auditor), [])
        self.assertEqual(manager.ask("POST", address, said), 404)
        actions = [entry["action"] for entry in self.log()]
        self.assertEqual(actions.count("alarm_raised"), 1)
        self.assertEqual(actions.count("alarm_acknowledged"), 1)

    def test_an_alarm_outlives_the_server(self):
        technician = self.browser("郑技术")
        for _ in range(10):
            technician.ask("GET", "/api/v1/pages/1")
        self.stop()
        self.start()
        self.assertEqual(len(self.until(self.alarms, self.browser("周稽核"))), 1)

    def test_damage_that_somebody_meets_is_an_alarm(self):
        page = next(page for page in self.archive.pages() if page["layout_object"])
        self.archive.spoil(page["layout_object"])
        clerk = self.browser("吴窗口")
        self.assertEqual(clerk.ask("GET", f"/api/v1/pages/{page['page']}"), 500)
        self.assertEqual(json.loads(clerk.body)["error"]["code"], "damage")
        alarm, = self.until(self.alarms, self.browser("周稽核"))
        self.assertEqual(alarm["alarm"], "damage_met")

    def test_r36_five_figures(self):
        technician = self.browser("郑技术")
        for _ in range(3):
            technician.ask("GET", "/api/v1/pages/1")
        report, = self.said(self.archive.run("report metrics", "--json"))
        self.assertEqual(report["timeliness"]["items_approved"], 0)
        self.assertGreater(report["timeliness"]["items_waiting"], 0)
        completeness = report["completeness"]
        self.assertEqual(completeness["share"], completeness["complete"] / completeness["dossiers"])
        self.assertIsNone(report["accuracy"]["share"], "nobody settled a value yet")
        self.assertGreaterEqual(report["security"]["open_incidents"], 0)
        self.assertEqual(report["confidentiality"]["denied"], 3)
        text = self.archive.run("report metrics")
        for word in ("timeliness", "completeness", "accuracy", "security", "confidentiality"):
            self.assertIn(word, text.stdout)


if __name__ == "__main__":
    unittest.main()
