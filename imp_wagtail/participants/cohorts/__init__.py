"""Groups that go through something together: their members, sessions and attendance."""
