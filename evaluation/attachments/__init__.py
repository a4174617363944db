"""Whether the files that go with a mail reach their reader and harm nobody."""
