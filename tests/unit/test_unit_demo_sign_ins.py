"""The invented people's secrets are such as real people may have."""

from __future__ import annotations

import pytest

from hearback.cli import demo
from hearback.foundation.people.enums import Role


@pytest.mark.django_db
def test_a_secret_that_is_too_much_like_the_name_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["demo-coordinator", "marble-otter-lantern-quilt"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: next(drawn))
    line = demo._welcomed(Role.ANALYST, "coordinator")
    assert line.split()[1] == "marble-otter-lantern-quilt"
