"""What the service says of itself is shown once."""

from __future__ import annotations

import pytest

from specfile.cli.messages import Notices
from specfile.heygen import Notice


def test_a_notice_is_shown_once_however_many_connections_hear_it(capsys: pytest.CaptureFixture[str]) -> None:
    notices = Notices()
    for text in ("it ends", "it ends", "it moves", "it ends"):
        notices(Notice(text=text))
    assert capsys.readouterr().err == "the service says: it ends\nthe service says: it moves\n"
