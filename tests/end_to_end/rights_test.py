"""Posts, routes and states of sessions: the whole matrix, against a running server (R4, R33, R35,
R70)."""

import unittest

from program import filed_once
from rights_matrix import Matrix, posts, routes
from serving import Filed, Serving

USERS = {post: f"user-{post}" for post in posts()}


def setUpModule():
    Filed.folder = filed_once("refund/0001.tif",
                               users=[(name, post) for post, name in USERS.items()])


class Rights(Serving):
    def end(self, name):
        ended = self.archive.run("user end", name)
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def test_every_post_every_route_every_state(self):
        matrix = Matrix(self.browser, USERS, self.end).run()
        self.assertEqual(matrix.wrong, [])
        self.assertGreater(matrix.cells, 8 * len(routes()) * len(USERS))
        # A matrix of refusals alone would prove nothing.
        self.assertGreater(matrix.statuses[200], 100)


if __name__ == "__main__":
    unittest.main()
