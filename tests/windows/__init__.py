"""newsgen on Windows: a real Windows Python under Wine, driven from here; `make windows` runs these tests."""
